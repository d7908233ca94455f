#include "payments_conformance.hpp"

#include <filesystem>
#include <future>
#include <vector>

#include <stdlib.h>

#include "conformance/support.hpp"

namespace oficio::payments::conformance {
namespace {

constexpr const char* good = "4242424242424242";
constexpr const char* declined = "4000000000000002";
constexpr const char* confirmed = "4000000000003220";

card typed(std::string number) {
  return {std::move(number), "12/39", "123"};
}

using oficio::conformance::run;

}  // namespace

void payments_conformance::SetUp() {
  std::string pattern = std::filesystem::temp_directory_path() / "payments-XXXXXX";
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
  pool_ = std::make_unique<runtime::blocking_pool>("payments", 2, 64);
  restart();
}

void payments_conformance::TearDown() {
  provider_.reset();
  pool_.reset();
  std::filesystem::remove_all(folder_);
}

void payments_conformance::restart() {
  provider_.reset();
  provider_ = GetParam().make(folder_, *pool_, clock_);
}

result<charge> payments_conformance::start(const std::string& attempt_id, const std::string& number,
                                           std::int64_t amount) {
  context ctx;
  return run(provider_->start(ctx, attempt_id, {amount, "USD"}, typed(number)));
}

result<charge> payments_conformance::confirm(const std::string& attempt_id,
                                             const std::string& token) {
  context ctx;
  return run(provider_->confirm(ctx, attempt_id, token));
}

result<std::optional<charge>> payments_conformance::lookup(const std::string& attempt_id) {
  context ctx;
  return run(provider_->lookup(ctx, attempt_id));
}

result<void> payments_conformance::refund(const std::string& attempt_id) {
  context ctx;
  return run(provider_->refund(ctx, attempt_id));
}

TEST_P(payments_conformance, a_good_card_is_charged) {
  auto made = start("a1", good);
  ASSERT_TRUE(made.has_value()) << made.error().detail;
  EXPECT_EQ(made->outcome, outcome::succeeded);
  EXPECT_EQ(made->attempt_id, "a1");
  EXPECT_FALSE(made->reference.empty());
  EXPECT_TRUE(made->confirmation_token.empty());
}

TEST_P(payments_conformance, a_declined_card_says_why) {
  auto made = start("a1", declined);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->outcome, outcome::declined);
  EXPECT_EQ(made->decline_code, "card_declined");
}

TEST_P(payments_conformance, the_same_attempt_is_answered_the_same_for_ever) {
  for (const auto* number : {good, declined, confirmed}) {
    auto first = start(number, number);
    auto again = start(number, number);
    restart();
    auto later = start(number, number);
    ASSERT_TRUE(first.has_value() && again.has_value() && later.has_value());
    for (const auto& other : {*again, *later}) {
      EXPECT_EQ(other.outcome, first->outcome);
      EXPECT_EQ(other.reference, first->reference);
      EXPECT_EQ(other.decline_code, first->decline_code);
      EXPECT_EQ(other.confirmation_token, first->confirmation_token);
    }
  }
}

TEST_P(payments_conformance, one_attempt_has_one_amount) {
  ASSERT_TRUE(start("a1", good, 100).has_value());
  auto other = start("a1", good, 200);
  ASSERT_TRUE(other.has_error());
  EXPECT_EQ(other.error().kind, errc::conflict);
}

TEST_P(payments_conformance, racing_starts_of_one_attempt_make_one_charge) {
  context ctx;
  std::vector<awaitable<result<charge>>> racing;
  for (int i = 0; i < 16; ++i) {
    racing.push_back(driver().start(ctx, "a1", {500, "USD"}, typed(good)));
  }
  std::string reference;
  for (auto& made : oficio::conformance::run_all(std::move(racing))) {
    ASSERT_TRUE(made.has_value());
    if (reference.empty()) reference = made->reference;
    EXPECT_EQ(made->reference, reference);
  }
}

TEST_P(payments_conformance, lookup_tells_what_happened_even_after_a_restart) {
  ASSERT_TRUE(start("a1", good).has_value());
  ASSERT_TRUE(start("a2", declined).has_value());
  restart();
  EXPECT_EQ(lookup("a1").value()->outcome, outcome::succeeded);
  EXPECT_EQ(lookup("a2").value()->outcome, outcome::declined);
  EXPECT_FALSE(lookup("never").value().has_value());
}

TEST_P(payments_conformance, a_second_step_completes_the_charge_once) {
  auto made = start("a1", confirmed);
  ASSERT_TRUE(made.has_value());
  ASSERT_EQ(made->outcome, outcome::needs_confirmation);
  ASSERT_FALSE(made->confirmation_token.empty());
  EXPECT_EQ(lookup("a1").value()->confirmation_token, made->confirmation_token);

  auto wrong = confirm("a1", "guess");
  ASSERT_TRUE(wrong.has_error());
  EXPECT_EQ(wrong.error().kind, errc::invalid);
  EXPECT_EQ(lookup("a1").value()->outcome, outcome::needs_confirmation);

  auto done = confirm("a1", made->confirmation_token);
  auto again = confirm("a1", made->confirmation_token);
  ASSERT_TRUE(done.has_value() && again.has_value());
  EXPECT_EQ(done->outcome, outcome::succeeded);
  EXPECT_EQ(again->outcome, outcome::succeeded);
  EXPECT_EQ(again->reference, made->reference);
}

TEST_P(payments_conformance, nothing_can_be_confirmed_that_did_not_ask_for_it) {
  ASSERT_TRUE(start("a1", good).has_value());
  EXPECT_EQ(confirm("a1", "").error().kind, errc::invalid);
  EXPECT_EQ(confirm("never", "token").error().kind, errc::not_found);
}

TEST_P(payments_conformance, a_refund_may_be_asked_for_again) {
  ASSERT_TRUE(start("a1", good).has_value());
  EXPECT_TRUE(refund("a1").has_value());
  restart();
  EXPECT_TRUE(refund("a1").has_value());
  EXPECT_EQ(refund("never").error().kind, errc::not_found);
}

TEST_P(payments_conformance, a_refund_before_the_second_step_voids_the_attempt) {
  auto made = start("a1", confirmed);
  ASSERT_TRUE(made.has_value());
  ASSERT_TRUE(refund("a1").has_value());
  auto late = confirm("a1", made->confirmation_token);
  ASSERT_TRUE(late.has_value());
  EXPECT_EQ(late->outcome, outcome::declined);
}

TEST_P(payments_conformance, a_mistyped_card_is_refused_and_leaves_no_attempt) {
  context ctx;
  auto refused = run(driver().start(ctx, "a1", {100, "USD"}, {"4242424242424241", "13/39", "1"}));
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().kind, errc::invalid);
  EXPECT_EQ(refused.error().code, "invalid_card");
  std::vector<std::string> pointers;
  for (const auto& v : refused.error().violations) pointers.push_back(v.pointer);
  EXPECT_EQ(pointers, (std::vector<std::string>{"/method/card", "/method/expiry", "/method/cvc"}));
  EXPECT_FALSE(lookup("a1").value().has_value());
  EXPECT_TRUE(start("a1", good).has_value());
}

}  // namespace oficio::payments::conformance
