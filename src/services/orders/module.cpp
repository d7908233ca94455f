#include "services/orders/module.hpp"

#include <utility>

#include "services/orders/earnings.hpp"
#include "services/orders/events.hpp"
#include "services/orders/routes.hpp"
#include "services/orders/service.hpp"
#include "services/orders/store.hpp"

namespace oficio::orders {
namespace {

struct rooms {
  rooms(const hosting::environment& env, const parts& p)
      : database(p.database),
        orders(p.database, env.clock),
        gigs(p.database, "gig_terms", env.clock),
        offers(p.database, "offer_terms", env.clock),
        sellers(p.database, "sellers", env.clock),
        use_cases(orders, gigs, offers, p.payments, p.currency, env.clock, env.log.named("orders")),
        money(orders, sellers, p.database, env.clock) {}

  documents::database& database;
  order_store orders;
  copies<gig_terms> gigs;
  copies<offer_terms> offers;
  copies<known_seller> sellers;
  service use_cases;
  earnings money;
};

}  // namespace

hosting::service make(const hosting::environment& env, parts p) {
  auto own = std::make_shared<rooms>(env, p);
  hosting::service s;
  s.name = "orders";
  add_routes(s.routes, own->use_cases, own->money, p.payments, p.currency, env.cursor_key);
  s.subscriptions = subscriptions(own->gigs, own->offers, own->sellers, own->use_cases);
  s.outboxes = {&own->orders.outbox()};
  s.timers.push_back({"orders.due", std::chrono::seconds(1),
                      [own](const context& ctx) { return own->use_cases.work_on_due(ctx); }});
  s.checks.push_back({"database", [own](const context& ctx) { return own->database.ping(ctx); }});
  s.state = own;
  return s;
}

}  // namespace oficio::orders
