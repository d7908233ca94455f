#include "services/auth/service.hpp"
#include "services/auth/service/lifetimes.hpp"

namespace oficio::auth {

awaitable<result<std::vector<session_shown>>> service::list_sessions(const context& ctx) {
  co_return co_await store_.list_sessions(ctx, ctx.who);
}

// Also when it had ended before: whoever asks again learns the same.
awaitable<result<std::vector<std::string>>> service::end_session(const context& ctx,
                                                                 std::string session_id) {
  CO_TRY_VOID(co_await store_.end_session(ctx, ctx.who, session_id));
  co_return std::vector<std::string>{std::move(session_id)};
}

awaitable<result<std::vector<std::string>>> service::sign_out(const context& ctx) {
  auto done = co_await store_.end_session(ctx, ctx.who, ctx.who.sid);
  // One that is long forgotten, and its row gone, has ended too.
  if (done.has_error() && done.error().kind != errc::not_found) co_return std::move(done).error();
  co_return std::vector<std::string>{ctx.who.sid};
}

awaitable<result<std::vector<std::string>>> service::sign_out_everywhere(const context& ctx) {
  co_return co_await store_.end_all(ctx, ctx.who);
}

awaitable<result<std::vector<ended_session>>> service::ended_since(const context& ctx,
                                                                   time_point since) {
  auto earliest = clock_.now() - access_lifetime;
  co_return co_await store_.ended_since(ctx, std::max(since, earliest));
}

}  // namespace oficio::auth
