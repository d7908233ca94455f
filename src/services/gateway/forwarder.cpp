#include "services/gateway/forwarder.hpp"

#include <algorithm>
#include <array>

#include "platform/json/json.hpp"
#include "platform/security/attempt_guard.hpp"
#include "services/gateway/answers.hpp"
#include "services/gateway/auth_calls.hpp"

namespace oficio::gateway {
namespace {

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
  return http::equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// What a client must not be able to say to a service, or what is between client and gateway alone.
bool stays_outside(std::string_view name) {
  constexpr std::array<std::string_view, 6> names{"authorization", "cookie",    "x-csrf-token",
                                                  "forwarded",     "x-real-ip", "via"};
  return http::is_hop_by_hop(name) || starts_ignoring_case(name, "X-Oficio-") ||
         starts_ignoring_case(name, "X-Forwarded-") ||
         std::ranges::any_of(names, [&](auto n) { return http::equal_ignoring_case(n, name); });
}

// Fields that `Connection` names are hop-by-hop, too.
bool is_named_by_connection(const http::headers& all, std::string_view name) {
  std::string_view list = all.get("Connection");
  while (!list.empty()) {
    auto end = std::min(list.find(','), list.size());
    auto one = list.substr(0, end);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (http::equal_ignoring_case(one, name)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

// The path without /api/v1, written anew from its decoded segments, so that the service cannot read
// it in another way than the table did.
std::string target_below_prefix(const http::request& r) {
  std::string target;
  for (std::size_t i = 2; i < r.path.size(); ++i) target += "/" + http::encode_segment(r.path[i]);
  auto query = r.target.find('?');
  if (query != std::string::npos) target += r.target.substr(query);
  return target;
}

bool is_for_operators(const route& by) {
  return by.path.starts_with("/ops/");
}

result<void> check_operator(const identity& who) {
  if (who.has_role("operator")) return {};
  if (who.is_visitor()) return error{errc::unauthorized, "not_signed_in", "Sign in to do this."};
  return error{errc::forbidden, "operators_only", "This is for the market's operators."};
}

error unknown_file() {
  return not_found("The file");
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> file_owners{
    {{"gig", "gigs"}, {"avatar", "users"}, {"chat", "chat"}, {"order", "orders"}}};

std::optional<std::string> owner_of(std::string_view purpose) {
  for (const auto& [name, service] : file_owners) {
    if (name == purpose) return std::string(service);
  }
  return std::nullopt;
}

}  // namespace

forwarder::forwarder(const hosting::environment& env, const security::identity_tokens& identities,
                     upstreams to, const options& o)
    : identities_(identities),
      to_(std::move(to)),
      options_(o),
      sessions_(env.clock, identities,
                to_.by_service.contains("auth") ? to_.by_service.at("auth") : nullptr, env.log),
      limits_(o, env.clock, env.metrics),
      figures_(env.metrics) {}

awaitable<result<void>> forwarder::admit(http::request& r, const route& by) {
  CO_TRY_VOID(limits_.take_for_address(r, by));
  CO_TRY(auto from, co_await identify(r, by.how));
  if (from.by == proof::cookie && is_changing(r.method)) {
    CO_TRY_VOID(check_csrf(identities_, r, from.who.sid));
  }
  if (!from.who.is_visitor()) CO_TRY_VOID(limits_.take_for_account(from.who.sub));
  r.ctx.who = std::move(from.who);
  if (is_for_operators(by)) CO_TRY_VOID(check_operator(r.ctx.who));
  co_return result<void>{};
}

awaitable<result<http::response>> forwarder::ask_internally(const context& ctx, std::string service,
                                                            http::method m, std::string target) {
  CO_TRY(auto* to, upstream_for(service));
  http::request r;
  r.method = m;
  r.target = std::move(target);
  co_return co_await ask_instance(ctx, std::move(service), *to, std::move(r));
}

awaitable<result<http::response>> forwarder::ask_instance(const context& ctx, std::string service,
                                                          http::upstream& of, http::request r) {
  r.ctx = ctx;
  r.ctx.who = {.sub = "gateway", .username = "gateway", .roles = {"gateway"}};
  r.headers.set(security::identity_header, identities_.issue(r.ctx.who, service));
  co_return co_await call(std::move(service), of, r);
}

awaitable<result<http::response>> forwarder::call_for(std::string service, http::request r) {
  CO_TRY_VOID(limits_.take_for_account(r.ctx.who.sub));
  CO_TRY(auto* to, upstream_for(service));
  r.headers.set("X-Forwarded-For", r.remote_address);
  r.headers.set(security::identity_header, identities_.issue(r.ctx.who, service));
  co_return co_await call(service, *to, r);
}

awaitable<result<http::response>> forwarder::follow(const context& ctx, std::string service,
                                                    http::request r) {
  CO_TRY(auto* to, upstream_for(service));
  r.ctx = ctx;
  r.ctx.who = {.sub = "gateway", .username = "gateway", .roles = {"gateway"}};
  r.headers.set(security::identity_header, identities_.issue(r.ctx.who, service));
  co_return co_await to->follow(r);
}

awaitable<result<http::response>> forwarder::forward(http::request& r, const route& by) {
  CO_TRY_VOID(co_await admit(r, by));
  CO_TRY(auto service, service_for(r, by));
  CO_TRY(auto* to, upstream_for(service));
  auto out = outgoing(r, service);
  CO_TRY(bool refreshed_by_cookie, add_from_cookies(by.how, r, out));
  CO_TRY(auto answer, co_await fetch(service, *to, out, by));
  keep_cookies(by.how, identities_, refreshed_by_cookie, options_.secure_cookies, answer);
  note_ended(by.how, r, answer, sessions_);
  // If auth cannot be asked this time, whoever follows it will learn a few seconds later.
  if (ended_unnamed(by.how, answer)) co_await sessions_.catch_up();
  co_return answer;
}

awaitable<result<http::response>> forwarder::forward_plain(http::request& r,
                                                           std::string_view service,
                                                           std::string target) {
  CO_TRY(auto* to, upstream_for(service));
  auto out = outgoing(r, service);
  out.target = std::move(target);
  co_return co_await call(service, *to, out);
}

awaitable<result<http::response>> forwarder::fetch(std::string_view service, http::upstream& to,
                                                   http::request& r, const route& by) {
  bool may_be_large = by.how == treatment::download && r.method == http::method::get &&
                      (service == "chat" || service == "orders");
  auto place = may_be_large ? downloads_.begin() : nullptr;
  if (!place) co_return co_await call(service, to, r);
  auto began = std::chrono::steady_clock::now();
  auto answer = co_await to.follow(r);
  figures_.answered(service, answer, std::chrono::steady_clock::now() - began);
  if (answer && answer->stream) answer->stream = downloads::holding(place, answer->stream);
  co_return answer;
}

awaitable<result<http::response>> forwarder::call(std::string_view service, http::upstream& to,
                                                  http::request& r) {
  auto began = std::chrono::steady_clock::now();
  auto answer = co_await to.send(r);
  figures_.answered(service, answer, std::chrono::steady_clock::now() - began);
  co_return answer;
}

// Whoever opens a session is nobody yet: an old token that a client still sends along must not
// stand in the way of getting a new one. Nor may a cookie, and the proof against forgery that goes
// with it, be asked of a form or mail program that brings a proof of its own.
awaitable<result<caller>> forwarder::identify(http::request& r, treatment how) {
  if (how == treatment::opens || how == treatment::signs_in || how == treatment::refreshes ||
      how == treatment::proves) {
    co_return caller{};
  }
  co_return co_await sessions_.identify(r);
}

result<std::string> forwarder::service_for(const http::request& r, const route& by) const {
  if (by.how == treatment::upload) {
    if (auto owner = owner_of(r.query_param("for").value_or(""))) return *owner;
    return invalid({{"?for", "choice", "must be one of: gig, avatar, chat, order"}});
  }
  if (by.how == treatment::download) {
    const auto& id = r.param("id");
    if (auto owner = owner_of(std::string_view(id).substr(0, id.find_first_of("-_"))))
      return *owner;
    return unknown_file();
  }
  return std::string(by.service);
}

result<http::upstream*> forwarder::upstream_for(std::string_view service) const {
  auto found = to_.by_service.find(std::string(service));
  if (found != to_.by_service.end() && found->second) return found->second;
  return error{errc::unavailable, "service_unavailable",
               "The service " + std::string(service) + " is not running here."};
}

http::request forwarder::outgoing(http::request& r, std::string_view service) const {
  http::request out;
  out.method = r.method;
  out.target = target_below_prefix(r);
  for (const auto& [name, value] : r.headers) {
    if (stays_outside(name) || is_named_by_connection(r.headers, name)) continue;
    bool is_condition = http::equal_ignoring_case(name, "If-Match");
    out.headers.add(name, is_condition ? revision_tag(value) : value);
  }
  out.headers.set("X-Forwarded-For", r.remote_address);
  if (!r.ctx.who.is_visitor()) {
    out.headers.set(security::identity_header, identities_.issue(r.ctx.who, service));
  }
  out.body = std::move(r.body);  // it may be large, and nobody asks for it any more
  out.remote_address = r.remote_address;
  out.ctx = r.ctx;
  return out;
}

}  // namespace oficio::gateway
