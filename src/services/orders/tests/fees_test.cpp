#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "services/orders/ledger.hpp"

// The web application tells the fee before an order is made, by the rule that the contract gives.
// What orders asks for is that rule, so that nobody is ever asked for another total than they saw.
namespace oficio::orders {
namespace {

std::string contract() {
  std::ifstream file(OFICIO_CONTRACTS "/openapi/orders.yaml");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct rule {
  std::int64_t basis_points = 0;
  std::int64_t small = 0;
  std::int64_t small_under = 0;

  std::int64_t of(std::int64_t price) const {
    return (price * basis_points + 5'000) / 10'000 + (price < small_under ? small : 0);
  }
};

rule contracts_rule() {
  static const std::regex one(
      R"(x-of-price: \{ basis_points: (\d+), small: (\d+), small_under: (\d+) \})");
  auto text = contract();
  std::smatch found;
  if (!std::regex_search(text, found, one)) throw std::runtime_error("no x-of-price in it");
  return {std::stoll(found[1]), std::stoll(found[2]), std::stoll(found[3])};
}

std::map<std::int64_t, std::int64_t> contracts_examples() {
  static const std::regex list(R"(x-of-price-examples: \[(.*)\])");
  static const std::regex pair(R"(\[(\d+), (\d+)\])");
  auto text = contract();
  std::smatch found;
  if (!std::regex_search(text, found, list)) throw std::runtime_error("no x-of-price-examples");
  std::map<std::int64_t, std::int64_t> out;
  std::string all = found[1];
  for (std::sregex_iterator at(all.begin(), all.end(), pair), end; at != end; ++at) {
    out[std::stoll((*at)[1])] = std::stoll((*at)[2]);
  }
  return out;
}

TEST(buyers_fee, is_what_the_contracts_rule_gives) {
  auto by_contract = contracts_rule();
  for (std::int64_t price = 0; price <= 1'000'000; ++price) {
    ASSERT_EQ(buyer_fee(price), by_contract.of(price)) << price;
  }
  // The largest that can be ordered: the highest price, many times.
  EXPECT_EQ(buyer_fee(100'000'000), by_contract.of(100'000'000));
}

TEST(buyers_fee, is_that_of_the_contracts_examples) {
  auto examples = contracts_examples();
  EXPECT_GE(examples.size(), 5U);
  for (auto [price, fee] : examples) EXPECT_EQ(buyer_fee(price), fee) << price;
}

}  // namespace
}  // namespace oficio::orders
