#include "services/gateway/operators.hpp"

namespace oficio::gateway {

awaitable<result<void>> admit_operator(forwarder& to, http::request& r, const route& by) {
  CO_TRY_VOID(co_await to.admit(r, by));
  if (r.ctx.who.is_visitor()) {
    co_return error{errc::unauthorized, "not_signed_in", "Sign in to do this."};
  }
  if (!r.ctx.who.has_role("operator")) {
    co_return error{errc::forbidden, "operators_only", "This is for operators."};
  }
  co_return result<void>{};
}

}  // namespace oficio::gateway
