// Access tokens: as they come, and rightly signed with arbitrary contents. Only a signed one may
// hold.
#include "platform/security/access_token.hpp"

#include <array>

#include <sodium.h>

#include "fuzz/must.hpp"
#include "platform/base/clock.hpp"
#include "platform/json/json.hpp"
#include "platform/security/crypto.hpp"

namespace oficio::fuzz {

struct signer {
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> open{};
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
  wall_clock clock;
  security::access_verifier verifier{clock, 16};

  signer() {
    std::array<unsigned char, crypto_sign_SEEDBYTES> seed{};
    must(sodium_init() >= 0 &&
         crypto_sign_seed_keypair(open.data(), secret.data(), seed.data()) == 0);
    std::string x = security::base64url({reinterpret_cast<const char*>(open.data()), open.size()});
    boost::json::object key{{"kty", "OKP"}, {"crv", "Ed25519"}, {"kid", "k"}, {"x", x}};
    must(verifier.set_keys({{"keys", boost::json::array{key}}}).has_value());
  }

  std::string sign(std::string_view claims) const {
    auto head = security::base64url(R"({"alg":"EdDSA","typ":"JWT","kid":"k"})") + "." +
                security::base64url(claims);
    std::array<unsigned char, crypto_sign_BYTES> signature{};
    crypto_sign_detached(signature.data(), nullptr,
                         reinterpret_cast<const unsigned char*>(head.data()), head.size(),
                         secret.data());
    return head + "." +
           security::base64url({reinterpret_cast<const char*>(signature.data()), signature.size()});
  }
};

void run(std::string_view bytes) {
  static const signer own;
  must(own.verifier.verify(bytes).has_error());  // nobody guesses a signature
  auto signed_one = own.verifier.verify(own.sign(bytes));
  if (signed_one.has_value()) {
    must(!signed_one->who.sub.empty() && !signed_one->who.is_system());
    must(signed_one->expires_at > own.clock.now());
  }
  if (auto parsed = json::parse(bytes); parsed.has_value() && parsed->is_object()) {
    security::access_verifier other(own.clock, 1);
    auto set = other.set_keys(parsed->as_object());
    must(set.has_value() || set.error().code == "bad_jwks");
  }
}

}  // namespace oficio::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  oficio::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
