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

struct key_pair {
  std::string secret;  // as libsodium keeps it: seed and public key
  std::string x;       // the public key, base64url
  std::string kid;

  explicit key_pair(std::string_view seed) : secret(crypto_sign_SECRETKEYBYTES, '\0') {
    std::string open(crypto_sign_PUBLICKEYBYTES, '\0');
    crypto_sign_seed_keypair(bytes_of(open), bytes_of(secret), bytes_of(seed));
    x = base64url(open);
    // The thumbprint of RFC 7638: the same key has the same name everywhere.
    kid = base64url(sha256(R"({"crv":"Ed25519","kty":"OKP","x":")" + x + R"("})"));
  }
};

std::vector<key_pair> read_keys(const std::string& path, std::string_view text) {
  std::vector<key_pair> keys;
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size() - 1);
    std::string_view line = text.substr(0, end + 1);
    text.remove_prefix(end + 1);
    auto seed = from_hex_line(line);
    if (seed && seed->empty()) continue;
    if (!seed || seed->size() != crypto_sign_SEEDBYTES) {
      throw std::runtime_error(path + ": every line must be one key of 64 hexadecimal digits");
    }
    keys.emplace_back(*seed);
  }
  if (keys.empty()) throw std::runtime_error(path + ": holds no key");
  return keys;
}

std::int64_t seconds(time_point t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}

}  // namespace

struct signing_keys::state {
  std::vector<key_pair> keys;
  std::string header;
};

signing_keys::signing_keys(std::unique_ptr<state> s) : state_(std::move(s)) {}
signing_keys::~signing_keys() = default;
signing_keys::signing_keys(signing_keys&&) noexcept = default;

signing_keys signing_keys::load_or_create(const std::string& path) {
  require_sodium();
  std::string text =
      load_or_create_private_file(path, [] { return random_hex(crypto_sign_SEEDBYTES) + "\n"; });
  auto s = std::make_unique<state>();
  s->keys = read_keys(path, text);
  s->header = base64url(json::to_text(token_header{"EdDSA", "JWT", s->keys.front().kid}));
  return signing_keys(std::move(s));
}

std::string signing_keys::sign(const access_claims& claims) const {
  if (!is_person(claims.who)) {
    throw std::invalid_argument("the program's own identities cannot have an access token");
  }
  const identity& who = claims.who;
  std::string text =
      state_->header + "." +
      base64url(json::to_text(token_claims{std::string(token_issuer), std::string(token_audience),
                                           who.sub, who.username, who.roles, who.sid, who.locale,
                                           who.country, who.email_verified,
                                           seconds(claims.issued_at), seconds(claims.expires_at)}));
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(bytes_of(signature), nullptr, bytes_of(std::string_view(text)), text.size(),
                       bytes_of(std::string_view(state_->keys.front().secret)));
  return text + "." + base64url(signature);
}

boost::json::object signing_keys::jwks() const {
  boost::json::array keys;
  for (const auto& key : state_->keys) {
    keys.push_back(boost::json::object{{"kty", "OKP"},
                                       {"crv", "Ed25519"},
                                       {"kid", key.kid},
                                       {"x", key.x},
                                       {"alg", "EdDSA"},
                                       {"use", "sig"}});
  }
  return {{"keys", std::move(keys)}};
}

}  // namespace oficio::security
