#include "platform/security/access_token.hpp"

#include <list>
#include <map>
#include <mutex>
#include <unordered_map>

#include <sodium.h>

#include "platform/json/json.hpp"
#include "platform/security/access_claims.hpp"
#include "platform/security/crypto.hpp"
#include "platform/security/sodium.hpp"

namespace oficio::security {
namespace {

constexpr std::size_t max_token = 8 * 1024;
constexpr std::size_t max_keys = 32;
// Times beyond the year 9999 are nonsense, and would overflow when counted in milliseconds.
constexpr std::int64_t last_second = 253'402'300'799;

using key_map = std::map<std::string, std::string, std::less<>>;  // kid -> public key

error refused() {
  return {errc::unauthorized, "invalid_token", "The access token does not hold."};
}
error expired() {
  return {errc::unauthorized, "token_expired", "The access token has expired."};
}
error bad_jwks(std::string why) {
  return {errc::bad_upstream, "bad_jwks", "The list of public keys cannot be used: " + why};
}

std::string_view text_at(const boost::json::object& o, std::string_view name) {
  auto* found = o.if_contains(name);
  auto* text = found ? found->if_string() : nullptr;
  return text ? std::string_view(text->data(), text->size()) : std::string_view{};
}

// Ed25519 keys for signatures; a list may hold others, which are not for us.
bool is_ours(const boost::json::object& key) {
  auto alg = text_at(key, "alg");
  auto use = text_at(key, "use");
  return text_at(key, "kty") == "OKP" && text_at(key, "crv") == "Ed25519" &&
         (alg.empty() || alg == "EdDSA") && (use.empty() || use == "sig");
}

result<key_map> read_jwks(const boost::json::object& jwks) {
  auto* found = jwks.if_contains("keys");
  auto* list = found ? found->if_array() : nullptr;
  if (!list) return bad_jwks("it has no \"keys\"");
  if (list->size() > max_keys) return bad_jwks("it has too many keys");
  key_map keys;
  for (const auto& item : *list) {
    auto* key = item.if_object();
    if (!key) return bad_jwks("a key is not an object");
    if (!is_ours(*key)) continue;
    auto kid = text_at(*key, "kid");
    auto x = from_base64url(text_at(*key, "x"));
    if (kid.empty() || !x || x->size() != crypto_sign_PUBLICKEYBYTES) {
      return bad_jwks("a key has no \"kid\" or no 32 bytes as \"x\"");
    }
    keys.insert_or_assign(std::string(kid), *std::move(x));
  }
  if (keys.empty()) return bad_jwks("it has no Ed25519 key");
  return keys;
}

template <class T>
result<T> read_part(std::string_view encoded) {
  auto text = from_base64url(encoded);
  if (!text) return refused();
  auto parsed = json::parse(*text, 4);
  if (!parsed.has_value()) return refused();
  auto part = json::from_stored<T>(*parsed);
  if (!part.has_value()) return refused();
  return part;
}

// The three parts of a compact JWS; `head` is what the signature covers.
struct parts {
  std::string_view header, claims, signature, head;
};

result<parts> split(std::string_view token) {
  if (token.size() > max_token) return refused();
  auto first = token.find('.');
  auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos) return refused();
  return parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

result<access_claims> claims_of(std::string_view encoded) {
  TRY(token_claims c, read_part<token_claims>(encoded));
  if (c.iss != token_issuer || c.aud != token_audience || c.sub.empty() || c.iat < 0 ||
      c.exp <= 0 || c.iat > last_second || c.exp > last_second) {
    return refused();
  }
  access_claims out;
  out.who = {.sub = std::move(c.sub),
             .username = std::move(c.username),
             .roles = std::move(c.roles),
             .sid = std::move(c.sid),
             .locale = std::move(c.locale),
             .country = std::move(c.country),
             .email_verified = c.email_verified};
  out.issued_at = time_point{std::chrono::seconds(c.iat)};
  out.expires_at = time_point{std::chrono::seconds(c.exp)};
  if (!is_person(out.who)) return refused();
  return out;
}

}  // namespace

struct access_verifier::state {
  struct remembered {
    std::string digest;
    access_claims claims;
  };
  using recent = std::list<remembered>;  // the last used first

  const wall_clock& clock;
  std::size_t cache_size;
  std::mutex guard;
  key_map keys;
  // Counts key changes: what was verified by keys of before must not enter the cache after.
  std::uint64_t generation = 0;
  recent cache;
  std::unordered_map<std::string, recent::iterator> by_digest;

  std::optional<access_claims> recall(const std::string& digest, time_point now) {
    std::lock_guard lock(guard);
    auto found = by_digest.find(digest);
    if (found == by_digest.end()) return std::nullopt;
    if (found->second->claims.expires_at <= now) {
      cache.erase(found->second);
      by_digest.erase(found);
      return std::nullopt;
    }
    cache.splice(cache.begin(), cache, found->second);
    return found->second->claims;
  }

  void remember(const std::string& digest, const access_claims& claims, std::uint64_t seen) {
    std::lock_guard lock(guard);
    if (cache_size == 0 || seen != generation || by_digest.contains(digest)) return;
    if (by_digest.size() >= cache_size) {
      by_digest.erase(cache.back().digest);
      cache.pop_back();
    }
    cache.push_front({digest, claims});
    by_digest.emplace(digest, cache.begin());
  }
};

access_verifier::access_verifier(const wall_clock& clock, std::size_t cache_size)
    : state_(std::make_unique<state>(clock, cache_size)) {
  require_sodium();
}
access_verifier::~access_verifier() = default;

result<void> access_verifier::set_keys(const boost::json::object& jwks) {
  TRY(key_map keys, read_jwks(jwks));
  std::lock_guard lock(state_->guard);
  if (keys == state_->keys) return {};
  state_->keys = std::move(keys);
  ++state_->generation;
  state_->cache.clear();
  state_->by_digest.clear();
  return {};
}

std::size_t access_verifier::remembered() const {
  std::lock_guard lock(state_->guard);
  return state_->by_digest.size();
}

result<access_claims> access_verifier::verify(std::string_view token) const {
  TRY(parts p, split(token));
  auto now = state_->clock.now();
  std::string id = sha256(token);
  if (auto known = state_->recall(id, now)) return *std::move(known);

  TRY(token_header header, read_part<token_header>(p.header));
  if (header.alg != "EdDSA" || header.typ != "JWT") return refused();
  auto signature = from_base64url(p.signature);
  if (!signature || signature->size() != crypto_sign_BYTES) return refused();
  std::string key;
  std::uint64_t generation = 0;
  {
    std::lock_guard lock(state_->guard);
    auto found = state_->keys.find(header.kid);
    if (found != state_->keys.end()) key = found->second;
    generation = state_->generation;
  }
  if (key.empty()) {
    return error{errc::unauthorized, "unknown_key", "The access token's key is not known."};
  }
  if (crypto_sign_verify_detached(bytes_of(std::string_view(*signature)), bytes_of(p.head),
                                  p.head.size(), bytes_of(std::string_view(key))) != 0) {
    return refused();
  }
  TRY(access_claims claims, claims_of(p.claims));
  if (claims.expires_at <= now) return expired();
  state_->remember(id, claims, generation);
  return claims;
}

}  // namespace oficio::security
