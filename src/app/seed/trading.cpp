#include "app/seed/trading.hpp"

#include <cstdint>

namespace oficio::app {
namespace {

constexpr std::int64_t small_price = 7'500;
constexpr std::int64_t small_fee = 200;

// The buyer's fee as the contract has it: 5.5 %, rounded half up, and 2.00 for prices under 75.00.
std::int64_t total_of(std::int64_t price) {
  return price + (price * 55 + 500) / 1'000 + (price < small_price ? small_fee : 0);
}

call post(std::string path, const member& who, json::value body, std::string key = {}) {
  return {http::method::post, std::move(path), who.token, std::move(body), std::move(key)};
}

class trading {
 public:
  trading(client& market, purchase what, dice& chance)
      : market_(market),
        what_(std::move(what)),
        words_(phrases_of(what_.buyer.who->locale)),
        seller_words_(phrases_of(what_.seller.who->locale)),
        chance_(chance) {}

  awaitable<result<void>> run() {
    CO_TRY_VOID(co_await talk());
    CO_TRY(auto placed, co_await order());
    auto path = "/orders/" + text_of(placed, "id");
    CO_TRY_VOID(co_await pay_and_work(path, text_of(placed, "status")));
    co_return co_await review(path);
  }

 private:
  awaitable<result<void>> talk() {
    auto gig_id = text_of(what_.gig, "id");
    json::value opening{{"with", what_.seller.who->username}, {"gig_id", gig_id}};
    CO_TRY(auto conversation,
           co_await market_.must_soon(post("/conversations", what_.buyer, std::move(opening))));
    auto path = "/conversations/" + text_of(conversation, "id") + "/messages";
    CO_TRY_VOID(co_await say(path, what_.buyer, chance_.pick(words_.hellos), "-hello"));
    co_return co_await say(path, what_.seller, chance_.pick(seller_words_.answers), "-answer");
  }

  awaitable<result<void>> say(std::string path, member who, std::string_view text,
                              std::string_view suffix) {
    json::value body{{"client_id", what_.key + std::string(suffix)}, {"text", text}};
    CO_TRY_VOID(co_await market_.must_soon(post(std::move(path), who, std::move(body))));
    co_return result<void>{};
  }

  awaitable<result<json::value>> order() {
    const auto& price = what_.gig.at("packages").at(0).at("price");
    auto total = total_of(price.at("amount").to_number<std::int64_t>());
    json::value body{
        {"gig_id", text_of(what_.gig, "id")}, {"package", "basic"}, {"expected_total", total}};
    co_return co_await market_.must_soon(post("/orders", what_.buyer, std::move(body), what_.key));
  }

  // Each step only if the order still waits for it.
  awaitable<result<void>> pay_and_work(std::string path, std::string status) {
    if (status == "pending_payment") {
      json::value card{{"card", "4242424242424242"}, {"expiry", "12/39"}, {"cvc", "123"}};
      CO_TRY(status, co_await step(
                         post(path + "/pay", what_.buyer, {{"method", card}}, what_.key + "-pay")));
    }
    if (status == "awaiting_requirements") {
      json::value body{{"text", chance_.pick(words_.requirements)}};
      CO_TRY(status, co_await step(post(path + "/requirements", what_.buyer, std::move(body))));
    }
    if (status == "in_progress") {
      json::value body{{"message", chance_.pick(seller_words_.deliveries)}};
      CO_TRY(status, co_await step(post(path + "/deliver", what_.seller, std::move(body))));
    }
    if (status == "delivered") {
      CO_TRY(status, co_await step(post(path + "/accept", what_.buyer, json::object())));
    }
    co_return result<void>{};
  }

  awaitable<result<std::string>> step(call c) {
    CO_TRY(auto order, co_await market_.must(std::move(c)));
    co_return text_of(order, "status");
  }

  awaitable<result<void>> review(std::string path) {
    auto rating = 5 - static_cast<int>(chance_.below(3)) / 2;
    CO_TRY_VOID(co_await write_review(path, what_.buyer, rating, chance_.pick(words_.praise)));
    co_return co_await write_review(path, what_.seller, 5, chance_.pick(seller_words_.thanks));
  }

  awaitable<result<void>> write_review(std::string path, member who, int rating,
                                       std::string_view text) {
    CO_TRY(auto order, co_await market_.must({http::method::get, path, who.token}));
    const auto* side = who.who == what_.buyer.who ? "buyer" : "seller";
    auto* marks = order.is_object() ? order.get_object().if_contains("reviews") : nullptr;
    auto* mine = marks && marks->is_object() ? marks->get_object().if_contains(side) : nullptr;
    if (mine && !mine->is_null()) co_return result<void>{};
    json::value body{{"rating", rating}, {"text", text}};
    CO_TRY_VOID(co_await market_.must_soon(post(path + "/review", who, std::move(body))));
    co_return result<void>{};
  }

  client& market_;
  purchase what_;
  const phrases& words_;
  const phrases& seller_words_;
  dice& chance_;
};

}  // namespace

awaitable<result<void>> trade_once(client& market, purchase what, dice& chance) {
  trading one(market, std::move(what), chance);
  co_return co_await one.run();
}

}  // namespace oficio::app
