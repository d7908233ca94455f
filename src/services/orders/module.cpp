#include "services/orders/module.hpp"

#include <utility>

#include "platform/files/routes.hpp"
#include "services/orders/earnings.hpp"
#include "services/orders/events.hpp"
#include "services/orders/files.hpp"
#include "services/orders/people.hpp"
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
        people(p.database, "people", env.clock),
        brought(order_files(env, p.database, p.studio, orders)),
        use_cases(orders, gigs, offers, p.payments, p.currency, env.clock, env.log.named("orders"),
                  brought.get()),
        money(orders, sellers, p.database, env.clock) {}

  documents::database& database;
  order_store orders;
  copies<gig_terms> gigs;
  copies<offer_terms> offers;
  copies<known_seller> sellers;
  copies<known_person> people;
  std::unique_ptr<files::shelf> brought;
  service use_cases;
  earnings money;
};

}  // namespace

hosting::service make(const hosting::environment& env, parts p) {
  auto own = std::make_shared<rooms>(env, p);
  hosting::service s;
  s.name = "orders";
  add_routes(s.routes, own->use_cases, own->money, own->people, p.payments, p.currency,
             env.cursor_key);
  s.subscriptions = subscriptions(own->gigs, own->offers, own->sellers, own->use_cases);
  s.subscriptions.push_back(hearing_people(own->people));
  s.outboxes = {&own->orders.outbox()};
  s.facts = {own->orders.facts()};
  s.timers.push_back({"orders.due", std::chrono::seconds(1),
                      [own](const context& ctx) { return own->use_cases.work_on_due(ctx); }});
  if (own->brought) {
    files::add_routes(s.routes, *own->brought);
    s.timers.push_back(files::purging("orders", *own->brought));
  }
  s.checks.push_back({"database", [own](const context& ctx) { return own->database.ping(ctx); }});
  s.state = own;
  return s;
}

}  // namespace oficio::orders
