#include "platform/telemetry/tracer.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "platform/telemetry/tests/kept.hpp"

namespace oficio::telemetry {
namespace {

class tracer_test : public testing::Test {
 protected:
  static tracer::options keeping(double share) {
    return {.share = share, .per_second = 0, .slow = std::chrono::seconds(10)};
  }

  static span a_span(tracer& by, const context& ctx) {
    return {by.find(ctx), {"find orders", "db", "mongodb", "query", "mongodb/orders"}};
  }
  // As those do who begin work.
  static work begin(tracer& by, std::string_view service, std::string_view type, context& ctx,
                    caller who) {
    auto out = by.begin(service, type, ctx.trace, who);
    ctx.trace.sampled = out.is_recorded();
    return out;
  }
  static void end(work t, std::string_view outcome = "success") {
    if (t.end(outcome)) t.tell({.name = "GET /orders", .result = "HTTP 2xx"});
  }

  kept_records kept_;
  context ctx_ = context::for_system();
};

TEST_F(tracer_test, spans_belong_to_the_transaction_of_their_context) {
  tracer by(kept_, {}, keeping(1));
  auto t = begin(by, "orders", "request", ctx_, caller::outside);
  {
    auto s = a_span(by, ctx_);
  }
  {
    auto s = a_span(by, ctx_);
    s.fail();
  }
  end(std::move(t), "success");
  auto spans = kept_.of(kind::span);
  auto transactions = kept_.of(kind::transaction);
  ASSERT_EQ(spans.size(), 2U);
  ASSERT_EQ(transactions.size(), 1U);
  EXPECT_EQ(at(spans[0], "trace.id"), ctx_.trace.trace_id);
  EXPECT_EQ(at(spans[0], "parent.id"), ctx_.trace.span_id);
  EXPECT_EQ(at(spans[0], "transaction.id"), ctx_.trace.span_id);
  EXPECT_EQ(at(spans[0], "service.name"), "orders");
  EXPECT_NE(at(spans[0], "span.id"), at(spans[1], "span.id"));
  EXPECT_EQ(at(spans[0], "event.outcome"), "success");
  EXPECT_EQ(at(spans[1], "event.outcome"), "failure");
  EXPECT_EQ(at(transactions[0], "transaction.span_count.started"), "2");
}

TEST_F(tracer_test, calls_are_added_up_by_the_minute_and_where_they_went) {
  auto o = keeping(1);
  o.adds_up = true;
  tracer by(kept_, {}, o);
  span_facts call;
  call.service = "orders";
  call.type = "db";
  call.subtype = "mongodb";
  call.target = "mongodb/orders";
  call.trace = ctx_.trace;
  constexpr std::int64_t minute = 60'000'000;
  auto called = [&](std::int64_t at_us, std::int64_t took_us, std::string_view outcome) {
    call.time_us = at_us;
    call.duration_us = took_us;
    call.outcome = outcome;
    by.tell(call);
  };
  called(minute, 100, "success");
  called(2 * minute - 1, 50, "success");
  called(minute + 7, 9, "failure");
  called(2 * minute, 1, "success");
  by.tell_sums(2 * minute - 1);
  EXPECT_TRUE(kept_.of(kind::metric).empty()) << "the minute is not over";
  by.tell_sums(2 * minute);
  auto told = kept_.of(kind::metric);
  ASSERT_EQ(told.size(), 2U);
  auto& failed = at(told[0], "event.outcome") == "failure" ? told[0] : told[1];
  auto& went_well = &failed == told.data() ? told[1] : told[0];
  EXPECT_EQ(went_well.time_us, minute);
  EXPECT_EQ(at(went_well, "_doc_count"), "2");
  EXPECT_EQ(at(went_well, "span.destination.service.response_time.sum.us"), "150");
  EXPECT_EQ(at(failed, "_doc_count"), "1");
  by.tell_sums(2 * minute);
  EXPECT_EQ(kept_.of(kind::metric).size(), 2U) << "said once";
  by.tell_sums(std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(kept_.of(kind::metric).size(), 3U);
}

// One of two that are kept stands for both; what would not have been kept stands for none.
TEST(destinations, calls_count_for_as_many_as_they_stand_for) {
  destinations sums;
  span_facts call;
  call.target = "mongodb/orders";
  call.duration_us = 10;
  call.weight = 2;
  sums.add(call);
  call.weight = 0;
  sums.add(call);
  call.target.clear();
  call.weight = 1;
  sums.add(call);
  auto all = sums.take(std::numeric_limits<std::int64_t>::max());
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].count, 2);
  EXPECT_EQ(all[0].sum_us, 20);
}

TEST(destinations, have_bounds) {
  destinations sums;
  span_facts call;
  for (int i = 0; i < 3'000; ++i) {
    call.target = std::to_string(i);
    sums.add(call);
  }
  EXPECT_EQ(sums.take(std::numeric_limits<std::int64_t>::max()).size(), 1'000U);
}

TEST_F(tracer_test, what_is_called_is_below_its_span) {
  tracer by(kept_, {}, keeping(1));
  auto t = begin(by, "gateway", "request", ctx_, caller::outside);
  context below = ctx_;
  {
    auto s = a_span(by, ctx_);
    below.trace = s.below().child();
  }
  end(std::move(t), "success");
  EXPECT_EQ(at(kept_.of(kind::span)[0], "span.id"), below.trace.parent_id);
  EXPECT_EQ(below.trace.trace_id, ctx_.trace.trace_id);
}

TEST_F(tracer_test, outside_of_a_transaction_a_span_is_nothing) {
  tracer by(kept_, {}, keeping(1));
  {
    EXPECT_FALSE(a_span(by, ctx_));
  }
  {
    EXPECT_FALSE(span(nullptr, {}));
  }
  auto t = begin(by, "orders", "request", ctx_, caller::outside);
  end(std::move(t), "success");
  {
    EXPECT_FALSE(a_span(by, ctx_));
  }
  EXPECT_EQ(kept_.size(), 1U);
}

TEST_F(tracer_test, more_spans_than_anybody_reads_are_counted_only) {
  tracer by(kept_, {}, keeping(1));
  auto t = begin(by, "orders", "request", ctx_, caller::outside);
  for (int i = 0; i < 130; ++i) a_span(by, ctx_);
  end(std::move(t), "success");
  EXPECT_EQ(kept_.of(kind::span).size(), 100U);
  EXPECT_EQ(at(kept_.of(kind::transaction)[0], "transaction.span_count.dropped"), "30");
}

TEST_F(tracer_test, failures_and_slow_ones_are_kept_whatever_the_share) {
  tracer by(kept_, {}, keeping(0));
  end(begin(by, "orders", "request", ctx_, caller::outside), "success");
  EXPECT_EQ(kept_.size(), 0U);
  end(begin(by, "orders", "request", ctx_, caller::outside), "failure");
  EXPECT_EQ(kept_.size(), 1U);

  auto quick = keeping(0);
  quick.slow = std::chrono::milliseconds(-1);  // everything is slow
  tracer patient(kept_, {}, quick);
  auto t = begin(patient, "orders", "request", ctx_, caller::outside);
  {
    auto s = a_span(patient, ctx_);
  }
  end(std::move(t), "success");
  EXPECT_EQ(kept_.size(), 2U);
  auto waiting = begin(patient, "orders", "request", ctx_, caller::outside);
  waiting.waits();
  end(std::move(waiting), "success");
  EXPECT_EQ(kept_.size(), 2U);
}

TEST_F(tracer_test, failures_count_one_by_one_whatever_the_share) {
  for (double share : {0.0, 1e-12, 0.5, 1.0}) {
    tracer by(kept_, {}, keeping(share));
    end(begin(by, "orders", "request", ctx_, caller::outside), "failure");
    EXPECT_EQ(kept_.of(kind::transaction).back().about.weight, 1);
  }
}

TEST_F(tracer_test, failures_beyond_what_is_allowed_count_as_the_share_does) {
  auto half = keeping(0.5);
  half.more_per_second = 5;
  tracer by(kept_, {}, half);
  for (int i = 0; i < 1'000; ++i) {
    auto ctx = context::for_system();
    end(begin(by, "orders", "request", ctx, caller::outside), "failure");
  }
  double counted = 0;
  for (const auto& t : kept_.of(kind::transaction)) counted += t.about.weight;
  EXPECT_NEAR(counted, 1'000, 200);
  EXPECT_LT(kept_.of(kind::transaction).size(), 700U);
}

TEST_F(tracer_test, what_is_called_by_recorded_work_is_recorded_and_does_not_count_for_others) {
  tracer by(kept_, {}, keeping(1e-12));
  ctx_.trace.sampled = true;
  end(begin(by, "gateway", "request", ctx_, caller::outside));
  EXPECT_EQ(kept_.size(), 0U);
  EXPECT_FALSE(ctx_.trace.sampled);  // a stranger's word

  ctx_.trace.sampled = true;
  auto t = begin(by, "orders", "request", ctx_, caller::known);
  {
    auto s = a_span(by, ctx_);
  }
  end(std::move(t));
  EXPECT_TRUE(ctx_.trace.sampled);
  EXPECT_EQ(kept_.of(kind::span).size(), 1U);
  EXPECT_EQ(kept_.of(kind::span).back().about.weight, 0);
  EXPECT_EQ(kept_.of(kind::transaction).back().about.weight, 0);
}

TEST_F(tracer_test, a_flood_of_failures_is_bounded) {
  auto few = keeping(0);
  few.more_per_second = 5;
  tracer by(kept_, {}, few);
  for (int i = 0; i < 1'000; ++i) {
    auto t = begin(by, "orders", "request", ctx_, caller::outside);
    t.error("x", "y", {}, {});
    end(std::move(t), "failure");
  }
  EXPECT_LE(kept_.of(kind::transaction).size(), 15U);  // in a second or two
  EXPECT_LE(kept_.of(kind::error).size(), 15U);
}

TEST_F(tracer_test, a_job_that_found_nothing_to_do_is_not_kept) {
  tracer by(kept_, {}, keeping(1));
  auto idle = begin(by, "orders", "scheduled", ctx_, caller::outside);
  {
    auto s = a_span(by, ctx_);
  }
  end(std::move(idle), "success");
  EXPECT_EQ(kept_.size(), 0U);
  auto busy = begin(by, "orders", "scheduled", ctx_, caller::outside);
  {
    span s(by.find(ctx_), {"replace orders", "db", "mongodb", "write", ""});
  }
  end(std::move(busy), "success");
  EXPECT_EQ(kept_.size(), 2U);
}

TEST_F(tracer_test, an_error_is_told_with_its_transaction) {
  tracer by(kept_, {}, keeping(0));
  auto t = begin(by, "orders", "request", ctx_, caller::outside);
  t.error("std::out_of_range", "no such thing", {"f"}, {.name = "POST /orders", .user_id = "u-1"});
  end(std::move(t), "failure");
  auto e = kept_.of(kind::error).at(0);
  EXPECT_EQ(at(e, "transaction.id"), ctx_.trace.span_id);
  EXPECT_EQ(at(e, "transaction.name"), "POST /orders");
  EXPECT_EQ(at(e, "user.id"), "u-1");
  EXPECT_EQ(at(e, "error.culprit"), "f");
}

TEST_F(tracer_test, who_calls_somebody_that_fails_can_tell) {
  tracer by(kept_, {}, keeping(1));
  auto t = begin(by, "gateway", "request", ctx_, caller::outside);
  EXPECT_FALSE(t.blames_another());
  {
    span s(by.find(ctx_), {"GET orders", "external", "http", "query", "http/orders"});
    s.answered("GET", 500);
  }
  EXPECT_TRUE(t.blames_another());
}

TEST_F(tracer_test, one_that_never_ends_is_forgotten) {
  tracer by(kept_, {}, keeping(1));
  begin(by, "orders", "request", ctx_, caller::outside);
  {
    EXPECT_FALSE(a_span(by, ctx_));
  }
  EXPECT_EQ(kept_.size(), 0U);
}

}  // namespace
}  // namespace oficio::telemetry
