#include "drivers/embedded/payments/cards.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string_view>

namespace oficio::payments {
namespace {

struct sandbox_card {
  std::string_view number;
  payments::outcome outcome;
  std::string_view decline_code;
};

constexpr std::array<sandbox_card, 3> known_cards{{
    {"4242424242424242", outcome::succeeded, ""},
    {"4000000000000002", outcome::declined, "card_declined"},
    {"4000000000003220", outcome::needs_confirmation, ""},
}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, is_digit);
}

std::string without_separators(std::string_view number) {
  std::string out;
  std::ranges::copy_if(number, std::back_inserter(out),
                       [](char c) { return c != ' ' && c != '-'; });
  return out;
}

// ISO/IEC 7812: every second digit from the right is doubled, and the sum of all digits ends in 0.
bool check_digit_holds(std::string_view number) {
  int sum = 0;
  bool doubled = false;
  for (auto c = number.rbegin(); c != number.rend(); ++c, doubled = !doubled) {
    int digit = *c - '0';
    if (doubled) digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
    sum += digit;
  }
  return sum % 10 == 0;
}

// The first instant at which a card with this "MM/YY" is no longer good; nothing if it is
// malformed.
std::optional<time_point> end_of(std::string_view expiry) {
  if (expiry.size() != 5 || expiry[2] != '/' || !all_digits(expiry.substr(0, 2)) ||
      !all_digits(expiry.substr(3))) {
    return std::nullopt;
  }
  int month = (expiry[0] - '0') * 10 + (expiry[1] - '0');
  int year = 2000 + (expiry[3] - '0') * 10 + (expiry[4] - '0');
  if (month < 1 || month > 12) return std::nullopt;
  auto next = std::chrono::year_month(std::chrono::year(year), std::chrono::month(month)) +
              std::chrono::months(1);
  return std::chrono::sys_days(next / std::chrono::day(1));
}

}  // namespace

result<card_decision> decide(const card& with, time_point now) {
  std::vector<violation> wrong;
  auto add = [&](std::string field, std::string message) {
    wrong.push_back({"/method/" + std::move(field), "invalid_card", std::move(message)});
  };

  std::string number = without_separators(with.number);
  const auto* known = std::ranges::find(known_cards, number, &sandbox_card::number);
  if (number.size() < 12 || number.size() > 19 || !all_digits(number)) {
    add("card", "must be a card number of 12 to 19 digits");
  } else if (!check_digit_holds(number)) {
    add("card", "has a mistyped digit");
  } else if (known == known_cards.end()) {
    add("card", "is not a test card of the sandbox, which takes no real ones");
  }

  auto end = end_of(with.expiry);
  if (!end) {
    add("expiry", "must be MM/YY");
  } else if (*end <= now) {
    add("expiry", "has passed");
  }
  if (with.cvc.size() < 3 || with.cvc.size() > 4 || !all_digits(with.cvc)) {
    add("cvc", "must have 3 or 4 digits");
  }

  if (!wrong.empty()) {
    return error{errc::invalid, "invalid_card", "The card cannot be used as it was typed.",
                 std::move(wrong)};
  }
  return card_decision{known->outcome, std::string(known->decline_code)};
}

}  // namespace oficio::payments
