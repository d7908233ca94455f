#include "services/reviews/module.hpp"

#include "services/reviews/routes.hpp"

namespace oficio::reviews {
namespace {

struct objects {
  objects(const hosting::environment& env, sql::database& db)
      : reviews(db, env.clock), use_cases(reviews, env.cursor_key, env.log.named("reviews")) {}

  store reviews;
  service use_cases;
};

awaitable<result<void>> check_database(std::shared_ptr<objects> own, const context& ctx) {
  CO_TRY_VOID(co_await own->reviews.has_order(ctx, ""));
  co_return result<void>{};
}

}  // namespace

hosting::service make(const hosting::environment& env, parts p) {
  auto own = std::make_shared<objects>(env, p.database);
  std::shared_ptr<service> reviews(own, &own->use_cases);
  hosting::service s;
  s.name = "reviews";
  s.state = own;
  add_routes(s.routes, reviews);
  auto listen = [&](std::string name, std::string pattern,
                    awaitable<result<void>> (service::*handle)(const events::envelope&,
                                                               const context&)) {
    s.subscriptions.push_back({{.name = std::move(name), .patterns = {std::move(pattern)}},
                               [reviews, handle](const events::envelope& e, const context& ctx) {
                                 return (*reviews.*handle)(e, ctx);
                               }});
  };
  listen("reviews.orders", "orders.order.completed", &service::on_completed);
  listen("reviews.placed", "orders.order.placed", &service::on_placed);
  listen("reviews.sellers", "users.seller.*", &service::on_seller);
  listen("reviews.people", "users.profile.updated", &service::on_profile);
  s.outboxes.push_back(&own->reviews.outbox());
  s.facts.push_back(own->reviews.facts());
  s.timers.push_back({"publish due reviews", std::chrono::seconds(5),
                      [reviews](const context& ctx) { return reviews->publish_due(ctx); }});
  s.checks.push_back({"database", [own](const context& ctx) { return check_database(own, ctx); }});
  return s;
}

}  // namespace oficio::reviews
