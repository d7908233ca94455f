#include "app/seed/acts.hpp"

#include <chrono>

namespace oficio::sample {
namespace {

constexpr std::size_t most_covers = 5'000;
constexpr std::string_view good_card = "4242424242424242";
constexpr std::string_view declined_card = "4000000000000002";

std::string text_at(const json::value& from, std::string_view name) {
  auto* object = from.if_object();
  auto* found = object ? object->if_contains(name) : nullptr;
  auto* text = found ? found->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : std::string();
}

error refused(const call& c, const answer& got) {
  return {errc::bad_upstream, "refused",
          std::string(http::to_string(c.method)) + " " + c.path + " of " + std::string(c.service) +
              " by " + (c.who.username.empty() ? "nobody" : c.who.username) + ": " +
              std::to_string(got.status) + " " + json::to_text(got.body)};
}

std::int64_t year_of(time_point at) {
  return static_cast<int>(
      std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(at)).year());
}

// What the platform adds for the buyer: the contract's 5.5 %, and 2.00 more below 75.00.
std::int64_t with_fee(std::int64_t price) {
  return price + (price * 55 + 500) / 1'000 + (price < 7'500 ? 200 : 0);
}

// What the offer costs that is made instead of that package.
std::int64_t offered_price(std::int64_t package) {
  return package + 2'500;
}

std::string step_path(deed what) {
  switch (what) {
    case deed::pay:
    case deed::fail_to_pay:
      return "/pay";
    case deed::require:
      return "/requirements";
    case deed::deliver:
      return "/deliver";
    case deed::revise:
      return "/revision";
    case deed::accept:
      return "/accept";
    case deed::cancel_as_buyer:
    case deed::cancel_as_seller:
    case deed::ask_to_cancel:
      return "/cancel";
    case deed::agree_to_cancel:
      return "/cancel/approve";
    case deed::refuse_to_cancel:
      return "/cancel/reject";
    case deed::extend:
      return "/extension";
    case deed::agree_to_extend:
      return "/extension/approve";
    default:
      return "/extension/reject";
  }
}

bool is_sellers(deed what) {
  return what == deed::deliver || what == deed::extend || what == deed::cancel_as_seller ||
         what == deed::agree_to_cancel || what == deed::refuse_to_cancel ||
         what == deed::review_as_seller || what == deed::reply;
}

json::value card(std::string_view number) {
  return {{"method", {{"card", number}, {"expiry", "12/40"}, {"cvc", "123"}}}};
}

std::string stars_kind(std::uint8_t stars) {
  constexpr std::string_view kinds[] = {"one", "two", "three", "four", "five"};
  return std::string(kinds[stars - 1]);
}

}  // namespace

actors::actors(const plan& what, const library& texts, const pictures& art, stage& on,
               std::string password, std::string currency)
    : plan_(what),
      texts_(texts),
      art_(art),
      stage_(on),
      password_(std::move(password)),
      currency_(std::move(currency)),
      people_(what.head_count()),
      gigs_(what.gigs.size()),
      titles_(what.gigs.size()),
      orders_(what.stories.size()),
      reviews_(what.stories.size()),
      talks_(what.talks.size()),
      offers_(what.talks.size()) {}

awaitable<result<json::value>> actors::must(call c, int also) {
  CO_TRY(auto got, co_await stage_.ask(c));
  if (got.status / 100 != 2 && got.status != also) co_return refused(c, got);
  co_return std::move(got.body);
}

