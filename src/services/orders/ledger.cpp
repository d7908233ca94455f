#include "services/orders/ledger.hpp"

#include <initializer_list>
#include <stdexcept>
#include <utility>

#include "platform/base/money.hpp"
#include "platform/base/uuid.hpp"

namespace oficio::orders {
namespace {

constexpr std::int64_t buyer_fee_basis_points = 550;
constexpr std::int64_t small_order_limit = 7'500;
constexpr std::int64_t small_order_fee = 200;
constexpr std::int64_t seller_fee_basis_points = 2'000;

void book(std::vector<ledger_line>& ledger, const std::string& order_id, const std::string& kind,
          std::initializer_list<std::pair<account, std::int64_t>> amounts, time_point now) {
  std::int64_t sum = 0;
  for (const auto& [to, amount] : amounts) sum += amount;
  if (sum != 0) throw std::logic_error("ledger lines of a " + kind + " do not sum to zero");
  for (const auto& [to, amount] : amounts) {
    auto id = uuid_v5(order_id + "/ledger/" + std::to_string(ledger.size()));
    ledger.push_back({std::move(id), kind, to, amount, now});
  }
}

}  // namespace

std::int64_t buyer_fee(std::int64_t price) {
  return share_of(price, buyer_fee_basis_points) +
         (price < small_order_limit ? small_order_fee : 0);
}

std::int64_t seller_share(std::int64_t price) {
  return price - share_of(price, seller_fee_basis_points);
}

void book_payment(std::vector<ledger_line>& ledger, const std::string& order_id, std::int64_t price,
                  std::int64_t fee, time_point now) {
  book(ledger, order_id, "payment",
       {{account::buyer, -(price + fee)}, {account::escrow, price + fee}}, now);
}

void book_release(std::vector<ledger_line>& ledger, const std::string& order_id, std::int64_t price,
                  std::int64_t fee, time_point now) {
  auto share = seller_share(price);
  book(ledger, order_id, "release",
       {{account::escrow, -(price + fee)},
        {account::seller, share},
        {account::platform, price - share + fee}},
       now);
}

void book_refund(std::vector<ledger_line>& ledger, const std::string& order_id, std::int64_t price,
                 std::int64_t fee, time_point now) {
  book(ledger, order_id, "refund",
       {{account::escrow, -(price + fee)}, {account::buyer, price + fee}}, now);
}

std::int64_t balance_of(const std::vector<ledger_line>& ledger, account of) {
  std::int64_t sum = 0;
  for (const auto& line : ledger) {
    if (line.account == of) sum += line.amount;
  }
  return sum;
}

}  // namespace oficio::orders
