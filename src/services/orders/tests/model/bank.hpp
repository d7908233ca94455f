#pragma once

#include <map>
#include <optional>
#include <string>

#include "move.hpp"
#include "platform/payments/provider.hpp"

namespace oficio::orders::model {

// Our process ended. Not an std::exception, so that nothing on the way can take it for an error.
struct died {};

// Somebody else's books: what was really charged and given back. It never forgets.
class bank {
 public:
  struct account {
    std::int64_t amount = 0;
    payments::outcome outcome = payments::outcome::declined;
    std::string token;
    bool given_back = false;
  };

  payments::charge start(const std::string& id, std::int64_t amount, plastic card) {
    auto [at, fresh] = accounts_.try_emplace(id);
    if (fresh) {
      at->second.amount = amount;
      at->second.outcome = card == plastic::good       ? payments::outcome::succeeded
                           : card == plastic::declined ? payments::outcome::declined
                                                       : payments::outcome::needs_confirmation;
      if (card == plastic::two_steps) at->second.token = "token of " + id;
    }
    return told(id, at->second);
  }

  // Nothing if the token is wrong.
  std::optional<payments::charge> confirm(const std::string& id, const std::string& token) {
    auto& a = accounts_.at(id);
    if (a.token.empty() || a.token != token) return std::nullopt;
    a.outcome = payments::outcome::succeeded;
    return told(id, a);
  }

  std::optional<payments::charge> lookup(const std::string& id) const {
    auto found = accounts_.find(id);
    if (found == accounts_.end()) return std::nullopt;
    return told(id, found->second);
  }

  void refund(const std::string& id) { accounts_.at(id).given_back = true; }
  bool gave_back(const std::string& id) const {
    auto found = accounts_.find(id);
    return found != accounts_.end() && found->second.given_back;
  }

  void fill(view& v) const {
    for (const auto& [id, a] : accounts_) {
      if (a.outcome != payments::outcome::succeeded) continue;
      ++v.charges;
      if (!a.given_back) v.at_provider += a.amount;
    }
  }

 private:
  static payments::charge told(const std::string& id, const account& a) {
    bool waits = a.outcome == payments::outcome::needs_confirmation;
    return {id, a.outcome, "ref", a.outcome == payments::outcome::declined ? "card_declined" : "",
            waits ? a.token : ""};
  }

  std::map<std::string, account> accounts_;
};

}  // namespace oficio::orders::model
