// How good are the answers of search? For each query of queries.txt the share of good hits among
// the first five, or as many as there are, and one over the rank of the first good one; both as
// means over all queries.
// With TELL=1 in the environment it prints what was found for each query that is not answered
// perfectly.

#include <cstdio>
#include <cstdlib>
#include <memory>

#include <gtest/gtest.h>

#include "conformance/support.hpp"
#include "search_quality/engine.hpp"
#include "search_quality/market.hpp"
#include "services/gigs/catalogue.hpp"
#include "services/gigs/search.hpp"

namespace oficio::quality {
namespace {

using conformance::run;

constexpr std::size_t gigs_of_the_sample = 2'100;
constexpr std::size_t looked_at = 5;

struct score {
  double precision = 0;  // at five, or as many as there are
  double first = 0;      // one over the rank of the first good hit
};

class search_quality : public testing::Test {
 protected:
  static void SetUpTestSuite() { market_ = std::make_unique<open_market>(); }
  static void TearDownTestSuite() { market_.reset(); }

  struct open_market {
    open_market() {
      context ctx;
      ctx.deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
      if (!run(engine->index().put(ctx, sample_gigs(gigs_of_the_sample)))) std::abort();
      engine->settle();
    }
    std::unique_ptr<quality::engine> engine = make_engine(gigs::search_schema());
  };

  static search::page asked(const std::string& text) {
    context ctx;
    search::query q;
    q.text = text;
    q.terms = {{"active", {"true"}}};
    q.limit = looked_at;
    return run(market_->engine->index().search(ctx, std::move(q))).value();
  }

  static void tell(const wish& w, const score& s) {
    if (!std::getenv("TELL") || s.precision > 0.99) return;
    auto page = asked(w.text);
    std::printf("%.2f %.2f of %lld: %s\n", s.precision, s.first, static_cast<long long>(page.total),
                w.text.c_str());
    for (const auto& h : page.hits) {
      auto body = json::parse(h.body).value();
      std::printf("  %c %s: %s\n", fits(w, h.body) ? '+' : '-',
                  body.at("subcategory").as_string().c_str(), body.at("title").as_string().c_str());
    }
  }

  static score score_of(const wish& w) {
    score out;
    auto page = asked(w.text);
    for (std::size_t i = 0; i < page.hits.size(); ++i) {
      if (!fits(w, page.hits[i].body)) continue;
      out.precision += 1.0 / static_cast<double>(page.hits.size());
      if (out.first == 0) out.first = 1.0 / static_cast<double>(i + 1);
    }
    return out;
  }

  static std::unique_ptr<open_market> market_;
};

std::unique_ptr<search_quality::open_market> search_quality::market_;

TEST_F(search_quality, is_above_its_floor) {
  auto wishes = read_wishes(QUERIES);
  ASSERT_GE(wishes.size(), 100U);
  score sum;
  for (const auto& w : wishes) {
    auto one = score_of(w);
    sum.precision += one.precision;
    sum.first += one.first;
    if (one.first == 0) std::printf("nothing good for: %s\n", w.text.c_str());
    tell(w, one);
  }
  auto count = static_cast<double>(wishes.size());
  std::printf("%zu queries: precision at 5 %.3f, mean reciprocal rank %.3f\n", wishes.size(),
              sum.precision / count, sum.first / count);
  EXPECT_GE(sum.precision / count, market_->engine->least_precision());
  EXPECT_GE(sum.first / count, market_->engine->least_rank());
}

TEST_F(search_quality, every_subcategory_is_found_by_its_names) {
  for (const auto& c : gigs::catalogue()) {
    for (const auto& s : c.subcategories) {
      for (const auto& name : {s.name.en, s.name.es}) {
        EXPECT_GT(score_of({name, {s.id}, {}}).first, 0.3) << name;
      }
    }
  }
}

TEST_F(search_quality, answers_the_same_every_time) {
  for (const auto& w : read_wishes(QUERIES)) {
    auto first = asked(w.text);
    auto again = asked(w.text);
    ASSERT_EQ(first.hits.size(), again.hits.size());
    for (std::size_t i = 0; i < first.hits.size(); ++i) {
      EXPECT_EQ(first.hits[i].body, again.hits[i].body) << w.text;
    }
  }
}

}  // namespace
}  // namespace oficio::quality
