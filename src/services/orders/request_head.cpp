#include "services/orders/request_head.hpp"

#include "platform/base/random.hpp"
#include "platform/http/request_head.hpp"
#include "platform/security/crypto.hpp"

namespace oficio::orders {

result<edit> read_edit(const http::request& r, std::string_view said) {
  edit e;
  TRY(e.revision, http::read_if_match(r));
  TRY(e.request.key, http::read_idempotency_key(r));
  e.request.account = r.ctx.who.sub;
  std::string text;
  for (const auto& segment : r.path) text += '/' + segment;
  e.request.digest = to_hex(security::sha256(text.append("\n").append(said)));
  return e;
}

}  // namespace oficio::orders
