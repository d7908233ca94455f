#include "platform/security/password.hpp"

#include <stdexcept>

#include <sodium.h>

#include "platform/base/random.hpp"
#include "platform/security/sodium.hpp"

namespace oficio::security {
namespace {

// A password that does not outlive its use in memory.
class wiped {
 public:
  explicit wiped(std::string text) : text_(std::move(text)) {}
  wiped(wiped&& other) noexcept : text_(other.text_) { other.wipe(); }
  wiped& operator=(wiped&&) = delete;
  ~wiped() { wipe(); }
  const std::string& text() const { return text_; }

 private:
  void wipe() { sodium_memzero(text_.data(), text_.size()); }
  std::string text_;
};

result<std::string> hash_now(const std::string& password, argon2_cost cost) {
  std::string out(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), cost.passes,
                            cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return error{errc::unavailable,
                 "overloaded",
                 "There is no memory to hash a password.",
                 {},
                 std::chrono::seconds(1)};
  }
  out.resize(out.find('\0'));
  return out;
}

}  // namespace

password_hasher::password_hasher(runtime::blocking_pool& pool, argon2_cost cost)
    : pool_(pool), cost_(cost) {
  require_sodium();
  if (cost.memory_bytes < crypto_pwhash_MEMLIMIT_MIN || cost.passes < crypto_pwhash_OPSLIMIT_MIN) {
    throw std::invalid_argument("Argon2id needs at least 8 KiB of memory and one pass");
  }
  auto decoy = hash_now(random_hex(16), cost_);
  if (!decoy.has_value()) throw std::runtime_error(decoy.error().detail);
  decoy_ = *std::move(decoy);
}

awaitable<result<std::string>> password_hasher::hash(const context& ctx,
                                                     std::string password) const {
  auto work = [secret = wiped(std::move(password)), cost = cost_] {
    return hash_now(secret.text(), cost);
  };
  co_return co_await pool_.run(ctx, std::move(work));
}

awaitable<result<bool>> password_hasher::verify(const context& ctx, std::string password,
                                                std::string stored) const {
  bool known = !stored.empty();
  if (!known) stored = decoy_;
  auto work = [secret = wiped(std::move(password)), stored = std::move(stored),
               known]() -> result<bool> {
    bool matches =
        crypto_pwhash_str_verify(stored.c_str(), secret.text().data(), secret.text().size()) == 0;
    return matches && known;
  };
  co_return co_await pool_.run(ctx, std::move(work));
}

}  // namespace oficio::security
