#include "services/gigs/events.hpp"

#include "platform/json/json.hpp"

namespace oficio::gigs {
namespace {

// What gigs reads of others' events; the rest is not its business.
struct language_told {
  std::string code;
};
BOOST_DESCRIBE_STRUCT(language_told, (), (code))

struct seller_told {
  std::string id;
  std::string username;
  std::optional<std::string> avatar;
  gigs::rating rating;
  std::string country;
  std::vector<language_told> languages;
};
BOOST_DESCRIBE_STRUCT(seller_told, (), (id, username, avatar, rating, country, languages))

struct rating_told {
  std::string id;
  std::int64_t version = 0;
  double average = 0;
  std::int64_t count = 0;
  std::array<std::int64_t, 5> histogram{};
};
BOOST_DESCRIBE_STRUCT(rating_told, (), (id, version, average, count, histogram))

struct review_data {
  std::optional<rating_told> gig_rating;
};
BOOST_DESCRIBE_STRUCT(review_data, (), (gig_rating))

struct order_told {
  std::string id;
  std::optional<std::string> gig_id;
};
BOOST_DESCRIBE_STRUCT(order_told, (), (id, gig_id))

error malformed(const events::envelope& e, const std::string& what) {
  return {errc::bad_request, "malformed_event", e.type + " " + e.id + " has no " + what + "."};
}

awaitable<result<void>> on_seller(service& s, const events::envelope& e, const context& ctx) {
  auto* data = e.data.if_contains("seller");
  if (!data) co_return malformed(e, "seller");
  CO_TRY(auto told, json::from_stored<seller_told>(*data));
  if (told.id.empty()) co_return malformed(e, "seller.id");
  seller_card card{told.id, told.username, told.avatar, told.rating, told.country, {}, e.version()};
  for (auto& language : told.languages) card.languages.push_back(std::move(language.code));
  co_return co_await s.seller_told(ctx, std::move(card));
}

awaitable<result<void>> on_review(service& s, const events::envelope& e, const context& ctx) {
  CO_TRY(auto told, json::from_stored<review_data>(json::value(e.data)));
  if (!told.gig_rating) co_return result<void>{};  // a seller about a buyer
  const auto& r = *told.gig_rating;
  if (r.id.empty()) co_return malformed(e, "gig_rating.id");
  co_return co_await s.rating_told(ctx, r.id, r.version, {r.average, r.count, r.histogram});
}

awaitable<result<void>> on_order(service& s, const events::envelope& e, const context& ctx) {
  auto* data = e.data.if_contains("order");
  if (!data) co_return malformed(e, "order");
  CO_TRY(auto told, json::from_stored<order_told>(*data));
  if (told.id.empty()) co_return malformed(e, "order.id");
  // A custom offer need not be about a gig.
  if (!told.gig_id || told.gig_id->empty()) co_return result<void>{};
  co_return co_await s.sale_told(ctx, *told.gig_id, told.id);
}

awaitable<result<void>> on_own(service& s, const events::envelope& e, const context& ctx) {
  co_return co_await s.index_again(ctx, e.subject, e.version());
}

using reaction = awaitable<result<void>> (*)(service&, const events::envelope&, const context&);

hosting::subscription listen(std::string queue, std::string pattern, std::shared_ptr<service> s,
                             reaction react) {
  events::queue q{.name = std::move(queue), .patterns = {std::move(pattern)}};
  return {std::move(q), [s = std::move(s), react](const events::envelope& e, const context& ctx) {
            return react(*s, e, ctx);
          }};
}

}  // namespace

std::vector<hosting::subscription> subscriptions(std::shared_ptr<service> s) {
  return {listen("gigs.own", "gigs.gig.*", s, on_own),
          listen("gigs.sellers", "users.seller.*", s, on_seller),
          listen("gigs.reviews", "reviews.review.published", s, on_review),
          listen("gigs.orders", "orders.order.completed", s, on_order)};
}

}  // namespace oficio::gigs