awaitable<result<void>> actors::perform(happening h, json::object offer) {
  switch (h.what) {
    case deed::join:
      co_return co_await join(h.subject);
    case deed::confirm: {
      json::value form{{"token", stage_.mailed_token(plan_.who(h.subject).email())}};
      CO_TRY_VOID(co_await must({"auth", http::method::post, "/auth/email/verify", {}, form}));
      co_return result<void>{};
    }
    case deed::sell:
      co_return co_await sell(h.subject);
    case deed::publish:
      co_return co_await publish(h.subject, std::move(offer));
    case deed::pause:
    case deed::remove: {
      const auto& seller = people_[plan_.gigs[h.subject].seller];
      call c{"gigs", http::method::del, "/gigs/" + gigs_[h.subject], seller};
      if (h.what == deed::pause) {
        c.method = http::method::put;
        c.path += "/active";
        c.body = {{"active", false}};
      }
      CO_TRY_VOID(co_await must(std::move(c)));
      co_return result<void>{};
    }
    case deed::catch_up: {
      call c{"users", http::method::post, "/users/me/activity/read", people_[h.subject]};
      CO_TRY_VOID(co_await must(std::move(c)));
      co_return result<void>{};
    }
    case deed::favor:
      co_return co_await favor(plan_.favorites[h.subject]);
    case deed::place:
      co_return co_await place(h.subject);
    case deed::review_as_buyer:
    case deed::review_as_seller:
    case deed::reply:
      co_return co_await review(h);
    case deed::say:
    case deed::offer:
      co_return co_await speak(h);
    case deed::take:
      co_return co_await take(h.subject);
    case deed::read:
      co_return co_await read(h.subject);
    default:
      co_return co_await order_step(h);
  }
}

awaitable<result<void>> actors::join(std::uint32_t number) {
  const auto& who = plan_.who(number);
  json::value form{{"username", who.username},
                   {"email", who.email()},
                   {"password", password_},
                   {"country", who.from->country},
                   {"locale", who.locale()}};
  CO_TRY(auto made, co_await must({"auth", http::method::post, "/auth/signup", {}, form}));
  const auto& account = made.as_object().at("account");
  people_[number] = {.sub = text_at(account, "id"),
                     .username = who.username,
                     .roles = {"user"},
                     .locale = who.locale(),
                     .country = who.from->country,
                     .email_verified = true};
  // Not everybody shows a face.
  dice chance(plan_.options.seed, "face", number);
  if (chance.percent(20) && number != 0) co_return result<void>{};
  CO_TRY(auto file, co_await upload("users", "avatar", art_.face(chance.next()), people_[number]));
  CO_TRY_VOID(co_await must(
      {"users", http::method::patch, "/users/me", people_[number], json::value{{"avatar", file}}}));
  co_return result<void>{};
}

awaitable<result<std::string>> actors::upload(std::string_view service, std::string_view purpose,
                                              std::string_view picture, identity who) {
  constexpr std::string_view boundary = "sample-picture-boundary";
  std::string bytes("--");
  bytes.append(boundary)
      .append("\r\nContent-Disposition: form-data; name=\"file\"; filename=\"")
      .append(purpose)
      .append(".webp\"\r\nContent-Type: image/webp\r\n\r\n");
  bytes.append(picture).append("\r\n--").append(boundary).append("--\r\n");
  call c{service, http::method::post, "/files?for=" + std::string(purpose), std::move(who)};
  c.content_type = "multipart/form-data; boundary=" + std::string(boundary);
  c.bytes = std::move(bytes);
  CO_TRY(auto made, co_await must(std::move(c)));
  co_return text_at(made, "id");
}

awaitable<result<void>> actors::sell(std::uint32_t number) {
  auto form =
      make_profile(texts_, plan_.who(number), plan_.options.seed, number, year_of(stage_.now()));
  CO_TRY_VOID(
      co_await must({"users", http::method::post, "/sellers", people_[number], std::move(form)}));
  co_return result<void>{};
}

awaitable<result<void>> actors::publish(std::uint32_t gig, json::object offer) {
  titles_[gig] = text_at(json::value(offer), "title");
  auto cover = art_.cover(std::string(offer.at("subcategory").as_string()),
                          dice(plan_.options.seed, "cover", gig).next());
  // A market that is made for measuring need not have a picture for each of a hundred thousand.
  bool shown = gig % (plan_.gigs.size() / most_covers + 1) == 0;
  if (shown && !cover.empty()) {
    CO_TRY(auto file, co_await upload("gigs", "gig", cover, people_[plan_.gigs[gig].seller]));
    offer["images"] = json::array{json::value(file)};
  }
  CO_TRY(auto made,
         co_await must({"gigs", http::method::post, "/gigs", people_[plan_.gigs[gig].seller],
                        json::value(std::move(offer))}));
  gigs_[gig] = text_at(made, "id");
  co_return result<void>{};
}

