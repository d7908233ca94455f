// Random stories of buyer, seller, time and a payment provider that breaks, played by the code and
// by a simple reference at once: they must agree after every move.
#include <functional>
#include <map>

#include <gtest/gtest.h>

#include "reference.hpp"
#include "subject.hpp"

namespace oficio::orders::model {
namespace {

using maker = std::function<std::unique_ptr<subject>(const story&)>;
constexpr std::int64_t second = 1'000, minute = 60 * second, hour = 60 * minute, day = 24 * hour;

// Due dates of a service that lives in real time may differ by what the story took to play.
bool agree(const view& is, view expected, std::int64_t tolerance) {
  if (std::abs(is.due - expected.due) <= tolerance) expected.due = is.due;
  return to_string(is) == to_string(expected);
}

struct verdict {
  std::string wrong;  // empty: they agreed to the end
  view last;
};

std::string compare(subject& code, const reference& expected, const std::string& said,
                    const std::string& should, std::int64_t tolerance) {
  auto is = code.look();
  if (said != should) return "said " + said + " instead of " + should;
  if (!agree(is, expected.look(), tolerance)) {
    return "is        " + to_string(is) + "\n  should be " + to_string(expected.look());
  }
  if (is.charges > 1) return "was charged more than once";
  return code.broken();
}

verdict play(const story& s, const maker& make, std::int64_t tolerance) {
  auto code = make(s);
  reference expected(s);
  auto moves = s.moves;
  // In the end everything works again: what is open must come right by itself.
  for (int i = 0; i < 5; ++i) {
    moves.push_back({.what = deed::wait, .number = 1'640 * second});
    moves.push_back({.what = deed::timer});
  }
  for (std::size_t i = 0; i < moves.size(); ++i) {
    auto should = expected.play(moves[i]);
    auto said = code->play(moves[i]);
    auto wrong = compare(*code, expected, said, should, tolerance);
    if (!wrong.empty()) {
      return {"move " + std::to_string(i + 1) + ", " + to_string(moves[i]) + ":\n  " + wrong, {}};
    }
  }
  auto last = code->look();
  if (last.at_provider != -last.buyer) return {"the provider's books are not ours", last};
  return {code->broken_at_end(), last};
}

// Where the stories ended.
std::map<std::string, int> play_all(unsigned count, std::size_t length,
                                    const std::vector<std::int64_t>& waits, const maker& make,
                                    std::int64_t tolerance) {
  std::map<std::string, int> ends;
  for (unsigned seed = 1; seed <= count; ++seed) {
    auto s = tell(seed, length, waits);
    auto ended = play(s, make, tolerance);
    if (ended.wrong.empty()) {
      ++ends[ended.last.status + (ended.last.late ? " late" : "")];
      continue;
    }
    auto small =
        shrink(s, [&](const story& some) { return !play(some, make, tolerance).wrong.empty(); });
    ADD_FAILURE() << "seed " << seed << "\n"
                  << to_string(small) << play(small, make, tolerance).wrong;
    break;
  }
  return ends;
}

// Waits that hit limits exactly, and miss them by as little as can be.
TEST(model, ten_thousand_stories_of_the_machine) {
  const std::vector<std::int64_t> waits{0,           0,           1,        second,     29 * second,
                                        30 * second, 31 * second, minute,   minute,     5 * minute,
                                        20 * minute, hour,        hour - 1, day,        day,
                                        day + 1,     2 * day,     3 * day,  3 * day - 1};
  auto ends = play_all(10'000, 40, waits, make_machine, 0);
  EXPECT_GT(ends["completed"], 1'000);
  EXPECT_GT(ends["completed late"], 100);
  EXPECT_GT(ends["cancelled"], 1'000);
  EXPECT_GT(ends["in_progress"], 500);
  EXPECT_GT(ends["delivered"], 500);
}

// The service lives in real time: no sum of these waits comes near a limit.
TEST(model, stories_of_the_service) {
  const std::vector<std::int64_t> waits{1'640 * second, 3 * 1'640 * second, 53 * 1'640 * second,
                                        160 * 1'640 * second};
  auto ends = play_all(600, 40, waits, make_service, 20 * second);
  EXPECT_GT(ends["completed"], 5);
  EXPECT_GT(ends["cancelled"], 20);
}

// A test that cannot fail is none: a reference that forgets something is found out, and the story
// that shows it is short.
TEST(model, shrinks_a_story_to_what_matters) {
  auto s = tell(7, 60, {hour});
  auto fails = [](const story& some) {
    int waited = 0;
    for (const auto& m : some.moves) waited += m.what == deed::wait;
    return waited >= 2;
  };
  ASSERT_TRUE(fails(s));
  EXPECT_EQ(shrink(s, fails).moves.size(), 2u);
}

}  // namespace
}  // namespace oficio::orders::model
