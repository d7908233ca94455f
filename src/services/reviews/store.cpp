#include "services/reviews/store.hpp"

#include <set>

#include "services/reviews/events.hpp"
#include "services/reviews/rows.hpp"
#include "services/reviews/schema.hpp"

namespace oficio::reviews {
namespace {

constexpr auto source = "/oficio/reviews";

error no_order() {
  return not_found("A completed order of yours with this id");
}

template <class Given>
result<Given> repeated(rows::stored_request made, const std::string& digest) {
  if (made.digest != digest) {
    return error{errc::invalid, "idempotency_mismatch",
                 "This Idempotency-Key was used for something else."};
  }
  return Given{std::move(made.review), false};
}

// Why there is no completed order: its people are told, nobody else.
error not_completed(soci::session& session, const std::string& id, const std::string& actor) {
  auto placed = rows::find_placed(session, id);
  if (!placed || !placed->has(actor)) return no_order();
  return {errc::conflict, "wrong_state", "Only a completed order can be reviewed."};
}

sql::database& migrated(sql::database& db) {
  db.migrate(schema(db.dialect()));
  return db;
}

}  // namespace

store::store(sql::database& db, const wall_clock& clock)
    : db_(migrated(db)), clock_(clock), outbox_(db, source, clock) {}

awaitable<result<void>> store::keep(const context& ctx, completed_order o) {
  co_return co_await db_.write(ctx, [o = std::move(o)](soci::session& session) -> result<void> {
    rows::insert(session, o);
    rows::insert_seller(session, o.seller);
    return {};
  });
}

awaitable<result<void>> store::keep(const context& ctx, placed_order o) {
  co_return co_await db_.write(ctx, [o = std::move(o)](soci::session& session) -> result<void> {
    rows::insert(session, o);
    return {};
  });
}

awaitable<result<void>> store::keep_seller(const context& ctx, person seller) {
  auto work = [seller = std::move(seller)](soci::session& session) -> result<void> {
    rows::insert_seller(session, seller);
    return {};
  };
  co_return co_await db_.write(ctx, std::move(work));
}

awaitable<result<void>> store::keep(const context& ctx, known_face news) {
  auto work = [news = std::move(news)](soci::session& session) -> result<void> {
    rows::learn(session, news);
    return {};
  };
  co_return co_await db_.write(ctx, std::move(work));
}

awaitable<result<store::faces>> store::faces_of(const context& ctx,
                                                const std::vector<review>& reviews) {
  std::set<std::string> ids;
  for (const auto& r : reviews) ids.insert({r.from.id, r.about.id});
  if (ids.empty()) co_return faces{};
  auto work = [ids = std::move(ids)](soci::session& session) -> result<faces> {
    return rows::find_faces(session, ids);
  };
  co_return co_await db_.read(ctx, std::move(work));
}

awaitable<result<std::optional<std::string>>> store::seller(const context& ctx,
                                                            std::string handle) {
  using found = result<std::optional<std::string>>;
  auto work = [handle = std::move(handle)](soci::session& session) -> found {
    return rows::find_seller(session, handle);
  };
  co_return co_await db_.read(ctx, std::move(work));
}

awaitable<result<bool>> store::has_order(const context& ctx, std::string id) {
  co_return co_await db_.read(ctx, [id = std::move(id)](soci::session& session) -> result<bool> {
    std::int64_t there = 0;
    session << "SELECT count(*) FROM orders WHERE id = :id", soci::use(id), soci::into(there);
    return there > 0;
  });
}

awaitable<result<given_review>> store::give(const context& ctx, std::string order_id,
                                            review_request what, request_mark mark) {
  auto work = [this, ctx, order_id = std::move(order_id), what = std::move(what),
               mark = std::move(mark)](soci::session& session) -> result<given_review> {
    auto now = clock_.now();
    auto order = rows::lock_order(session, order_id);
    auto by = order ? order->side_of(ctx.who.sub) : std::nullopt;
    if (!order) return not_completed(session, order_id, ctx.who.sub);
    if (!by) return no_order();
    if (!mark.key.empty()) {
      auto made = rows::find_request(session, ctx.who.sub, mark.key);
      if (made) return repeated<given_review>(std::move(*made), mark.digest);
    }
    auto both = rows::reviews_of(session, order->id);
    for (const auto& r : both) {
      if (r.side == *by) {
        return error{errc::conflict, "already_reviewed", "You have reviewed this order already."};
      }
    }
    if (now > order->closes_at()) {
      return error{errc::conflict, "review_closed",
                   "An order can be reviewed for 14 days after its completion."};
    }
    auto own = write_review(*order, *by, what, now);
    rows::insert(session, own, mark);
    if (both.empty()) return given_review{std::move(own), true};
    both.insert(*by == side::buyer ? both.begin() : both.end(), own);
    for (auto& r : both) publish(session, ctx, r, now);
    return given_review{*by == side::buyer ? both.front() : both.back(), true};
  };
  auto given = co_await db_.write(ctx, std::move(work));
  if (given && given->review.published_at) outbox_.changed().notify();
  co_return given;
}

awaitable<result<given_reply>> store::reply(const context& ctx, std::string review_id,
                                            reply_request what, request_mark mark) {
  auto work = [this, ctx, review_id = std::move(review_id), what = std::move(what),
               mark = std::move(mark)](soci::session& session) -> result<given_reply> {
    auto found = rows::lock_review(session, review_id);
    // A hidden one is nobody's to see, not even that of whom it is about.
    if (!found || !found->published_at) return not_found("The review");
    if (found->about.id != ctx.who.sub) {
      return error{errc::forbidden, "not_yours", "Only whom a review is about can reply to it."};
    }
    if (!mark.key.empty()) {
      auto made = rows::find_reply(session, ctx.who.sub, mark.key);
      if (made) return repeated<given_reply>(std::move(*made), mark.digest);
    }
    if (found->reply) {
      return error{errc::conflict, "already_replied", "You have replied to this review already."};
    }
    found->reply = {what.text, clock_.now()};
    ++found->version;
    rows::update_reply(session, *found, mark);
    outbox_.append(session, ctx, found->id, found->version, {replied(*found)});
    return given_reply{std::move(*found), true};
  };
  auto given = co_await db_.write(ctx, std::move(work));
  if (given && given->created) outbox_.changed().notify();
  co_return given;
}

// Under the lock of its order.
void store::publish(soci::session& session, const context& ctx, review& r, time_point now) {
  if (r.published_at) return;
  r.published_at = now;
  ++r.version;
  if (!rows::mark_published(session, r)) return;
  std::optional<rating_sum> gig;
  if (r.side == side::buyer) gig = rows::count_mark(session, "gig", r.gig_id, r.rating);
  auto about =
      rows::count_mark(session, r.side == side::buyer ? "seller" : "buyer", r.about.id, r.rating);
  outbox_.append(session, ctx, r.id, r.version, {reviews::published(r, gig, about)});
}

awaitable<result<std::vector<review>>> store::published(const context& ctx, filter which,
                                                        std::size_t limit, position after) {
  using found = result<std::vector<review>>;
  auto work = [which = std::move(which), limit,
               after = std::move(after)](soci::session& session) -> found {
    auto column = which.field == filter::by::gig ? "gig_id" : "about_id";
    return rows::published(session, column, which.id, which.mark, after.published_at, after.id,
                           limit);
  };
  co_return co_await db_.read(ctx, std::move(work));
}

awaitable<result<std::vector<review>>> store::of_order(const context& ctx, std::string order_id) {
  using found = result<std::vector<review>>;
  auto work = [actor = ctx.who.sub,
               order_id = std::move(order_id)](soci::session& session) -> found {
    auto out = rows::reviews_of(session, order_id);
    std::erase_if(out, [&](const review& r) {
      return r.from.id != actor && !(r.about.id == actor && r.published_at);
    });
    return out;
  };
  co_return co_await db_.read(ctx, std::move(work));
}

awaitable<result<std::vector<std::string>>> store::due(const context& ctx, std::size_t limit) {
  using found = result<std::vector<std::string>>;
  co_return co_await db_.read(ctx, [now = clock_.now(), limit](soci::session& session) -> found {
    return rows::due_orders(session, now, limit);
  });
}

awaitable<result<void>> store::publish_due(const context& ctx, std::string order_id) {
  auto work = [this, ctx, order_id = std::move(order_id)](soci::session& session) -> result<void> {
    auto now = clock_.now();
    // Whoever has locked it publishes it, or leaves it to be found due again.
    auto order = rows::lock_order(session, order_id, true);
    if (!order) return {};
    for (auto& r : rows::reviews_of(session, order->id)) {
      if (r.due_at <= now) publish(session, ctx, r, now);
    }
    return {};
  };
  CO_TRY_VOID(co_await db_.write(ctx, std::move(work)));
  outbox_.changed().notify();
  co_return result<void>{};
}

events::fact_source store::facts() {
  using page = result<std::vector<events::retold>>;
  auto read = [this](const context& ctx, std::string after, std::size_t limit) {
    return db_.read(ctx, [after = std::move(after), limit](soci::session& session) -> page {
      std::vector<events::retold> out;
      for (const auto& r : rows::published_behind(session, after, limit)) {
        bool by_buyer = r.side == side::buyer;
        std::optional<rating_sum> gig;
        if (by_buyer) gig = rows::sum_of(session, "gig", r.gig_id);
        auto about = rows::sum_of(session, by_buyer ? "seller" : "buyer", r.about.id);
        out.push_back({r.id, r.version, {reviews::published(r, gig, about)}});
        if (r.reply) out.back().facts.push_back(replied(r));
      }
      return out;
    });
  };
  return {source, std::move(read)};
}

}  // namespace oficio::reviews
