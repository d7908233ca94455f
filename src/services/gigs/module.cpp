#include "services/gigs/module.hpp"

#include "services/gigs/events.hpp"
#include "services/gigs/files.hpp"
#include "services/gigs/routes.hpp"
#include "services/gigs/search.hpp"
#include "services/gigs/service.hpp"
#include "services/gigs/store.hpp"

namespace oficio::gigs {
namespace {

struct state {
  state(const hosting::environment& env, parts& p)
      : kept(p.database, env.clock),
        pictures(gallery(env, p.database, p.studio, kept)),
        cases(std::make_shared<service>(kept, p.search, env.clock, env.log.named("gigs"),
                                        std::move(p.currency), pictures.get())) {}

  store kept;
  std::unique_ptr<files::shelf> pictures;
  std::shared_ptr<service> cases;
};

}  // namespace

hosting::service make(const hosting::environment& env, parts p) {
  auto& database = p.database;
  auto& index = p.search;
  auto own = std::make_shared<state>(env, p);
  hosting::service out;
  out.name = "gigs";
  out.routes = routes(own->cases, security::cursor_signer(env.cursor_key));
  out.subscriptions = subscriptions(own->cases);
  out.outboxes = {&own->kept.outbox()};
  out.facts = {own->kept.facts()};
  out.checks = {{"database", [&database](const context& ctx) { return database.ping(ctx); }},
                {"search", [&index](const context& ctx) { return index.ping(ctx); }}};
  if (own->pictures) offer_gallery(out, *own->pictures, own->kept);
  out.start = [cases = own->cases] { return cases->fill_index(); };
  out.state = std::move(own);
  return out;
}

}  // namespace oficio::gigs
