// The state machine cell by cell: what everybody may do in every situation, and what comes of it.
#include <functional>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "order_fixture.hpp"
#include "platform/json/json.hpp"

namespace oficio::orders {
namespace {

using namespace testing_help;
using std::chrono::hours;

struct situation {
  orders::order order;
  time_point now = start + std::chrono::minutes(10);
};

void give(order& o) {
  o.deliver(side::seller, {"d", "here", {}, {}}, start).value();
}
void rework(order& o) {
  give(o);
  o.request_revision(side::buyer, "bluer", start).value();
}
void ask_to_cancel(order& o, side by) {
  o.cancel(by, "no", start).value();
}

// What had happened before the order came here.
situation situation_of(const std::string& name) {
  if (name == "unpaid") return {order_in(status::pending_payment)};
  if (name == "paid") return {order_in(status::awaiting_requirements)};
  if (name == "done") return {order_in(status::completed)};
  if (name == "off") return {order_in(status::cancelled)};
  situation s{order_in(status::in_progress)};
  auto& o = s.order;
  if (name == "time?") o.request_extension(side::seller, 2, "flu", start).value();
  if (name == "b-off?") ask_to_cancel(o, side::buyer);
  if (name.starts_with("again")) rework(o);
  if (name == "again-off?") ask_to_cancel(o, side::seller);
  if (name.ends_with("late")) s.now = *o.due_at + hours(1);
  if (name == "given-last") o.revisions_left = 0;
  if (name.starts_with("given")) give(o);
  if (name == "given-b-off?") ask_to_cancel(o, side::buyer);
  if (name == "given-s-off?") ask_to_cancel(o, side::seller);
  return s;
}

using step = std::function<result<void>(order&, side, time_point)>;

const std::map<std::string, step>& steps() {
  static const std::map<std::string, step> table{
      {"pay",
       [](order& o, side by, time_point now) -> result<void> {
         TRY_VOID(o.begin_attempt(by, trying("a9"), now));
         o.settle(charged("a9"), now);
         return {};
       }},
      {"requirements",
       [](order& o, side by, time_point now) {
         return o.submit_requirements(by, {"t", {}, {}}, now);
       }},
      {"deliver",
       [](order& o, side by, time_point now) { return o.deliver(by, {"d9", "m", {}, {}}, now); }},
      {"revision",
       [](order& o, side by, time_point now) { return o.request_revision(by, "again", now); }},
      {"accept", [](order& o, side by, time_point now) { return o.accept(by, now); }},
      {"cancel", [](order& o, side by, time_point now) { return o.cancel(by, "no", now); }},
      {"approve-cancel",
       [](order& o, side by, time_point now) { return o.answer_cancellation(by, true, now); }},
      {"reject-cancel",
       [](order& o, side by, time_point now) { return o.answer_cancellation(by, false, now); }},
      {"extension",
       [](order& o, side by, time_point now) { return o.request_extension(by, 2, "flu", now); }},
      {"approve-extension",
       [](order& o, side by, time_point now) { return o.answer_extension(by, true, now); }},
      {"reject-extension",
       [](order& o, side by, time_point now) { return o.answer_extension(by, false, now); }}};
  return table;
}

// Capitals: done, and the state that it leads to (Paid, Working, Given, Completed, X cancelled);
// = done, and the state stays. Small letters and signs: refused.
const std::map<std::string, status> states{{"P", status::awaiting_requirements},
                                           {"W", status::in_progress},
                                           {"G", status::delivered},
                                           {"C", status::completed},
                                           {"X", status::cancelled}};
const std::map<std::string, std::pair<errc, std::string>> refusals{
    {".", {errc::forbidden, "not_your_turn"}},    {"-", {errc::conflict, "wrong_state"}},
    {"r", {errc::conflict, "no_revisions_left"}}, {"o", {errc::conflict, "cancellation_open"}},
    {"n", {errc::conflict, "no_cancellation"}},   {"e", {errc::conflict, "extension_open"}},
    {"m", {errc::conflict, "no_extension"}},
};

constexpr const char* situations =
    "unpaid paid work late again again-late time? b-off? again-off?"
    " given given-last given-b-off? given-s-off? done off";

// The columns are the situations above. "late" has no delivery yet; "again" is a revision at work;
// "time?", "b-off?", "s-off?" wait for an answer on more time, or on cancelling, asked by the buyer
// or the seller ("again-off?": by the seller).
constexpr const char* machine = R"(
  pay               buyer   P - - - - - - - -  - - - -  - -
  pay               seller  . . . . . . . . .  . . . .  . .
  requirements      buyer   - W - - - - - - -  - - - -  - -
  requirements      seller  . . . . . . . . .  . . . .  . .
  deliver           buyer   . . . . . . . . .  . . . .  . .
  deliver           seller  - - G G G G G G G  - - - -  - -
  revision          buyer   - - - - - - - - -  W r W W  - -
  revision          seller  . . . . . . . . .  . . . .  . .
  accept            buyer   - - - - - - - - -  C C C C  - -
  accept            seller  . . . . . . . . .  . . . .  . .
  cancel            buyer   X X = X = X = o o  = = o o  - -
  cancel            seller  X X X X = = X X o  = = o o  - -
  approve-cancel    buyer   - - n n n n n . X  n n . X  - -
  approve-cancel    seller  - - n n n n n X .  n n X .  - -
  reject-cancel     buyer   - - n n n n n . =  n n . =  - -
  reject-cancel     seller  - - n n n n n = .  n n = .  - -
  extension         buyer   . . . . . . . . .  . . . .  . .
  extension         seller  - - = = = = e = =  - - - -  - -
  approve-extension buyer   - - m m m m = m m  - - - -  - -
  approve-extension seller  . . . . . . . . .  . . . .  . .
  reject-extension  buyer   - - m m m m = m m  - - - -  - -
  reject-extension  seller  . . . . . . . . .  . . . .  . .
)";

// The order without what time alone may do to it before anybody acts.
boost::json::value state_of(order o) {
  o.raised.clear();
  return json::to_value(o);
}

void expect_cell(const std::string& cell, const std::string& name, const step& act, side by) {
  auto s = situation_of(name);
  s.order.let_time_pass(s.now);
  s.order.raised.clear();
  auto before = s.order;
  auto done = act(s.order, by, s.now);
  if (auto refused = refusals.find(cell); refused != refusals.end()) {
    ASSERT_TRUE(done.has_error());
    EXPECT_EQ(done.error().kind, refused->second.first);
    EXPECT_EQ(done.error().code, refused->second.second);
    EXPECT_FALSE(done.error().detail.empty());
    EXPECT_EQ(state_of(s.order), state_of(before));
    EXPECT_TRUE(s.order.raised.empty());
    return;
  }
  ASSERT_TRUE(done.has_value()) << done.error().code;
  EXPECT_EQ(s.order.status, cell == "=" ? before.status : states.at(cell));
  EXPECT_EQ(s.order.revision, before.revision + 1);
  ASSERT_FALSE(s.order.raised.empty());
  for (const auto& e : s.order.raised) EXPECT_EQ(e.by, by) << e.type;
  EXPECT_EQ(s.order.timeline.back().by, by);
}

TEST(machine, every_action_in_every_situation_by_everybody) {
  std::istringstream rows(machine);
  std::string action, who, cell;
  std::map<std::string, int> rows_of;
  while (rows >> action >> who) {
    side by = who == "buyer" ? side::buyer : side::seller;
    ++rows_of[action];
    std::istringstream columns(situations);
    for (std::string name; columns >> name;) {
      ASSERT_TRUE(rows >> cell);
      SCOPED_TRACE(action + " in " + name + " by the " + who);
      expect_cell(cell, name, steps().at(action), by);
    }
  }
  EXPECT_EQ(rows_of.size(), steps().size());
  for (const auto& [name, n] : rows_of) EXPECT_EQ(n, 2) << name;
}

TEST(machine, time_itself_does_nothing_that_is_people_s) {
  std::istringstream columns(situations);
  for (std::string name; columns >> name;) {
    for (const auto& [action, act] : steps()) {
      SCOPED_TRACE(action + " in " + name);
      expect_cell(".", name, act, side::system);
    }
  }
}

using event_list = std::vector<std::string>;

TEST(machine, every_transition_raises_its_events) {
  struct row {
    std::string situation, action;
    side by;
    event_list raised;
  };
  const std::vector<row> table{
      {"unpaid", "pay", side::buyer, {"paid"}},
      {"unpaid", "cancel", side::seller, {"cancelled"}},
      {"paid", "requirements", side::buyer, {"started"}},
      {"work", "deliver", side::seller, {"delivered"}},
      {"late", "deliver", side::seller, {"late", "delivered"}},
      {"late", "cancel", side::buyer, {"late", "cancelled"}},
      {"given", "revision", side::buyer, {"revision_requested"}},
      {"given", "accept", side::buyer, {"completed"}},
      {"given", "cancel", side::buyer, {"cancellation_requested"}},
      {"b-off?", "approve-cancel", side::seller, {"cancellation_answered", "cancelled"}},
      {"b-off?", "reject-cancel", side::seller, {"cancellation_answered"}},
      {"work", "extension", side::seller, {"extension_requested"}},
      {"time?", "approve-extension", side::buyer, {"extension_answered"}},
      {"time?", "reject-extension", side::buyer, {"extension_answered"}},
  };
  for (const auto& r : table) {
    SCOPED_TRACE(r.action + " in " + r.situation);
    auto s = situation_of(r.situation);
    s.order.raised.clear();
    ASSERT_TRUE(steps().at(r.action)(s.order, r.by, s.now).has_value());
    event_list expected;
    for (const auto& type : r.raised) expected.push_back("orders.order." + type);
    EXPECT_EQ(raised_types(s.order), expected);
  }
}

}  // namespace
}  // namespace oficio::orders
