#include "app/seed/seed.hpp"

#include <algorithm>
#include <exception>
#include <iostream>
#include <set>

#include <boost/asio/co_spawn.hpp>

#include "app/seed/client.hpp"
#include "app/seed/codes.hpp"
#include "app/seed/offers.hpp"
#include "app/seed/texts.hpp"
#include "app/seed/trading.hpp"

namespace oficio::app {
namespace {

// Everybody's in the samples. It protects nothing: samples are for trying out.
constexpr std::string_view sample_password = "ejemplo de oficio 2026";
constexpr std::size_t gigs_each = 10;
constexpr std::size_t trades = 12;
constexpr std::uint32_t luck = 20'260'101;

class seeding {
 public:
  seeding(boost::asio::io_context& io, std::string url) : market_(io, std::move(url)) {}

  awaitable<result<void>> run(seed_options options) {
    if (options.if_empty) {
      CO_TRY(bool filled, co_await has_gigs());
      if (filled) co_return co_await tell_if_sampled();
    }
    CO_TRY_VOID(co_await make_people());
    CO_TRY_VOID(co_await make_gigs());
    CO_TRY_VOID(co_await make_trades());
    tell();
    co_return result<void>{};
  }

 private:
  awaitable<result<bool>> has_gigs() {
    CO_TRY(auto page, co_await market_.must({http::method::get, "/gigs/search?limit=1"}));
    auto* total = page.is_object() ? page.get_object().if_contains("total") : nullptr;
    co_return total && total->is_number() && total->to_number<double>() > 0;
  }

  awaitable<result<void>> make_people() {
    std::cout << "Samples: " << sample_sellers().size() << " sellers and " << sample_buyers().size()
              << " buyers sign up" << std::endl;
    for (const auto& who : sample_sellers()) {
      CO_TRY(auto token, co_await join(who));
      CO_TRY_VOID(co_await become_seller(who, token));
      sellers_.push_back({&who, token});
    }
    for (const auto& who : sample_buyers()) {
      CO_TRY(auto token, co_await join(who));
      buyers_.push_back({&who, token});
    }
    co_return result<void>{};
  }

  // Signs up, or in if an earlier run did; gives the access token.
  awaitable<result<std::string>> join(const person& who) {
    std::string name(who.username);
    json::value form{{"username", name},
                     {"email", name + "@example.com"},
                     {"password", sample_password},
                     {"country", who.country},
                     {"locale", who.locale}};
    CO_TRY(auto got, co_await market_.ask({http::method::post, "/auth/signup", {}, form}));
    if (got.status == 409) {
      json::value login{{"login", name}, {"password", sample_password}};
      CO_TRY(got, co_await market_.ask({http::method::post, "/auth/signin", {}, login}));
    }
    if (got.status == 202) {
      CO_TRY(got, co_await answer_challenge(market_, name, got.body));
    }
    auto token = text_of(got.body, "access_token");
    if (token.empty()) {
      co_return error{errc::bad_upstream, "refused",
                      name + " cannot sign up or in, the market answered " +
                          std::to_string(got.status) + ": " + text_of(got.body, "detail")};
    }
    co_return token;
  }

  awaitable<result<void>> become_seller(const person& who, std::string token) {
    CO_TRY(auto got,
           co_await market_.ask({http::method::post, "/sellers", token, make_profile(who)}));
    if (got.status == 201 || got.status == 200 || got.status == 409) co_return result<void>{};
    co_return error{errc::bad_upstream, "refused",
                    std::string(who.username) + " cannot become a seller, the market answered " +
                        std::to_string(got.status) + ": " + json::to_text(got.body)};
  }

  awaitable<result<void>> make_gigs() {
    CO_TRY(auto categories, co_await market_.must({http::method::get, "/categories"}));
    auto shelves = read_shelves(categories);
    if (shelves.empty()) {
      co_return error{errc::bad_upstream, "no_categories", "The market has no categories."};
    }
    std::cout << "Samples: " << sellers_.size() * gigs_each << " gigs" << std::endl;
    dice chance(luck);
    for (const auto& seller : sellers_) {
      auto own = shelves_of(*seller.who, shelves);
      std::set<std::string> titles;
      for (std::size_t k = 0; k < gigs_each; ++k) {
        auto offer = make_offer(*seller.who, own[k % own.size()], "USD", chance);
        // Nobody offers the same twice; where words run out, so be it.
        for (int again = 0; again < 10 && titles.contains(text_of(offer, "title")); ++again) {
          offer = make_offer(*seller.who, own[k % own.size()], "USD", chance);
        }
        titles.insert(text_of(offer, "title"));
        CO_TRY(auto gig, co_await publish(seller, std::move(offer), k));
        if (k == 0) first_gigs_.push_back(std::move(gig));
      }
    }
    co_return result<void>{};
  }

  // Those of the seller's own category; all if this market has no such category.
  static std::vector<shelf> shelves_of(const person& seller, const std::vector<shelf>& all) {
    std::vector<shelf> own;
    for (const auto& one : all) {
      if (one.category == seller.field) own.push_back(one);
    }
    return own.empty() ? all : own;
  }

  awaitable<result<json::value>> publish(member seller, json::value offer, std::size_t number) {
    auto key = "sample-gig-" + std::string(seller.who->username) + "-" + std::to_string(number);
    // Services learn a moment later that somebody sells.
    co_return co_await market_.must_soon(
        {http::method::post, "/gigs", seller.token, std::move(offer), std::move(key)});
  }

  awaitable<result<void>> make_trades() {
    std::cout << "Samples: " << trades << " orders with conversations and reviews" << std::endl;
    dice chance(luck + 1);
    for (std::size_t i = 0; i < trades; ++i) {
      // The first sellers sell most, and ana most of all.
      auto seller = i % 3 == 0 ? 0 : i % sellers_.size();
      purchase next{buyers_[i % buyers_.size()], sellers_[seller], first_gigs_[seller],
                    "sample-order-" + std::to_string(i)};
      CO_TRY_VOID(co_await trade_once(market_, std::move(next), chance));
    }
    co_return result<void>{};
  }

  // A market with gigs may have no samples at all: then there is nobody to name.
  awaitable<result<void>> tell_if_sampled() {
    auto name = std::string(sample_sellers().front().username);
    CO_TRY(auto got, co_await market_.ask({http::method::get, "/sellers/" + name}));
    if (got.status == 200) tell();
    co_return result<void>{};
  }

  static void tell() {
    std::cout << "Sample users: the seller \"" << sample_sellers().front().username
              << "\" and the buyer \"" << sample_buyers().front().username << "\", password \""
              << sample_password << "\"" << std::endl;
  }

  client market_;
  std::vector<member> sellers_;
  std::vector<member> buyers_;
  std::vector<json::value> first_gigs_;  // of each seller
};

}  // namespace

awaitable<int> run_seed(boost::asio::io_context& io, std::string url, seed_options options) {
  seeding work(io, url);
  auto done = co_await work.run(options);
  if (done.has_value()) co_return 0;
  std::cerr << "oficio seed: " << url << ": " << done.error().detail << std::endl;
  co_return 1;
}

int seed(const std::string& url, const seed_options& options) {
  boost::asio::io_context io(1);
  int status = 1;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, run_seed(io, url, options), [&](std::exception_ptr e, int s) {
    failure = e;
    status = s;
    // Kept-alive connections would hold the loop.
    io.stop();
  });
  io.run();
  if (failure) std::rethrow_exception(failure);
  return status;
}

}  // namespace oficio::app
