#include "app/seed/plan.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

namespace oficio::sample {
namespace {

const library& texts() {
  static const library all = load_library();
  return all;
}

plan_options options(std::uint64_t seed = 1, std::size_t gigs = 2'100) {
  return {.seed = seed, .gigs = gigs, .now = *parse_time("2026-11-25T12:00:00Z")};
}

std::string digest_of(const plan& p) {
  std::string out;
  for (const auto& h : p.happenings) {
    out += format_time(h.at) + std::to_string(static_cast<int>(h.what)) + "/" +
           std::to_string(h.subject) + "/" + std::to_string(h.step) + "\n";
  }
  offer_writer writer(texts(), p.options.seed, "USD");
  for (std::size_t g = 0; g < p.gigs.size(); ++g) {
    out += json::to_text(json::value(writer.write(p.who(p.gigs[g].seller), g)));
  }
  return out;
}

TEST(Plan, is_the_same_for_the_same_seed_and_another_for_another) {
  auto first = digest_of(make_plan(texts(), options(1, 300)));
  EXPECT_EQ(first, digest_of(make_plan(texts(), options(1, 300))));
  EXPECT_NE(first, digest_of(make_plan(texts(), options(2, 300))));
}

TEST(Plan, is_as_large_as_was_asked_for) {
  for (std::size_t gigs : {50U, 200U, 2'100U, 20'000U}) {
    auto p = make_plan(texts(), options(1, gigs));
    EXPECT_EQ(p.gigs.size(), gigs);
    EXPECT_LE(p.stories.size(), 5'000U);
  }
  auto usual = make_plan(texts(), options());
  EXPECT_GE(usual.people.sellers.size(), 300U);
  EXPECT_GE(usual.stories.size(), 1'000U);
  EXPECT_GE(usual.talks.size(), 150U);
}

TEST(Plan, nothing_happens_before_what_it_needs_or_after_the_present) {
  auto p = make_plan(texts(), options());
  std::vector<time_point> joined(p.head_count());
  time_point last{};
  std::set<std::uint32_t> placed;
  std::set<std::uint32_t> published;
  for (const auto& h : p.happenings) {
    EXPECT_GE(h.at, last);
    EXPECT_LE(h.at, p.options.now);
    last = h.at;
    if (h.what == deed::join) joined[h.subject] = h.at;
    if (h.what == deed::publish) {
      EXPECT_GT(joined[p.gigs[h.subject].seller], time_point{});
      published.insert(h.subject);
    }
    if (h.what == deed::place) {
      const auto& s = p.stories[h.subject];
      EXPECT_TRUE(published.contains(s.gig));
      EXPECT_GT(joined[s.buyer], time_point{});
      placed.insert(h.subject);
    }
    if (h.what > deed::place && h.what <= deed::reply) EXPECT_TRUE(placed.contains(h.subject));
    if (h.what == deed::say) EXPECT_TRUE(published.contains(p.talks[h.subject].gig));
  }
}

// The states in which somebody who signs in finds orders.
TEST(Plan, ana_and_bruno_have_open_orders_with_each_other) {
  auto p = make_plan(texts(), options());
  int ours = 0;
  for (const auto& s : p.stories) {
    if (s.buyer == p.first_buyer() && p.gigs[s.gig].seller == 0) ++ours;
  }
  EXPECT_GE(ours, 10);
  EXPECT_EQ(p.who(0).username, "bruno");
  EXPECT_EQ(p.who(p.first_buyer()).username, "ana");
}

TEST(Plan, everything_that_can_happen_to_an_order_happens) {
  auto p = make_plan(texts(), options());
  std::map<deed, int> counts;
  for (const auto& h : p.happenings) ++counts[h.what];
  for (int what = 0; what <= static_cast<int>(deed::read); ++what) {
    EXPECT_GT(counts[static_cast<deed>(what)], 0) << what;
  }
  std::map<int, int> stars;
  for (const auto& s : p.stories) ++stars[s.stars];
  for (int n = 1; n <= 5; ++n) EXPECT_GT(stars[n], 0) << n;
  EXPECT_GT(stars[5] + stars[4], (stars[1] + stars[2] + stars[3]) * 4);
}

}  // namespace
}  // namespace oficio::sample
