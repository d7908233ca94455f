#include "platform/hosting/service.hpp"

namespace oficio::hosting {
namespace {

// A named coroutine, so that what it needs lives in its own frame and not in a closure.
awaitable<result<http::response>> with_identity(const security::identity_tokens& tokens,
                                                std::string audience, http::request& r,
                                                const http::handler& next) {
  auto token = r.headers.get(security::identity_header);
  if (!token.empty()) {
    CO_TRY(r.ctx.who, tokens.verify(token, audience));
  }
  co_return co_await next(r);
}

awaitable<result<http::response>> refuse_visitor() {
  co_return error{errc::unauthorized, "not_signed_in", "Sign in to do this."};
}

}  // namespace

http::middleware verify_identity(const security::identity_tokens& tokens, std::string audience) {
  return [&tokens, audience](http::request& r, const http::handler& next) {
    return with_identity(tokens, audience, r, next);
  };
}

http::handler signed_in(http::handler next) {
  return [next = std::move(next)](http::request& r) {
    return r.ctx.who.is_visitor() ? refuse_visitor() : next(r);
  };
}

}  // namespace oficio::hosting
