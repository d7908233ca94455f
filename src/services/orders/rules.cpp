#include "services/orders/rules.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace oficio::orders {
namespace {

using enum status;

constexpr std::uint32_t in(std::initializer_list<status> states) {
  std::uint32_t set = 0;
  for (auto s : states) set |= 1u << static_cast<unsigned>(s);
  return set;
}

struct rule {
  action what;
  side who;
  std::uint32_t from;
};

constexpr std::uint32_t not_over =
    in({pending_payment, awaiting_requirements, in_progress, delivered});
constexpr std::uint32_t at_work = in({in_progress, delivered});

constexpr std::array<rule, 14> table{{
    {action::pay, side::buyer, in({pending_payment})},
    {action::submit_requirements, side::buyer, in({awaiting_requirements})},
    {action::deliver, side::seller, in({in_progress})},
    {action::request_revision, side::buyer, in({delivered})},
    {action::accept, side::buyer, in({delivered})},
    {action::cancel, side::buyer, not_over},
    {action::cancel, side::seller, not_over},
    {action::answer_cancellation, side::buyer, at_work},
    {action::answer_cancellation, side::seller, at_work},
    {action::request_extension, side::seller, in({in_progress})},
    {action::answer_extension, side::buyer, in({in_progress})},
    {action::expire, side::system, in({pending_payment})},
    {action::close, side::system, in({delivered})},
    {action::become_late, side::system, in({in_progress})},
}};

std::string words(std::string_view slug) {
  std::string out(slug);
  for (auto& c : out) c = c == '_' ? ' ' : c;
  return out;
}

std::string_view deed(action what) {
  switch (what) {
    case action::pay:
      return "pay for it";
    case action::submit_requirements:
      return "tell the requirements";
    case action::deliver:
      return "deliver the work";
    case action::request_revision:
      return "ask for a revision";
    case action::accept:
      return "accept the work";
    case action::cancel:
      return "cancel it";
    case action::answer_cancellation:
      return "answer a request to cancel";
    case action::request_extension:
      return "ask for more time";
    case action::answer_extension:
      return "answer a request for more time";
    case action::expire:
    case action::close:
    case action::become_late:
      break;
  }
  return "do what time does";
}

}  // namespace

result<void> may(action what, side who, status now) {
  bool theirs = false;
  for (const auto& r : table) {
    if (r.what != what || r.who != who) continue;
    theirs = true;
    if (r.from & (1u << static_cast<unsigned>(now))) return {};
  }
  std::string name(deed(what));
  if (!theirs) {
    return error{
        errc::forbidden, "not_your_turn",
        "It is not for the " + std::string(to_string(who)) + " of an order to " + name + "."};
  }
  return error{errc::conflict, "wrong_state",
               "The order is " + words(to_string(now)) + ": nobody can " + name + " now."};
}

std::string_view to_string(status s) {
  return boost::describe::enum_to_string(s, "?");
}
std::string_view to_string(side s) {
  return boost::describe::enum_to_string(s, "?");
}

}  // namespace oficio::orders
