#include "drivers/smtp/server.hpp"

#include <utility>

namespace oficio::smtp {
namespace {

encryption read_encryption(const config::server_address& address) {
  auto word = address.option("tls", address.user.empty() ? "opportunistic" : "required");
  if (word == "true" || word == "required") return encryption::starttls;
  if (word == "false") return encryption::none;
  if (word != "opportunistic") {
    address.refuse("tls must be true, required, opportunistic or false, not \"" + word + "\"");
  }
  if (!address.user.empty()) {
    address.refuse(
        "tls=opportunistic would show the password to whoever takes STARTTLS out of the talk; use "
        "tls=required, or tls=false in a network that you trust");
  }
  return encryption::if_offered;
}

// The options that all servers share know true and false alone.
config::server_tls read_trust(config::server_address address, encryption by) {
  address.options["tls"] = by == encryption::none ? "false" : "true";
  auto tls = config::read_server_tls(address, by == encryption::tls);
  // What is taken only when it is offered keeps nobody out who can speak for the server; asking for
  // a certificate that holds would only keep mail back.
  bool asked = !tls.ca_file.empty() || address.options.contains("verify");
  if (by == encryption::if_offered && !asked) tls.verify = false;
  return tls;
}

}  // namespace

server read_server(const config::server_address& address, mail::sender from) {
  bool always = address.scheme == "smtps";
  if (!always && address.scheme != "smtp") {
    address.refuse("\"" + address.scheme + "://\" is no mail server; use smtp:// or smtps://");
  }
  address.allow_options({"tls", "ca", "certificate", "key", "verify", "from", "connections"});
  if (address.hosts.size() != 1) address.refuse("must name one mail server");
  if (!address.path.empty()) address.refuse("has a path; a mail server has none");
  if (address.user.empty() != address.password.empty()) {
    address.refuse("must have a user with a password, or neither");
  }
  if (always && address.option("tls", "true") != "true") {
    address.refuse("tls=" + address.option("tls") + " makes no sense with smtps://");
  }
  from.address = address.option("from", from.address);
  if (!mail::is_mailbox(from.address)) {
    address.refuse("from: \"" + from.address + "\" is no address of a mailbox");
  }
  const auto& at = address.hosts.front();
  auto by = always ? encryption::tls : read_encryption(address);
  std::uint16_t usual = always ? 465 : 587;
  return {.host = at.host,
          .port = at.port == 0 ? usual : at.port,
          .user = address.user,
          .password = address.password,
          .by = by,
          .tls = read_trust(address, by),
          .from = std::move(from),
          .connections = static_cast<std::size_t>(address.number("connections", 4, 1, 32))};
}

}  // namespace oficio::smtp
