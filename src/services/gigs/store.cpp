#include "services/gigs/store.hpp"

#include "platform/documents/scan.hpp"

namespace oficio::gigs {
namespace {

constexpr auto source = "/oficio/gigs";

bool is_duplicate(const error& e) {
  return e.kind == errc::conflict && e.code == "duplicate";
}

result<void> check_owner(const identity& actor, const gig& g) {
  if (actor.is_system() || actor.sub == g.seller.id) return {};
  if (!g.active) return not_found("The gig");
  return error{errc::forbidden, "not_yours", "The gig belongs to another seller."};
}

result<void> check_revision(const std::optional<std::int64_t>& expected, const gig& g) {
  if (!expected || *expected == g.revision) return {};
  return error{errc::stale, "stale_revision",
               "The gig has changed since; its revision is " + std::to_string(g.revision) + "."};
}

}  // namespace

bool take_card(const seller_card& card, kept_gig& into) {
  if (card.version <= into.seller_version) return false;
  into.gig.seller = {card.id, card.username, card.avatar, card.rating, card.country};
  into.languages = card.languages;
  into.seller_version = card.version;
  return true;
}

store::store(documents::database& database, const wall_clock& clock)
    : gigs_(database.open({"gigs",
                           {{"seller", {"gig.seller.id"}},
                            {"creation", {"made_by.account", "made_by.key"}, true}}}),
            source, clock),
      cards_(database.open({"sellers", {}}), source, clock),
      sales_(database.open({"sales", {{"gig", {"gig_id"}}}}), source, clock) {}

awaitable<result<store::kept>> store::insert(const context& ctx, kept_gig g) {
  events::raised told{"gigs.gig.published", {{"gig", json::to_value(g.gig)}}, {g.gig.seller.id}};
  std::vector<events::raised> all{std::move(told)};
  co_return co_await gigs_.insert(ctx, std::move(g), std::move(all));
}

awaitable<result<std::optional<store::kept>>> store::made_with(const context& ctx,
                                                               std::string account,
                                                               std::string key) {
  documents::query q;
  q.where.push_back({"made_by.account", documents::op::eq, json::value(account)});
  q.where.push_back({"made_by.key", documents::op::eq, json::value(key)});
  q.limit = 1;
  CO_TRY(auto found, co_await gigs_.find(ctx, std::move(q)));
  if (found.empty()) co_return std::optional<kept>{};
  co_return std::optional<kept>{std::move(found.front())};
}

awaitable<result<store::kept>> store::edit_gig(const context& ctx, identity actor, std::string id,
                                               std::optional<std::int64_t> revision, edit change) {
  auto written = co_await gigs_.update(ctx, std::move(id),
                                       [&](kept_gig& g, documents::change& c) -> result<void> {
                                         TRY_VOID(check_owner(actor, g.gig));
                                         TRY_VOID(check_revision(revision, g.gig));
                                         return change(g, c);
                                       });
  if (!written && written.error().code == "not_found") co_return not_found("The gig");
  co_return written;
}

awaitable<result<std::optional<store::kept>>> store::note(const context& ctx, std::string id,
                                                          std::function<bool(kept_gig&)> change) {
  auto written = co_await gigs_.update(ctx, std::move(id),
                                       [&](kept_gig& g, documents::change& c) -> result<void> {
                                         if (!change(g)) c.skip();
                                         return {};
                                       });
  if (!written && written.error().kind == errc::not_found) co_return std::optional<kept>{};
  if (!written) co_return std::move(written).error();
  co_return std::optional<kept>{*std::move(written)};
}

awaitable<result<std::optional<store::kept>>> store::current(const context& ctx, std::string id) {
  co_return co_await gigs_.get(ctx, std::move(id));
}

awaitable<result<std::vector<store::kept>>> store::all(const context& ctx, std::string after,
                                                       std::size_t limit) {
  co_return co_await documents::scan(gigs_, ctx, std::move(after), limit);
}

events::fact_source store::facts() {
  auto told = [](const kept_gig& g) {
    return std::vector<events::raised>{{g.gig.active ? "gigs.gig.published" : "gigs.gig.paused",
                                        {{"gig", json::to_value(g.gig)}},
                                        {g.gig.seller.id}}};
  };
  return {source, [this, told](const context& ctx, std::string after, std::size_t limit) {
            return documents::retell(gigs_, ctx, std::move(after), limit, told);
          }};
}

awaitable<result<std::vector<store::kept>>> store::of_seller(const context& ctx,
                                                             std::string account, std::string after,
                                                             std::size_t limit) {
  documents::query q;
  q.where.push_back({"gig.seller.id", documents::op::eq, json::value(account)});
  q.limit = limit;
  if (!after.empty()) q.after = documents::query::position{{}, std::move(after)};
  co_return co_await gigs_.find(ctx, std::move(q));
}

awaitable<result<std::optional<seller_card>>> store::card(const context& ctx, std::string account) {
  CO_TRY(auto found, co_await cards_.get(ctx, std::move(account)));
  if (!found) co_return std::optional<seller_card>{};
  co_return std::optional<seller_card>{std::move(found->value)};
}

awaitable<result<seller_card>> store::keep_card(const context& ctx, seller_card card) {
  auto inserted = co_await cards_.insert(ctx, card);
  if (inserted) co_return std::move(inserted->value);
  if (!is_duplicate(inserted.error())) co_return std::move(inserted).error();
  std::string id = card.id;
  CO_TRY(auto written,
         co_await cards_.update(ctx, std::move(id),
                                [&](seller_card& now, documents::change& c) -> result<void> {
                                  if (card.version <= now.version) {
                                    c.skip();
                                  } else {
                                    now = card;
                                  }
                                  return {};
                                }));
  co_return std::move(written.value);
}

awaitable<result<std::int64_t>> store::keep_sale(const context& ctx, std::string gig_id,
                                                 std::string order_id) {
  sale fact{gig_id + ":" + order_id, gig_id};
  auto inserted = co_await sales_.insert(ctx, std::move(fact));
  if (!inserted && !is_duplicate(inserted.error())) co_return std::move(inserted).error();
  std::vector<documents::condition> where;
  where.push_back({"gig_id", documents::op::eq, json::value(gig_id)});
  co_return co_await sales_.count(ctx, std::move(where));
}

}  // namespace oficio::gigs
