// The gateway's Identity header: as it comes, and rightly signed with arbitrary contents.
#include "fuzz/must.hpp"
#include "platform/base/clock.hpp"
#include "platform/security/crypto.hpp"
#include "platform/security/identity_token.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace oficio;
  static const std::string key(32, 'k');
  static const wall_clock clock;
  static const security::identity_tokens tokens({key}, clock);
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  must(tokens.verify(bytes, "orders").has_error());
  auto body = security::base64url(bytes);
  auto mac = security::base64url(security::hmac_sha256(key, "identity\n" + body));
  auto who = tokens.verify(body + "." + mac, "orders");
  if (who.has_value()) must(!who->is_system());
  must(tokens.verify(body + "." + mac + "x", "orders").has_error() || mac.size() % 4 != 3);
  return 0;
}
