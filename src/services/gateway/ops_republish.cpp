#include "services/gateway/ops_republish.hpp"

#include "platform/http/query.hpp"
#include "services/gateway/operators.hpp"

namespace oficio::gateway {
namespace {

constexpr route republishing{"POST", "/ops/republish/{service}", ""};

awaitable<result<http::response>> republish(forwarder& to, http::request& r) {
  CO_TRY_VOID(co_await admit_operator(to, r, republishing));
  http::query_reader query(r);
  auto after = query.text("after").value_or("");
  CO_TRY_VOID(query.done());
  auto service = r.param("service");
  if (!to.services().by_service.contains(service)) co_return not_found("The service");
  auto target = "/internal/republish?after=" + http::encode_segment(after);
  CO_TRY(auto done, co_await to.ask_internally(r.ctx, service, http::method::post, target));
  if (done.status == 404) {
    co_return error{errc::not_found, "no_facts", "The service has no facts of its own to tell."};
  }
  co_return done;
}

}  // namespace

void add_ops_republish(http::router& routes, forwarder& to) {
  routes.post("/api/v1/ops/republish/{service}",
              [&to](http::request& r) { return republish(to, r); });
}

}  // namespace oficio::gateway
