#include "app/seed/offers.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "app/seed/wording.hpp"
#include "services/gigs/catalogue.hpp"
#include "services/gigs/gig.hpp"

namespace oficio::sample {
namespace {

const library& texts() {
  static const library all = load_library();
  return all;
}

gigs::gig read(const json::object& offer) {
  auto draft = json::from_request_value<gigs::gig_draft>(json::value(offer));
  EXPECT_TRUE(draft.has_value()) << json::to_text(json::value(offer));
  gigs::gig out;
  if (draft) gigs::apply(*std::move(draft), out);
  return out;
}

TEST(Texts, there_is_a_trade_for_every_subcategory_and_no_other) {
  std::set<std::pair<std::string, std::string>> ours;
  for (const auto& one : texts().trades) ours.insert({one.category, one.subcategory});
  std::set<std::pair<std::string, std::string>> theirs;
  for (const auto& c : gigs::catalogue()) {
    for (const auto& s : c.subcategories) theirs.insert({c.id, s.id});
  }
  EXPECT_EQ(ours, theirs);
  EXPECT_GE(ours.size(), 40U);
}

// What a gig may be is told by the service itself.
TEST(Offers, follow_all_rules_of_gigs_in_both_languages) {
  auto people = make_cast(texts(), 7, 330, 4);
  offer_writer writer(texts(), 7, "USD");
  std::map<std::string, int> languages;
  std::map<std::string, int> subcategories;
  std::set<std::string> titles;
  for (std::size_t g = 0; g < 2'100; ++g) {
    const auto& seller = people.sellers[g % people.sellers.size()];
    auto offer = read(writer.write(seller, g));
    json::violations wrong;
    gigs::check(offer, "USD", wrong);
    ASSERT_TRUE(wrong.empty()) << offer.title << ": " << wrong.take().front().message;
    EXPECT_EQ(offer.title.find_first_of("{}|"), std::string::npos) << offer.title;
    EXPECT_EQ(offer.description.find_first_of("{}|"), std::string::npos) << offer.description;
    ++languages[make_terms(seller, 7, g).locale];
    ++subcategories[offer.subcategory];
    titles.insert(offer.title);
  }
  EXPECT_GT(languages["en"], 800);
  EXPECT_GT(languages["es"], 500);
  EXPECT_EQ(subcategories.size(), texts().trades.size());
  for (const auto& [id, count] : subcategories) EXPECT_GE(count, 15) << id;
  EXPECT_GT(titles.size(), 2'000U);
}

// Each pattern, with every saying that could be put into it.
TEST(Texts, no_pattern_is_without_meaning) {
  for (const auto* locale : {"en", "es"}) {
    dice chance(3);
    auto try_all = [&](const std::vector<std::string>& patterns) {
      for (const auto& pattern : patterns) {
        for (int again = 0; again < 5; ++again) {
          wording say(texts().in(locale), chance);
          for (const auto* name :
               {"city", "user", "buyer", "title", "first", "last", "what", "years", "jobs"}) {
            say.set(name, "x");
          }
          EXPECT_NO_THROW(say(pattern)) << pattern;
        }
      }
    };
    for (const auto& [kind, sayings] : texts().in(locale).said) try_all(sayings);
    for (const auto& one : texts().trades) {
      const auto& v = one.in(locale);
      for (const auto& list :
           {v.titles, v.intros, v.includes, v.praise, v.complaints, v.needs, v.results}) {
        try_all(list);
        EXPECT_FALSE(list.empty()) << one.subcategory;
      }
    }
  }
}

TEST(People, are_different_and_have_all_that_a_profile_needs) {
  auto people = make_cast(texts(), 7, 330, 264);
  std::set<std::string> names;
  for (const auto* group : {&people.sellers, &people.buyers}) {
    for (const auto& one : *group) {
      EXPECT_TRUE(names.insert(one.username).second) << one.username;
      EXPECT_GE(one.username.size(), 3U);
      EXPECT_LE(one.username.size(), 30U);
      EXPECT_EQ(one.username.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-"),
                std::string::npos)
          << one.username;
    }
  }
  EXPECT_EQ(people.sellers.front().username, "bruno");
  EXPECT_EQ(people.buyers.front().username, "ana");
}

}  // namespace
}  // namespace oficio::sample
