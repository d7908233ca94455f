#include "drivers/mongodb/address.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

namespace oficio::mongodb {
namespace {

using config::server_address;

// MongoDB's options that are handed to libmongoc as they are.
constexpr std::array<std::string_view, 15> handed_on = {"appName",
                                                        "authMechanism",
                                                        "authMechanismProperties",
                                                        "authSource",
                                                        "compressors",
                                                        "connectTimeoutMS",
                                                        "directConnection",
                                                        "heartbeatFrequencyMS",
                                                        "loadBalanced",
                                                        "localThresholdMS",
                                                        "replicaSet",
                                                        "retryWrites",
                                                        "serverSelectionTimeoutMS",
                                                        "srvServiceName",
                                                        "zlibCompressionLevel"};
// Ours; MongoDB's names for the same are translated into them.
constexpr std::array<std::string_view, 6> own = {"tls", "ca",     "certificate",
                                                 "key", "verify", "pool"};
constexpr std::array<std::string_view, 7> translated = {"ssl",
                                                        "tlsCAFile",
                                                        "tlsCertificateKeyFile",
                                                        "tlsCertificateKeyFilePassword",
                                                        "tlsInsecure",
                                                        "tlsAllowInvalidCertificates",
                                                        "tlsAllowInvalidHostnames"};
// What the marketplace relies on, and nobody may choose otherwise.
constexpr std::array<std::string_view, 10> fixed = {
    "w",    "wTimeoutMS", "journal",    "readPreference",      "readPreferenceTags",
    "safe", "slaveOk",    "retryReads", "maxStalenessSeconds", "readConcernLevel"};

// libmongoc is set up once, and cleaned up after everything that uses it.
void start_library() {
  struct library {
    library() {
      mongoc_init();
      // It would write to standard error; what matters of it comes back as errors.
      mongoc_log_set_handler(nullptr, nullptr);
    }
    ~library() { mongoc_cleanup(); }
  };
  static library once;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

template <std::size_t N>
const std::string_view* known_as(const std::array<std::string_view, N>& names,
                                 std::string_view name) {
  auto found = std::ranges::find_if(names, [&](auto n) { return same_name(n, name); });
  return found == names.end() ? nullptr : &*found;
}

[[noreturn]] void refuse_option(const server_address& address, const std::string& name) {
  std::string list = "password_file";
  for (auto n : own) list += ", " + std::string(n);
  for (auto n : handed_on) list += ", " + std::string(n);
  for (auto n : translated) list += ", " + std::string(n);
  address.refuse("has no option \"" + name + "\"; there are: " + list);
}

// The address with each option under the one name that it has here: MongoDB's are written in any
// case.
server_address with_our_names(const server_address& address) {
  server_address out = address;
  out.options.clear();
  auto take = [&](const std::string& name, const std::string& value) {
    if (!out.options.emplace(name, value).second) {
      address.refuse("says \"" + name + "\" twice, by two names of one option");
    }
  };
  for (const auto& [name, value] : address.options) {
    if (name == "password_file") continue;
    if (known_as(fixed, name)) {
      address.refuse(
          "\"" + name +
          "\" cannot be chosen: writes are confirmed by a majority, reads ask the primary");
    }
    if (const auto* as = known_as(handed_on, name)) {
      take(std::string(*as), value);
    } else if (const auto* ours = known_as(own, name)) {
      take(std::string(*ours), value);
    } else if (same_name(name, "ssl")) {
      take("tls", value);
    } else if (same_name(name, "maxPoolSize")) {
      take("pool", value);
    } else if (same_name(name, "tlsCAFile")) {
      take("ca", value);
    } else if (same_name(name, "tlsCertificateKeyFile")) {
      take("certificate", value);
      take("key", value);
    } else if (const auto* tls = known_as(translated, name)) {
      take(std::string(*tls), value);
    } else {
      refuse_option(address, name);
    }
  }
  return out;
}

std::string encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || c == '-' || c == '_' || c == '.') {
      out += c;
    } else {
      out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return out;
}

void check_database(const server_address& address) {
  if (address.path.empty()) {
    address.refuse("names no database, as in mongodb://HOST/oficio_orders");
  }
  if (address.path.size() > 63 ||
      address.path.find_first_of("/\\. \"$*<>:|?") != std::string::npos) {
    address.refuse("\"" + address.path + "\" is no name of a database");
  }
}

std::string uri_text(const server_address& address) {
  std::string out = address.scheme + "://";
  for (std::size_t i = 0; i < address.hosts.size(); ++i) {
    const auto& h = address.hosts[i];
    if (h.host.find_first_of("%/@?") != std::string::npos) {
      address.refuse("\"" + h.host + "\" is no host (a socket file cannot be used)");
    }
    if (i > 0) out += ",";
    out += h.host.find(':') != std::string::npos ? "[" + h.host + "]" : h.host;
    if (h.port != 0) out += ":" + std::to_string(h.port);
  }
  out += "/" + encoded(address.path) + "?";
  for (auto name : handed_on) {
    auto value = address.option(std::string(name));
    if (!value.empty()) out += std::string(name) + "=" + encoded(value) + "&";
  }
  out.pop_back();
  return out;
}

void set_default(mongoc_uri_t* uri, const char* option, std::int32_t value) {
  if (!mongoc_uri_has_option(uri, option)) mongoc_uri_set_option_as_int32(uri, option, value);
}

uri_pointer make_uri(const server_address& address, bool tls) {
  bson_error_t why;
  uri_pointer uri(mongoc_uri_new_with_error(uri_text(address).c_str(), &why));
  if (!uri) address.refuse(why.message);
  if (!address.user.empty() && (!mongoc_uri_set_username(uri.get(), address.user.c_str()) ||
                                !mongoc_uri_set_password(uri.get(), address.password.c_str()))) {
    address.refuse("has a user or a password that is no UTF-8");
  }
  mongoc_uri_set_option_as_bool(uri.get(), MONGOC_URI_TLS, tls);
  if (!mongoc_uri_get_appname(uri.get())) mongoc_uri_set_appname(uri.get(), "oficio");
  // Calls end by their own deadlines; these are for what nobody waits for, and for how soon a
  // server that came back is noticed.
  set_default(uri.get(), MONGOC_URI_HEARTBEATFREQUENCYMS, 1'000);
  set_default(uri.get(), MONGOC_URI_CONNECTTIMEOUTMS, 3'000);
  set_default(uri.get(), MONGOC_URI_SERVERSELECTIONTIMEOUTMS, 1'000);
  set_default(uri.get(), MONGOC_URI_SOCKETTIMEOUTMS, 60'000);
  return uri;
}

std::string content_of(const server_address& address, const std::string& option) {
  std::ifstream in(address.option(option), std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in || text.empty())
    address.refuse(option + ": " + address.option(option) + " cannot be read");
  return text;
}

}  // namespace

tls_options::tls_options(const server_address& address, const config::server_tls& tls,
                         std::string key_password, bool any_host)
    : on_(tls.on),
      verify_(tls.verify),
      any_host_(any_host),
      ca_file_(tls.ca_file),
      pem_file_(tls.certificate_file),
      key_password_(std::move(key_password)) {
  if (tls.certificate_file == tls.key_file) return;
  auto both = content_of(address, "key") + "\n" + content_of(address, "certificate");
  joined_ = memfd_create("oficio-mongodb", MFD_CLOEXEC);
  if (joined_ < 0 ||
      write(joined_, both.data(), both.size()) != static_cast<ssize_t>(both.size())) {
    address.refuse("certificate and key cannot be held in memory");
  }
  pem_file_ = "/proc/self/fd/" + std::to_string(joined_);
}

tls_options::~tls_options() {
  if (joined_ >= 0) close(joined_);
}

mongoc_ssl_opt_t tls_options::options() const {
  mongoc_ssl_opt_t out = *mongoc_ssl_opt_get_default();
  auto text = [](const std::string& s) { return s.empty() ? nullptr : s.c_str(); };
  out.ca_file = text(ca_file_);
  out.pem_file = text(pem_file_);
  out.pem_pwd = text(key_password_);
  out.weak_cert_validation = !verify_;
  out.allow_invalid_hostname = any_host_ || !verify_;
  return out;
}

server_options read_options(const server_address& address) {
  if (address.scheme != "mongodb" && address.scheme != "mongodb+srv") {
    address.refuse("\"" + address.scheme + "://\" is no MongoDB; use mongodb:// or mongodb+srv://");
  }
  check_database(address);
  auto named = with_our_names(address);
  bool insecure = named.flag("tlsInsecure", false);
  bool any_certificate = named.flag("tlsAllowInvalidCertificates", insecure);
  bool any_host = named.flag("tlsAllowInvalidHostnames", insecure);
  if (any_certificate) named.options.emplace("verify", "false");
  if (named.scheme == "mongodb+srv") named.options.emplace("tls", "true");
  bool says_tls = false;
  for (const char* o : {"ca", "certificate", "tlsInsecure", "tlsAllowInvalidHostnames"}) {
    says_tls = says_tls || named.options.contains(o);
  }
  if (says_tls && !named.options.contains("tls")) {
    address.refuse("options of TLS make no sense without tls=true");
  }
  auto tls = config::read_server_tls(named, false);

  server_options out;
  out.pool = static_cast<std::size_t>(named.number("pool", 16, 1, 1'000));
  out.database = named.path;
  out.tls = std::make_unique<tls_options>(named, tls, named.option("tlsCertificateKeyFilePassword"),
                                          any_host);
  start_library();
  out.uri = make_uri(named, tls.on);
  out.address = address;
  return out;
}

}  // namespace oficio::mongodb
