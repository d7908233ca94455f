#include "move.hpp"

#include <array>
#include <sstream>

namespace oficio::orders::model {
namespace {

constexpr std::array<const char*, deeds> deed_names{"wait",         "timer",
                                                    "pay",          "confirm",
                                                    "requirements", "deliver",
                                                    "revision",     "accept",
                                                    "cancel",       "answer-cancellation",
                                                    "extend",       "answer-extension",
                                                    "notice"};
constexpr std::array<const char*, 3> person_names{"buyer", "seller", "stranger"};
constexpr std::array<const char*, 5> trouble_names{"", " (away)", " (dies before)", " (dies after)",
                                                   " (dies late)"};
constexpr std::array<const char*, 3> card_names{"good", "declined", "two-steps"};

template <class Names, class E>
const char* name_of(const Names& names, E e) {
  return names.at(static_cast<std::size_t>(e));
}

class teller {
 public:
  explicit teller(unsigned seed) : random_(seed) {}

  std::int64_t below(std::int64_t n) {
    return std::uniform_int_distribution<std::int64_t>(0, n - 1)(random_);
  }
  bool one_in(std::int64_t n) { return below(n) == 0; }

  // Mostly what leads somewhere, now and then anything.
  move next(const std::vector<std::int64_t>& waits) {
    static constexpr std::array<deed, 26> bag{deed::wait,
                                              deed::wait,
                                              deed::wait,
                                              deed::timer,
                                              deed::timer,
                                              deed::pay,
                                              deed::pay,
                                              deed::pay,
                                              deed::confirm,
                                              deed::confirm,
                                              deed::deliver,
                                              deed::deliver,
                                              deed::requirements,
                                              deed::deliver,
                                              deed::revision,
                                              deed::accept,
                                              deed::cancel,
                                              deed::extend,
                                              deed::extend,
                                              deed::answer_extension,
                                              deed::notice,
                                              deed::notice,
                                              deed::requirements,
                                              deed::revision,
                                              deed::answer_extension,
                                              deed::answer_cancellation};
    move m;
    m.what = bag.at(static_cast<std::size_t>(below(std::ssize(bag))));
    if (m.what == deed::cancel && !one_in(3)) m.what = deed::pay;  // it ends most stories
    m.who = person_for(m.what);
    m.yes = !one_in(3);
    if (m.what == deed::wait)
      m.number = waits.at(static_cast<std::size_t>(below(std::ssize(waits))));
    if (m.what == deed::extend) m.number = 1 + below(5);
    if (m.what == deed::notice) m.number = below(4);
    m.card = static_cast<plastic>(below(3));
    if (one_in(3)) m.trouble = static_cast<trouble>(below(5));
    return m;
  }

 private:
  person person_for(deed what) {
    if (one_in(12)) return static_cast<person>(below(3));
    if (what == deed::cancel || what == deed::answer_cancellation) {
      return one_in(2) ? person::buyer : person::seller;
    }
    return what == deed::deliver || what == deed::extend ? person::seller : person::buyer;
  }

  std::mt19937_64 random_;
};

}  // namespace

std::string to_string(const move& m) {
  std::ostringstream out;
  out << name_of(deed_names, m.what);
  switch (m.what) {
    case deed::wait:
      out << ' ' << m.number << " ms";
      return out.str();
    case deed::timer:
      out << name_of(trouble_names, m.trouble);
      return out.str();
    case deed::notice:
      out << " of attempt " << m.number << (m.yes ? ", its last news" : ", its first news");
      return out.str();
    case deed::pay:
      out << ", card " << name_of(card_names, m.card) << name_of(trouble_names, m.trouble);
      break;
    case deed::confirm:
      out << (m.yes ? "" : " wrongly") << name_of(trouble_names, m.trouble);
      break;
    case deed::extend:
      out << ' ' << m.number << " days";
      break;
    case deed::answer_cancellation:
    case deed::answer_extension:
      out << (m.yes ? " yes" : " no");
      break;
    default:
      break;
  }
  out << ", by the " << name_of(person_names, m.who);
  return out.str();
}

std::string to_string(const story& s) {
  std::ostringstream out;
  out << "price " << s.price << ", " << s.delivery_days << " days, " << s.revisions
      << " revisions\n";
  for (const auto& m : s.moves) out << "  " << to_string(m) << '\n';
  return out.str();
}

std::string to_string(const view& v) {
  std::ostringstream out;
  out << v.status << (v.late ? " late" : "") << ", revisions left " << v.revisions_left << ", due "
      << v.due << ", extension '" << v.extension << "', cancellation '" << v.cancellation
      << "', buyer " << v.buyer << ", escrow " << v.escrow << ", seller " << v.seller
      << ", platform " << v.platform << ", at the provider " << v.at_provider << " by " << v.charges
      << " charges";
  return out.str();
}

story tell(unsigned seed, std::size_t length, const std::vector<std::int64_t>& waits) {
  teller t(seed);
  story s;
  s.price = t.one_in(2) ? 500 + t.below(10'000) : 500 + t.below(1'000'000);
  s.delivery_days = 1 + t.below(5);
  s.revisions = t.below(4);
  if (!t.one_in(3)) {  // others would mostly end unpaid
    s.moves.push_back({.what = deed::pay});
    s.moves.push_back({.what = deed::requirements});
  }
  while (s.moves.size() < length) s.moves.push_back(t.next(waits));
  return s;
}

}  // namespace oficio::orders::model
