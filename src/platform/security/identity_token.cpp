#include "platform/security/identity_token.hpp"

#include <stdexcept>

#include "platform/json/json.hpp"
#include "platform/security/crypto.hpp"

namespace oficio::security {
namespace {

constexpr auto lifetime = std::chrono::seconds(30);
constexpr std::size_t max_token = 8 * 1024;
constexpr std::size_t min_key = 32;

// What is signed, as it is written; the names are short because every request carries them.
struct payload {
  std::string sub;
  std::string usr;
  std::vector<std::string> rol;
  std::string sid;
  std::string loc;
  std::string cty;
  bool ver = false;
  std::string aud;
  std::int64_t exp = 0;  // milliseconds since 1970
};
BOOST_DESCRIBE_STRUCT(payload, (), (sub, usr, rol, sid, loc, cty, ver, aud, exp))

std::string mac_of(std::string_view key, std::string_view body) {
  return hmac_sha256(key, "identity\n" + std::string(body));
}

std::string proof_of(std::string_view key, std::string_view purpose, std::string_view text) {
  return base64url(hmac_sha256(key, "proof\n" + std::string(purpose) + "\n" + std::string(text)));
}

error refused() {
  return {errc::unauthorized, "invalid_identity", "The identity of the request does not hold."};
}

}  // namespace

identity_tokens::identity_tokens(std::vector<std::string> keys, const wall_clock& clock)
    : keys_(std::move(keys)), clock_(clock) {
  if (keys_.empty()) throw std::invalid_argument("identity tokens need a key");
  for (const auto& key : keys_) {
    if (key.size() < min_key) {
      throw std::invalid_argument("an identity key must have at least 32 bytes");
    }
  }
}

std::string identity_tokens::issue(const identity& who, std::string_view audience) const {
  if (who.is_system()) throw std::invalid_argument("the program's own identity cannot be sent");
  auto expires = (clock_.now() + lifetime).time_since_epoch().count();
  std::string body = base64url(
      json::to_text(payload{who.sub, who.username, who.roles, who.sid, who.locale, who.country,
                            who.email_verified, std::string(audience), expires}));
  return body + "." + base64url(mac_of(keys_.front(), body));
}

result<identity> identity_tokens::verify(std::string_view token, std::string_view audience) const {
  auto dot = token.find('.');
  if (token.size() > max_token || dot == std::string_view::npos) return refused();
  std::string_view body = token.substr(0, dot);
  auto mac = from_base64url(token.substr(dot + 1));
  if (!mac) return refused();
  bool genuine = false;
  for (const auto& key : keys_) {
    genuine = equal_in_constant_time(*mac, mac_of(key, body)) || genuine;
  }
  if (!genuine) return refused();

  auto text = from_base64url(body);
  if (!text) return refused();
  auto parsed = json::parse(*text);
  if (!parsed.has_value()) return refused();
  auto read = json::from_stored<payload>(*parsed);
  if (!read.has_value()) return refused();
  payload& p = *read;
  if (p.aud != audience || p.exp <= clock_.now().time_since_epoch().count()) return refused();
  identity who{.sub = std::move(p.sub),
               .username = std::move(p.usr),
               .roles = std::move(p.rol),
               .sid = std::move(p.sid),
               .locale = std::move(p.loc),
               .country = std::move(p.cty),
               .email_verified = p.ver};
  if (who.is_system()) return refused();
  return who;
}

std::string identity_tokens::proof(std::string_view purpose, std::string_view text) const {
  return proof_of(keys_.front(), purpose, text);
}

bool identity_tokens::is_proof(std::string_view purpose, std::string_view text,
                               std::string_view proof) const {
  bool genuine = false;
  for (const auto& key : keys_) {
    genuine = equal_in_constant_time(proof, proof_of(key, purpose, text)) || genuine;
  }
  return genuine;
}

}  // namespace oficio::security