awaitable<result<void>> actors::favor(const favorite& what) {
  CO_TRY_VOID(co_await must(
      {"users", http::method::put, "/users/me/favorites/" + gigs_[what.gig], people_[what.buyer]}));
  co_return result<void>{};
}

wording actors::wording_of(std::uint32_t buyer, std::uint32_t gig, dice& chance) {
  const auto& seller = plan_.who(plan_.gigs[gig].seller);
  auto t = make_terms(seller, plan_.options.seed, gig);
  wording say(texts_.in(t.locale), chance);
  say.set("user", seller.first).set("buyer", plan_.who(buyer).first).set("title", titles_[gig]);
  return say;
}

awaitable<result<void>> actors::place(std::uint32_t number) {
  const auto& s = plan_.stories[number];
  auto t = make_terms(plan_.who(plan_.gigs[s.gig].seller), plan_.options.seed, s.gig);
  json::value form{{"gig_id", gigs_[s.gig]},
                   {"package", tier_name(s.package)},
                   {"expected_total", with_fee(t.packages[s.package].price)}};
  CO_TRY(auto made,
         co_await must({"orders", http::method::post, "/orders", people_[s.buyer], form}));
  orders_[number] = text_at(made, "id");
  co_return result<void>{};
}

// What goes with a step of an order.
json::value actors::words_for(const happening& h) {
  const auto& s = plan_.stories[h.subject];
  dice chance(plan_.options.seed, "step",
              (std::uint64_t{h.subject} << 16U) + (h.step << 8U) + static_cast<unsigned>(h.what));
  auto say = wording_of(s.buyer, s.gig, chance);
  auto t = make_terms(plan_.who(plan_.gigs[s.gig].seller), plan_.options.seed, s.gig);
  const auto& voice = t.work->in(t.locale);
  switch (h.what) {
    case deed::pay:
      return card(good_card);
    case deed::fail_to_pay:
      return card(declined_card);
    case deed::require:
      return {{"text", say.one("need") + "\n\n" + say(chance.pick(voice.needs))}};
    case deed::deliver:
      if (h.step > 0) return {{"message", say.one("revised") + "\n\n" + say.one("deliver2")}};
      return {{"message", say.one("deliver") + " " + say(chance.pick(voice.results)) + "\n\n" +
                              say.one("deliver2")}};
    case deed::revise:
      return {{"message", say.one("revise")}};
    case deed::cancel_as_buyer:
      return {{"reason", say.one("cancel_unpaid")}};
    case deed::cancel_as_seller:
      return {{"reason", say.one("cancel_by_seller")}};
    case deed::ask_to_cancel:
      return {{"reason", say.one("cancel")}};
    case deed::extend:
      return {{"days", chance.between(2, 4)}, {"reason", say.one("extend")}};
    default:
      return json::object{};
  }
}

awaitable<result<void>> actors::order_step(const happening& h) {
  const auto& s = plan_.stories[h.subject];
  auto who = is_sellers(h.what) ? plan_.gigs[s.gig].seller : s.buyer;
  CO_TRY_VOID(co_await must(
      {"orders", http::method::post, "/orders/" + orders_[h.subject] + step_path(h.what),
       people_[who], words_for(h)},
      h.what == deed::fail_to_pay ? 402 : 0));
  co_return result<void>{};
}

json::value actors::judgement(const happening& h) {
  const auto& s = plan_.stories[h.subject];
  dice chance(plan_.options.seed, h.what == deed::review_as_buyer ? "praise" : "thanks", h.subject);
  auto say = wording_of(s.buyer, s.gig, chance);
  if (h.what == deed::reply) return {{"text", say.one(s.stars > 3 ? "reply" : "sorry")}};
  if (h.what == deed::review_as_seller) {
    return {{"rating", s.seller_stars}, {"text", say.one("thanks")}};
  }
  auto t = make_terms(plan_.who(plan_.gigs[s.gig].seller), plan_.options.seed, s.gig);
  const auto& voice = t.work->in(t.locale);
  std::string text;
  if (s.stars == 5 && chance.percent(55)) text = say(chance.pick(voice.praise));
  if ((s.stars == 3 || s.stars == 4) && chance.percent(40))
    text = say(chance.pick(voice.complaints));
  if (text.empty()) text = say.one(stars_kind(s.stars));
  return {{"rating", s.stars}, {"text", std::move(text)}};
}

