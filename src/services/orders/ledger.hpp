#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/time.hpp"

namespace oficio::orders {

// Whose money a ledger line moves. Money comes from the buyer, rests in escrow, and ends with the
// seller and the platform, or with the buyer again.
enum class account { buyer, escrow, seller, platform };
BOOST_DESCRIBE_ENUM(account, buyer, escrow, seller, platform)

// One line of double-entry bookkeeping: `amount` (minor units) came to the account, or left it when
// negative. Lines are only ever appended; the lines of one movement sum to zero.
struct ledger_line {
  std::string id;
  std::string kind;  // "payment", "release", "refund"
  orders::account account = orders::account::buyer;
  std::int64_t amount = 0;
  time_point at;
};
BOOST_DESCRIBE_STRUCT(ledger_line, (), (id, kind, account, amount, at))

// What the buyer pays on top of `price`: 5.5 % rounded half up, and 2.00 more under 75.00.
std::int64_t buyer_fee(std::int64_t price);

// What is left for the seller of `price` after the platform's 20 %.
std::int64_t seller_share(std::int64_t price);

// The movements of an order with that price and fee. `order_id` and the number of lines before them
// make their ids.
void book_payment(std::vector<ledger_line>& ledger, const std::string& order_id, std::int64_t price,
                  std::int64_t fee, time_point now);
void book_release(std::vector<ledger_line>& ledger, const std::string& order_id, std::int64_t price,
                  std::int64_t fee, time_point now);
void book_refund(std::vector<ledger_line>& ledger, const std::string& order_id, std::int64_t price,
                 std::int64_t fee, time_point now);

std::int64_t balance_of(const std::vector<ledger_line>& ledger, account of);

}  // namespace oficio::orders
