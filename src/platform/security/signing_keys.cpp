#include <algorithm>
#include <mutex>
#include <sstream>
#include <stdexcept>

#include <sodium.h>

#include "platform/base/random.hpp"
#include "platform/json/json.hpp"
#include "platform/security/access_claims.hpp"
#include "platform/security/access_token.hpp"
#include "platform/security/crypto.hpp"
#include "platform/security/key_file.hpp"
#include "platform/security/sodium.hpp"

namespace oficio::security {
namespace {

// When a new key signs: those who verify fetch the published ones more often than this.
constexpr auto lead = std::chrono::minutes(1);
// How long a key verifies after its last signature: a token's life, and clocks that differ.
constexpr auto overlap = std::chrono::minutes(16);
constexpr std::size_t max_keys = 16;

struct key_pair {
  std::string seed;
  std::string secret;  // as libsodium keeps it: seed and public key
  std::string x;       // the public key, base64url
  std::string kid;
  std::string header;  // of its tokens, base64url
  time_point from;
  time_point until = time_point::max();

  explicit key_pair(std::string from_seed)
      : seed(std::move(from_seed)), secret(crypto_sign_SECRETKEYBYTES, '\0') {
    std::string open(crypto_sign_PUBLICKEYBYTES, '\0');
    crypto_sign_seed_keypair(bytes_of(open), bytes_of(secret), bytes_of(std::string_view(seed)));
    x = base64url(open);
    // The thumbprint of RFC 7638: the same key has the same name everywhere.
    kid = base64url(sha256(R"({"crv":"Ed25519","kty":"OKP","x":")" + x + R"("})"));
    header = base64url(json::to_text(token_header{"EdDSA", "JWT", kid}));
  }
};

using key_list = std::vector<key_pair>;

[[noreturn]] void refuse_line() {
  throw std::runtime_error(
      "signing keys: every line must be one key of 64 hexadecimal digits, perhaps followed by "
      "from=TIME and until=TIME");
}

void read_time(std::string_view word, key_pair& to) {
  auto equals = word.find('=');
  auto at = equals == std::string_view::npos ? std::nullopt : parse_time(word.substr(equals + 1));
  auto name = word.substr(0, equals);
  if (!at || (name != "from" && name != "until")) refuse_line();
  (name == "from" ? to.from : to.until) = *at;
}

key_list read_keys(const std::string& text) {
  key_list keys;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word;
    if (!(words >> word)) continue;
    auto seed = from_hex_line(word);
    if (!seed || seed->size() != crypto_sign_SEEDBYTES) refuse_line();
    auto& key = keys.emplace_back(*std::move(seed));
    while (words >> word) read_time(word, key);
  }
  if (keys.empty()) throw std::runtime_error("signing keys: there is none");
  if (keys.size() > max_keys) throw std::runtime_error("signing keys: there are too many");
  return keys;
}

std::string write_keys(const key_list& keys) {
  std::string text;
  for (const auto& key : keys) {
    text += to_hex(key.seed);
    if (key.from != time_point{}) text += " from=" + format_time(key.from);
    if (key.until != time_point::max()) text += " until=" + format_time(key.until);
    text += "\n";
  }
  return text;
}

// The newest that may sign; where several are equally new, the first.
const key_pair& signer_at(const key_list& keys, time_point now) {
  const key_pair* best = nullptr;
  for (const auto& key : keys) {
    if (key.from <= now && key.until > now && (!best || key.from > best->from)) best = &key;
  }
  // Keys of which none may sign are a clock's mistake rather than anybody's wish.
  return best ? *best : keys.front();
}

std::int64_t seconds(time_point t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}

}  // namespace

struct signing_keys::state {
  mutable std::mutex guard;
  std::string text;                      // under guard
  std::shared_ptr<const key_list> keys;  // under guard

  std::shared_ptr<const key_list> now() const {
    std::lock_guard lock(guard);
    return keys;
  }
};

signing_keys::signing_keys() : state_(std::make_unique<state>()) {
  require_sodium();
  state_->keys = std::make_shared<const key_list>();
}
signing_keys::signing_keys(const std::string& text) : signing_keys() {
  replace(text);
}
signing_keys::~signing_keys() = default;
signing_keys::signing_keys(signing_keys&&) noexcept = default;

std::string signing_keys::make_text() {
  return random_hex(crypto_sign_SEEDBYTES) + "\n";
}

bool signing_keys::replace(const std::string& text) {
  auto keys = std::make_shared<const key_list>(read_keys(text));
  std::lock_guard lock(state_->guard);
  if (text == state_->text) return false;
  state_->text = text;
  state_->keys = std::move(keys);
  return true;
}

std::string signing_keys::sign(const access_claims& claims) const {
  if (!is_person(claims.who)) {
    throw std::invalid_argument("the program's own identities cannot have an access token");
  }
  auto keys = state_->now();
  if (keys->empty()) throw std::logic_error("there is no key to sign with yet");
  const auto& key = signer_at(*keys, claims.issued_at);
  const identity& who = claims.who;
  std::string text =
      key.header + "." +
      base64url(json::to_text(token_claims{std::string(token_issuer), std::string(token_audience),
                                           who.sub, who.username, who.roles, who.sid, who.locale,
                                           who.country, who.email_verified,
                                           seconds(claims.issued_at), seconds(claims.expires_at)}));
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(bytes_of(signature), nullptr, bytes_of(std::string_view(text)), text.size(),
                       bytes_of(std::string_view(key.secret)));
  return text + "." + base64url(signature);
}

boost::json::object signing_keys::jwks(time_point now) const {
  boost::json::array listed;
  auto keys = state_->now();
  for (const auto& key : *keys) {
    // The last one stays, whatever the clock says: without any nobody could sign in.
    if (key.until <= now && &key != &signer_at(*keys, now)) continue;
    listed.push_back(boost::json::object{{"kty", "OKP"},
                                         {"crv", "Ed25519"},
                                         {"kid", key.kid},
                                         {"x", key.x},
                                         {"alg", "EdDSA"},
                                         {"use", "sig"}});
  }
  return {{"keys", std::move(listed)}};
}

rotated_keys rotate_signing_keys(const std::string& text, time_point now) {
  require_sodium();
  auto keys = read_keys(text);
  std::erase_if(keys, [now](const key_pair& key) { return key.until <= now; });
  if (keys.size() + 1 > max_keys) {
    throw std::runtime_error("signing keys: too many were made in a short time; wait " +
                             std::to_string(overlap.count()) + " minutes");
  }
  key_pair next(random_bytes(crypto_sign_SEEDBYTES));
  next.from = now + lead;
  key_rotation done{next.kid, keys.empty() ? std::string() : signer_at(keys, now).kid, next.from,
                    next.from + overlap};
  for (auto& key : keys) key.until = std::min(key.until, done.old_until);
  keys.insert(keys.begin(), std::move(next));
  return {write_keys(keys), std::move(done)};
}

}  // namespace oficio::security