awaitable<result<void>> actors::review(const happening& h) {
  const auto& s = plan_.stories[h.subject];
  auto who = is_sellers(h.what) ? plan_.gigs[s.gig].seller : s.buyer;
  auto path = h.what == deed::reply ? "/reviews/" + reviews_[h.subject] + "/reply"
                                    : "/orders/" + orders_[h.subject] + "/review";
  CO_TRY(auto made,
         co_await must({"reviews", http::method::post, path, people_[who], judgement(h)}));
  if (h.what == deed::review_as_buyer) reviews_[h.subject] = text_at(made, "id");
  co_return result<void>{};
}

awaitable<result<void>> actors::speak(const happening& h) {
  const auto& t = plan_.talks[h.subject];
  auto seller = plan_.gigs[t.gig].seller;
  if (talks_[h.subject].empty()) {
    json::value form{{"with", plan_.who(seller).username}, {"gig_id", gigs_[t.gig]}};
    CO_TRY(auto made,
           co_await must({"chat", http::method::post, "/conversations", people_[t.buyer], form}));
    talks_[h.subject] = text_at(made, "id");
  }
  const auto& next = t.lines[h.step];
  dice chance(plan_.options.seed, next.kind, (std::uint64_t{h.subject} << 8U) + h.step);
  auto say = wording_of(t.buyer, t.gig, chance);
  auto path = "/conversations/" + talks_[h.subject];
  auto text = say.one(std::string(next.kind));
  if (h.what == deed::offer) {
    auto form = own_terms(t.gig);
    form["description"] = text;
    CO_TRY(auto made, co_await must({"chat", http::method::post, path + "/offers", people_[seller],
                                     json::value(std::move(form))}));
    offers_[h.subject] = text_at(made, "id");
    co_return result<void>{};
  }
  json::value form{{"text", std::move(text)}};
  CO_TRY_VOID(co_await must({"chat", http::method::post, path + "/messages",
                             people_[next.by_buyer ? t.buyer : seller], std::move(form)}));
  co_return result<void>{};
}

// A little more than the smallest package.
json::object actors::own_terms(std::uint32_t gig) {
  auto t = make_terms(plan_.who(plan_.gigs[gig].seller), plan_.options.seed, gig);
  const auto& p = t.packages.front();
  return {{"gig_id", gigs_[gig]},
          {"price", {{"amount", offered_price(p.price)}, {"currency", currency_}}},
          {"delivery_days", p.days + 1},
          {"revisions", p.revisions + 1}};
}

awaitable<result<void>> actors::take(std::uint32_t number) {
  const auto& t = plan_.talks[number];
  auto terms = make_terms(plan_.who(plan_.gigs[t.gig].seller), plan_.options.seed, t.gig);
  auto total = with_fee(offered_price(terms.packages.front().price));
  json::value form{{"offer_id", offers_[number]}, {"expected_total", total}};
  CO_TRY(auto made,
         co_await must({"orders", http::method::post, "/orders", people_[t.buyer], form}));
  CO_TRY_VOID(co_await must({"orders", http::method::post,
                             "/orders/" + text_at(made, "id") + step_path(deed::pay),
                             people_[t.buyer], card(good_card)}));
  co_return result<void>{};
}

awaitable<result<void>> actors::read(std::uint32_t number) {
  const auto& t = plan_.talks[number];
  auto last = t.lines.size() - std::max(t.unread_by_buyer, t.unread_by_seller);
  json::value mark{{"seq", last}};
  for (auto who : {t.buyer, plan_.gigs[t.gig].seller}) {
    CO_TRY_VOID(co_await must({"chat", http::method::post,
                               "/conversations/" + talks_[number] + "/read", people_[who], mark}));
  }
  co_return result<void>{};
}

}  // namespace oficio::sample
