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

constexpr std::array<rule, 8> table{{
    {action::pay, side::buyer, in({pending_payment})},
    {action::submit_requirements, side::buyer, in({awaiting_requirements})},
    {action::deliver, side::seller, in({in_progress})},
    {action::accept, side::buyer, in({delivered})},
    {action::cancel, side::buyer, in({pending_payment, awaiting_requirements})},
    {action::expire, side::system, in({pending_payment})},
    {action::close, side::system, in({delivered})},
    {action::become_late, side::system, in({in_progress})},
}};

std::string words(std::string_view slug) {
  std::string out(slug);
  for (auto& c : out) c = c == '_' ? ' ' : c;
  return out;
}

}  // namespace

result<void> may(action what, side who, status now) {
  bool theirs = false;
  for (const auto& r : table) {
    if (r.what != what || r.who != who) continue;
    theirs = true;
    if (r.from & (1u << static_cast<unsigned>(now))) return {};
  }
  std::string name = words(boost::describe::enum_to_string(what, "?"));
  if (!theirs) {
    return error{errc::forbidden, "not_your_turn",
                 "The " + std::string(to_string(who)) + " of an order cannot " + name + "."};
  }
  return error{errc::conflict, "wrong_state",
               "An order that is " + words(to_string(now)) + " does not take: " + name + "."};
}

std::string_view to_string(status s) {
  return boost::describe::enum_to_string(s, "?");
}
std::string_view to_string(side s) {
  return boost::describe::enum_to_string(s, "?");
}

}  // namespace oficio::orders
