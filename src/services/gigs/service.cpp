#include "services/gigs/service.hpp"

#include "platform/base/unicode.hpp"
#include "platform/base/uuid.hpp"
#include "platform/files/binding.hpp"
#include "platform/json/json.hpp"
#include "platform/runtime/timing.hpp"
#include "platform/search/spelling.hpp"
#include "platform/security/crypto.hpp"
#include "services/gigs/search.hpp"

namespace oficio::gigs {
namespace {

constexpr std::chrono::seconds card_patience{1};
constexpr std::chrono::milliseconds card_pause{25};
constexpr std::chrono::seconds index_patience{1};
constexpr std::size_t seller_page = 100;
constexpr std::size_t index_page = 500;
constexpr std::size_t longest_search = 100;  // characters of it that a log keeps

events::raised told(const char* type, const gig& g) {
  return {type, {{"gig", json::to_value(g)}}, {g.seller.id}};
}

// What decides about a gig of the index. Errors: internal, for what is no gig.
struct seller_seen {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(seller_seen, (), (id))

struct glance {
  std::int64_t revision = 0;
  bool active = false;
  seller_seen seller;
};
BOOST_DESCRIBE_STRUCT(glance, (), (revision, active, seller))

result<glance> look_at(const std::string& body) {
  TRY(auto parsed, json::parse(body));
  return json::from_stored<glance>(parsed);
}

bool may_see(const identity& who, const glance& g) {
  if (g.active || who.is_system()) return true;
  return !who.is_visitor() && who.sub == g.seller.id;
}

void edited(gig& g, time_point now) {
  g.revision += 1;
  g.updated_at = now;
}

// All that is wrong, in the shape of what was said and by the rules.
result<void> checked(gig& g, const std::string& currency, const std::vector<violation>& shape) {
  json::violations found;
  check(g, currency, found);
  auto wrong = together(shape, found.take());
  if (!wrong.empty()) return invalid(std::move(wrong));
  tidy(g);
  return {};
}

bool is_new(const std::string& account, time_point now) {
  constexpr std::chrono::seconds new_for{10};
  auto made = uuid_time(account);
  return made && now - *made < new_for;
}

}  // namespace

service::service(store& kept, search::index& index, const wall_clock& clock, telemetry::logger log,
                 std::string currency, files::shelf* pictures)
    : store_(kept),
      index_(index),
      clock_(clock),
      log_(std::move(log)),
      currency_(std::move(currency)),
      pictures_(pictures) {}

awaitable<result<service::made>> service::create(const context& ctx, said<gig_draft> draft,
                                                 std::string key) {
  kept_gig next;
  auto digest = security::digest(json::to_text(draft.value));
  apply(std::move(draft.value), next.gig);
  CO_TRY_VOID(checked(next.gig, currency_, draft.wrong));
  CO_TRY(auto card, co_await own_card(ctx));
  take_card(card, next);
  next.gig.created_at = next.gig.updated_at = clock_.now();
  next.id = next.gig.id = uuid_v7(next.gig.created_at);
  next.made_by = {ctx.who.sub, key.empty() ? next.id : std::move(key), std::move(digest)};
  creation by = next.made_by;
  auto written = co_await insert(ctx, std::move(next));
  if (!written && written.error().code == "duplicate") {
    co_return co_await made_before(ctx, by, std::move(written).error());
  }
  if (!written) co_return std::move(written).error();
  co_await index_at_once(ctx, searchable(written->value, written->write_version));
  co_return made{std::move(written->value.gig), false};
}

awaitable<result<store::kept>> service::insert(const context& ctx, kept_gig next) {
  if (next.gig.images.empty()) co_return co_await store_.insert(ctx, std::move(next));
  // The gig that the same request made before has its pictures by now.
  CO_TRY(auto before, co_await store_.made_with(ctx, next.made_by.account, next.made_by.key));
  if (before) co_return error{errc::conflict, "duplicate", "creation"};
  files::use images{next.id, next.gig.images, "/images"};
  co_return co_await files::write_with<store::kept>(
      pictures_, ctx, std::move(images), [&] { return store_.insert(ctx, std::move(next)); });
}

awaitable<result<service::made>> service::made_before(const context& ctx, const creation& by,
                                                      error otherwise) {
  CO_TRY(auto before, co_await store_.made_with(ctx, by.account, by.key));
  if (!before) co_return otherwise;  // it is just being removed
  if (before->value.made_by.digest != by.digest) {
    co_return error{errc::invalid, "idempotency_mismatch",
                    "This Idempotency-Key came with another body before."};
  }
  co_return made{std::move(before->value.gig), true};
}

awaitable<result<seller_card>> service::own_card(const context& ctx) {
  bool may_come = is_new(ctx.who.sub, clock_.now());
  auto until = std::min(ctx.deadline, std::chrono::steady_clock::now() + card_patience);
  for (;;) {
    CO_TRY(auto card, co_await store_.card(ctx, ctx.who.sub));
    if (card) co_return *std::move(card);
    if (!may_come || std::chrono::steady_clock::now() + card_pause >= until) break;
    co_await runtime::sleep_for(card_pause);
  }
  co_return error{errc::forbidden, "not_a_seller", "Only sellers offer gigs; become one first."};
}

awaitable<result<gig>> service::change(const context& ctx, std::string id, said<gig_patch> patch,
                                       std::optional<std::int64_t> revision) {
  auto now = clock_.now();
  store::edit edit = [&](kept_gig& g, documents::change& c) -> result<void> {
    apply(patch.value, g.gig);
    TRY_VOID(checked(g.gig, currency_, patch.wrong));
    edited(g.gig, now);
    c.raise(told("gigs.gig.updated", g.gig));
    return {};
  };
  auto write = [&] { return store_.edit_gig(ctx, ctx.who, id, revision, edit); };
  store::kept written;
  if (patch.value.images && patch.wrong.empty()) {
    files::use images{id, *patch.value.images, "/images"};
    CO_TRY(written,
           co_await files::write_with<store::kept>(pictures_, ctx, std::move(images), write));
  } else {
    CO_TRY(written, co_await write());
  }
  co_await index_at_once(ctx, searchable(written.value, written.write_version));
  co_return std::move(written.value.gig);
}

awaitable<result<gig>> service::set_active(const context& ctx, std::string id, bool active,
                                           std::optional<std::int64_t> revision) {
  auto now = clock_.now();
  store::edit edit = [&](kept_gig& g, documents::change& c) -> result<void> {
    if (g.gig.active == active) {
      c.skip();
      return {};
    }
    g.gig.active = active;
    edited(g.gig, now);
    c.raise(told(active ? "gigs.gig.published" : "gigs.gig.paused", g.gig));
    return {};
  };
  CO_TRY(auto written, co_await store_.edit_gig(ctx, ctx.who, std::move(id), revision, edit));
  co_await index_at_once(ctx, searchable(written.value, written.write_version));
  co_return std::move(written.value.gig);
}

awaitable<result<void>> service::remove(const context& ctx, std::string id,
                                        std::optional<std::int64_t> revision) {
  store::edit edit = [](kept_gig& g, documents::change& c) -> result<void> {
    json::object last{{"id", g.id}, {"seller", json::to_value(g.gig.seller)}};
    c.raise({"gigs.gig.removed", {{"gig", std::move(last)}}, {g.gig.seller.id}});
    c.remove();
    return {};
  };
  CO_TRY(auto written, co_await store_.edit_gig(ctx, ctx.who, std::move(id), revision, edit));
  co_await index_at_once(ctx, gone(written.value.id, written.write_version));
  co_return result<void>{};
}

awaitable<result<service::shown>> service::get(const context& ctx, std::string id) {
  CO_TRY(auto found, co_await index_.get(ctx, std::move(id)));
  if (!found) co_return not_found("The gig");
  CO_TRY(auto seen, look_at(found->body));
  if (!may_see(ctx.who, seen)) co_return not_found("The gig");
  co_return shown{std::move(found->body), seen.revision};
}

awaitable<result<std::vector<std::string>>> service::get_many(const context& ctx,
                                                              std::vector<std::string> ids) {
  CO_TRY(auto found, co_await index_.get_many(ctx, std::move(ids)));
  std::vector<std::string> out;
  for (auto& h : found) {
    CO_TRY(auto seen, look_at(h.body));
    if (may_see(ctx.who, seen)) out.push_back(std::move(h.body));
  }
  co_return out;
}

awaitable<result<std::vector<std::string>>> service::similar(const context& ctx, std::string id,
                                                             std::size_t limit) {
  CO_TRY_VOID(co_await get(ctx, id));
  CO_TRY(auto found, co_await index_.similar(ctx, like_gig(std::move(id), limit)));
  std::vector<std::string> out;
  for (auto& h : found) out.push_back(std::move(h.body));
  co_return out;
}

awaitable<result<suggestions>> service::suggest(const context& ctx, std::string typed,
                                                std::size_t limit) {
  CO_TRY(auto found, co_await index_.complete(ctx, completing(typed, limit)));
  co_return suggestions_of(typed, std::move(found), limit);
}

awaitable<result<search::page>> service::find(const context& ctx, search::query q) {
  co_return co_await index_.search(ctx, std::move(q));
}

void service::searched(const context& ctx, std::string_view text, std::int64_t found) const {
  if (!log_.wants(telemetry::level::info)) return;
  auto anybody = ctx;
  anybody.who = {};
  std::vector<telemetry::field> fields{{"event.action", "gigs.search"},
                                       {"oficio.search.found", found}};
  auto words = tidy_line(search::lower(text), longest_search);
  if (!words.empty()) fields.emplace_back("oficio.search.text", std::move(words));
  log_.log(telemetry::level::info, anybody, "gigs were searched", std::move(fields));
}

awaitable<result<void>> service::seller_told(const context& ctx, seller_card card) {
  CO_TRY(auto latest, co_await store_.keep_card(ctx, std::move(card)));
  std::string after;
  for (;;) {
    CO_TRY(auto some, co_await store_.of_seller(ctx, latest.id, after, seller_page));
    std::vector<search::versioned> changed;
    for (auto& one : some) {
      CO_TRY(auto now, co_await store_.note(ctx, one.value.id,
                                            [&](kept_gig& g) { return take_card(latest, g); }));
      if (now) changed.push_back(searchable(now->value, now->write_version));
    }
    if (!changed.empty()) CO_TRY_VOID(co_await index_.put(ctx, std::move(changed)));
    if (some.size() < seller_page) co_return result<void>{};
    after = some.back().value.id;
  }
}

awaitable<result<void>> service::rating_told(const context& ctx, std::string gig_id,
                                             std::int64_t version, rating r) {
  CO_TRY(auto now, co_await store_.note(ctx, std::move(gig_id), [&](kept_gig& g) {
    if (version <= g.rating_version) return false;
    g.gig.rating = r;
    g.rating_version = version;
    return true;
  }));
  co_return co_await index_kept(ctx, std::move(now));
}

awaitable<result<void>> service::sale_told(const context& ctx, std::string gig_id,
                                           std::string order_id) {
  CO_TRY(auto sold, co_await store_.keep_sale(ctx, gig_id, std::move(order_id)));
  CO_TRY(auto now, co_await store_.note(ctx, std::move(gig_id), [&](kept_gig& g) {
    // Two orders may be counted at once and arrive here in the other order: sales only grow.
    if (sold <= g.gig.sales) return false;
    g.gig.sales = sold;
    return true;
  }));
  co_return co_await index_kept(ctx, std::move(now));
}

awaitable<result<void>> service::index_again(const context& ctx, std::string id,
                                             std::int64_t version) {
  CO_TRY(auto now, co_await store_.current(ctx, id));
  if (!now) {
    std::vector<search::versioned> all;
    all.push_back(gone(std::move(id), version));
    co_return co_await index_.put(ctx, std::move(all));
  }
  // A card that came while the gig was being made did not find it.
  CO_TRY(auto card, co_await store_.card(ctx, now->value.gig.seller.id));
  if (card && card->version > now->value.seller_version) {
    CO_TRY(now, co_await store_.note(ctx, std::move(id),
                                     [&](kept_gig& g) { return take_card(*card, g); }));
  }
  co_return co_await index_kept(ctx, std::move(now));
}

awaitable<void> service::fill_index() {
  context ctx;
  auto filled = co_await index_all();
  if (!filled) {
    log_.log(telemetry::level::error, ctx,
             "the search index could not be filled; the next start tries",
             {{"error.code", filled.error().code}});
  } else if (*filled > 0) {
    log_.log(telemetry::level::info, ctx, "the search index was filled from the gigs",
             {{"gigs.count", std::to_string(*filled)}});
  }
}

awaitable<result<std::size_t>> service::index_all() {
  std::size_t count = 0;
  {
    context ctx;
    CO_TRY(auto wanted, co_await index_.wants_all(ctx));
    if (!wanted) co_return count;
  }
  std::string after;
  for (;;) {
    context ctx;  // each page has its own time
    CO_TRY(auto some, co_await store_.all(ctx, after, index_page));
    if (some.empty()) co_return count;
    after = some.back().value.id;
    count += some.size();
    std::vector<search::versioned> page;
    for (const auto& one : some) page.push_back(searchable(one.value, one.write_version));
    CO_TRY_VOID(co_await index_.put(ctx, std::move(page)));
  }
}

awaitable<result<void>> service::index_kept(const context& ctx, std::optional<store::kept> now) {
  if (!now) co_return result<void>{};  // removed; its own event says so
  std::vector<search::versioned> all;
  all.push_back(searchable(now->value, now->write_version));
  co_return co_await index_.put(ctx, std::move(all));
}

awaitable<void> service::index_at_once(const context& ctx, search::versioned v) {
  context soon = ctx;
  soon.deadline = std::min(ctx.deadline, std::chrono::steady_clock::now() + index_patience);
  std::string id = v.doc.id;
  std::vector<search::versioned> all;
  all.push_back(std::move(v));
  auto done = co_await index_.put_visibly(soon, std::move(all));
  if (!done) {
    log_.log(telemetry::level::warning, ctx, "a gig is indexed later, by its event",
             {{"gig.id", id}, {"error.code", done.error().code}});
  }
}

}  // namespace oficio::gigs
