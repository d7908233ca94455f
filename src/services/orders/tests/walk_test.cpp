// Random walks: whatever people, time and the provider do in whatever order, the money is right.
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "order_fixture.hpp"
#include "platform/json/json.hpp"

namespace oficio::orders {
namespace {

using namespace testing_help;

class walker {
 public:
  explicit walker(unsigned seed) : random_(seed), order_(placed(500 + below(20'000))) {}

  void step() {
    now_ += std::chrono::minutes(below(40) ? below(4) : below(5'000));
    side by = static_cast<side>(below(3));
    switch (below(15)) {
      case 9:
        (void)order_.request_revision(by, "again", now_);
        break;
      case 10:
        (void)order_.request_extension(by, 1 + below(30), "flu", now_);
        break;
      case 11:
        (void)order_.answer_extension(by, below(2), now_);
        break;
      case 12:
        (void)order_.answer_cancellation(by, below(4) == 0, now_);
        break;
      case 0:
        begin(by);
        break;
      case 1:
        (void)order_.begin_confirmation(by, now_);
        break;
      case 2:
        (void)order_.submit_requirements(by, {"t", {}, {}}, now_);
        break;
      case 3:
        (void)order_.deliver(by, {"d", "m", {}, {}}, now_);
        break;
      case 4:
        (void)order_.accept(by, now_);
        break;
      case 5:
        (void)(below(4) ? result<void>{} : order_.cancel(by, "no", now_));
        break;
      case 6:
        order_.let_time_pass(now_);
        break;
      case 7:
        order_.fail(some_attempt(), now_);
        break;
      case 8:
        order_.refunded(some_attempt(), now_);
        break;
      default:
        order_.settle(charged(some_attempt(), static_cast<payments::outcome>(below(3))), now_);
    }
  }

  void check() const {
    ASSERT_EQ(sum_of_all(), 0);
    bool holds = order_.status == status::awaiting_requirements ||
                 order_.status == status::in_progress || order_.status == status::delivered;
    ASSERT_EQ(balance_of(order_.ledger, account::escrow), holds ? order_.total() : 0);
    bool done = order_.status == status::completed;
    ASSERT_EQ(balance_of(order_.ledger, account::seller), done ? seller_share(order_.price) : 0);
    ASSERT_EQ(balance_of(order_.ledger, account::buyer), holds || done ? -order_.total() : 0);
    std::int64_t kept = 0, at_provider = 0;
    for (const auto& a : order_.attempts) {
      kept += a.state == attempt_state::succeeded && a.refund == refund_state::none;
      at_provider += a.state == attempt_state::started;
      bool open = a.state == attempt_state::started || a.refund == refund_state::due;
      ASSERT_EQ(a.check_at.has_value(), open);
      if (open) ASSERT_LE(*order_.wake_at, *a.check_at);
    }
    ASSERT_EQ(kept, holds || done ? 1 : 0);
    ASSERT_LE(at_provider, 1);
    ASSERT_EQ(order_.released_at.has_value(), done);
    if (order_.status == status::pending_payment || order_.status == status::delivered) {
      ASSERT_TRUE(order_.wake_at);
    }
  }

  // What is kept is read back as it was.
  void check_kept() const {
    auto kept = json::to_value(order_);
    ASSERT_EQ(json::to_value(json::from_stored<order>(kept).value()), kept);
  }

  orders::status where() const { return order_.status; }

 private:
  std::int64_t below(std::int64_t n) {
    return std::uniform_int_distribution<std::int64_t>(0, n - 1)(random_);
  }
  void begin(side by) {
    (void)order_.begin_attempt(by, trying("a" + std::to_string(++ids_)), now_);
  }
  std::string some_attempt() { return "a" + std::to_string(1 + below(ids_ + 1)); }
  std::int64_t sum_of_all() const {
    std::int64_t sum = 0;
    for (const auto& l : order_.ledger) sum += l.amount;
    return sum;
  }

  std::mt19937_64 random_;
  order order_;
  time_point now_ = start;
  std::int64_t ids_ = 0;
};

TEST(walk, money_is_right_whatever_happens_in_whatever_order) {
  std::map<status, int> ends;
  for (unsigned seed = 0; seed < 800; ++seed) {
    SCOPED_TRACE(seed);
    walker w(seed);
    for (int i = 0; i < 120; ++i) {
      w.step();
      w.check();
      if (testing::Test::HasFatalFailure()) return;
    }
    w.check_kept();
    ++ends[w.where()];
  }
  EXPECT_GT(ends[status::completed], 10);  // the walks do get somewhere
  EXPECT_GT(ends[status::cancelled], 10);
}

}  // namespace
}  // namespace oficio::orders
