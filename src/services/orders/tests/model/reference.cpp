#include "reference.hpp"

#include <algorithm>

namespace oficio::orders::model {
namespace {

constexpr std::int64_t second = 1'000, minute = 60 * second, day = 24 * 60 * minute;

bool dies(const move& m) {
  return m.trouble == trouble::dies_before || m.trouble == trouble::dies_after ||
         m.trouble == trouble::dies_late;
}

}  // namespace

reference::reference(const story& s)
    : price_(s.price),
      // 55 in a thousand; half a cent rounds up.
      fee_((s.price * 55 + 500) / 1'000 + (s.price < 7'500 ? 200 : 0)),
      days_(s.delivery_days),
      revisions_(s.revisions) {}

std::string reference::play(const move& m) {
  if (m.what == deed::wait) {
    now_ += m.number;
    return "ok";
  }
  if (m.what == deed::timer) return play_timer(m);
  if (m.what == deed::notice) return play_notice(m);
  if (m.who == person::stranger) return "not_found";
  // A step that is refused changes nothing, not even what time would have.
  reference before = *this;
  std::string said;
  switch (m.what) {
    case deed::pay:
      return play_pay(m);
    case deed::confirm:
      return play_confirm(m);
    case deed::cancel:
    case deed::answer_cancellation:
      said = play_cancel(m);
      break;
    case deed::extend:
    case deed::answer_extension:
      said = play_extension(m);
      break;
    default:
      said = play_work(m);
  }
  if (said != "ok") *this = before;
  return said;
}

void reference::pass_time() {
  if (status_ == "pending_payment" && now_ >= 60 * minute) return end("cancelled");
  if (status_ == "delivered" && now_ >= delivered_ + 3 * day) return end("completed");
  if (status_ == "in_progress" && now_ > due_) late_ = true;
}

void reference::end(std::string status) {
  status_ = std::move(status);
  if (extension_ == answer::open) extension_ = answer::lapsed;
  if (cancellation_ == answer::open) cancellation_ = answer::lapsed;
  if (status_ != "cancelled") return;
  for (auto& t : tries_) {
    if (t.book == known::paid) {
      t.refund_due = true;
      t.look_again = now_;
      t.pause = 30 * second;
    }
    if (t.book == known::waiting) t.book = known::failed;
  }
}

std::string reference::play_work(const move& m) {
  bool sellers = m.what == deed::deliver;
  if ((m.who == person::seller) != sellers) return "not_your_turn";
  pass_time();
  auto from = [this](const char* wanted) { return status_ == wanted; };
  if (m.what == deed::requirements) {
    if (!from("awaiting_requirements")) return "wrong_state";
    status_ = "in_progress";
    due_ = now_ + days_ * day;
  } else if (m.what == deed::deliver) {
    if (!from("in_progress")) return "wrong_state";
    status_ = "delivered";
    delivered_ = now_;
    ++deliveries_;
    if (extension_ == answer::open) extension_ = answer::lapsed;
  } else if (m.what == deed::revision) {
    if (!from("delivered")) return "wrong_state";
    if (revisions_ == 0) return "no_revisions_left";
    --revisions_;
    status_ = "in_progress";
    due_ += now_ - delivered_;
  } else {
    if (!from("delivered")) return "wrong_state";
    end("completed");
  }
  return "ok";
}

std::string reference::play_cancel(const move& m) {
  pass_time();
  if (m.what == deed::answer_cancellation) {
    if (!at_work()) return "wrong_state";
    if (cancellation_ != answer::open) return "no_cancellation";
    if (cancelled_by_ == m.who) return "not_your_turn";
    cancellation_ = m.yes ? answer::approved : answer::rejected;
    if (m.yes) end("cancelled");
    return "ok";
  }
  if (over()) return "wrong_state";
  bool alone = m.who == person::seller ? deliveries_ == 0
                                       : !at_work() || (status_ == "in_progress" && late_);
  if (alone) {
    cancellation_ = answer::approved;
    cancelled_by_ = m.who;
    end("cancelled");
    return "ok";
  }
  if (cancellation_ == answer::open) return "cancellation_open";
  int& asked = cancellations_[m.who == person::seller];
  if (asked == 10) return "too_many_cancellations";
  ++asked;
  cancellation_ = answer::open;
  cancelled_by_ = m.who;
  return "ok";
}

std::string reference::play_extension(const move& m) {
  bool asks = m.what == deed::extend;
  if ((m.who == person::seller) != asks) return "not_your_turn";
  pass_time();
  if (status_ != "in_progress") return "wrong_state";
  if (asks) {
    if (extension_ == answer::open) return "extension_open";
    if (extensions_ == 10) return "too_many_extensions";
    ++extensions_;
    extension_ = answer::open;
    extension_days_ = m.number;
    return "ok";
  }
  if (extension_ != answer::open) return "no_extension";
  extension_ = m.yes ? answer::approved : answer::rejected;
  if (m.yes) {
    due_ += extension_days_ * day;
    late_ = now_ > due_;
  }
  return "ok";
}

// The provider told that it took the money.
void reference::hear_charge(std::size_t index) {
  auto& t = tries_[index];
  if (t.book == known::paid) return;
  pass_time();
  t.book = known::paid;
  if (status_ == "pending_payment") {
    status_ = "awaiting_requirements";
  } else {
    t.refund_due = true;
    t.look_again = now_;
    t.pause = 30 * second;
  }
}

void reference::hear_waiting(std::size_t index) {
  auto& t = tries_[index];
  if (t.book == known::started) {
    t.book = status_ == "pending_payment" ? known::waiting : known::failed;
  }
}

// Asks the provider about a started attempt.
bool reference::resolve(std::size_t index) {
  auto& t = tries_[index];
  bool old = now_ >= t.started + 30 * second;
  switch (t.bank) {
    case truth::charged:
      hear_charge(index);
      break;
    case truth::declined:
      t.book = known::declined;
      break;
    case truth::waiting:
      if (old) hear_waiting(index);
      break;
    case truth::nothing:
      if (old) t.book = known::failed;
      break;
  }
  return true;
}

// One call to the provider and what is written of it.
std::string reference::ask_bank(std::size_t index, const move& m, bool second_step) {
  auto& t = tries_[index];
  if (m.trouble == trouble::away) return "payments_unavailable";
  if (m.trouble == trouble::dies_before) return "died";
  bool wrong = second_step && !m.yes;
  if (second_step) {
    if (!wrong) t.bank = truth::charged;
  } else {
    t.bank = m.card == plastic::good       ? truth::charged
             : m.card == plastic::declined ? truth::declined
                                           : truth::waiting;
  }
  if (m.trouble == trouble::dies_after) return "died";
  if (wrong) {
    hear_waiting(index);
    return m.trouble == trouble::dies_late ? "died" : "invalid_confirmation";
  }
  std::string said = "ok";
  if (t.bank == truth::charged) {
    hear_charge(index);
  } else if (t.bank == truth::declined) {
    t.book = known::declined;
    said = "card_declined";
  } else {
    hear_waiting(index);
    said = "confirm";
  }
  return dies(m) ? "died" : said;
}

std::string reference::play_pay(const move& m) {
  if (m.who != person::buyer) return "not_your_turn";
  if (!tries_.empty() && tries_.back().book == known::started) {
    if (m.trouble == trouble::away) return "payments_unavailable";
    resolve(tries_.size() - 1);
  }
  reference before = *this;
  pass_time();
  if (status_ != "pending_payment") {
    *this = before;
    return "wrong_state";
  }
  for (const auto& t : tries_) {
    if (t.book == known::started) return "payment_in_progress";
  }
  if (tries_.size() == 20) return "too_many_attempts";
  for (auto& t : tries_) {
    if (t.book == known::waiting) t.book = known::failed;
  }
  tries_.push_back({.card = m.card, .started = now_, .look_again = now_ + 30 * second});
  return ask_bank(tries_.size() - 1, m, false);
}

std::string reference::play_confirm(const move& m) {
  if (m.who != person::buyer) return "not_your_turn";
  if (!tries_.empty() && tries_.back().book == known::started) {
    if (m.trouble == trouble::away) return "payments_unavailable";
    resolve(tries_.size() - 1);
  }
  reference before = *this;
  pass_time();
  if (status_ != "pending_payment") {
    *this = before;
    return "wrong_state";
  }
  for (std::size_t i = 0; i < tries_.size(); ++i) {
    if (tries_[i].book == known::started) return "payment_in_progress";
  }
  for (std::size_t i = 0; i < tries_.size(); ++i) {
    if (tries_[i].book != known::waiting) continue;
    tries_[i].book = known::started;
    tries_[i].started = now_;
    tries_[i].look_again = now_ + 30 * second;
    tries_[i].pause = 30 * second;
    return ask_bank(i, m, true);
  }
  return "no_confirmation";
}

std::string reference::play_timer(const move& m) {
  pass_time();
  auto seen = tries_;
  auto is_due = [&](const try_to_pay& t) {
    return (t.book == known::started || t.refund_due) && t.look_again <= now_;
  };
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (!is_due(seen[i])) continue;
    if (m.trouble == trouble::away) {
      for (auto& t : tries_) {
        if (!is_due(t)) continue;
        t.look_again = now_ + t.pause;
        t.pause = std::min(2 * t.pause, 32 * minute);
      }
      return "ok";
    }
    if (seen[i].book == known::started) {
      resolve(i);
      continue;
    }
    if (m.trouble == trouble::dies_before) return "died";
    tries_[i].given_back = true;
    if (m.trouble == trouble::dies_after) return "died";
    tries_[i].refund_due = false;
  }
  return "ok";
}

std::string reference::play_notice(const move& m) {
  auto index = static_cast<std::size_t>(m.number);
  if (index >= tries_.size()) return "ok";
  auto& t = tries_[index];
  if (t.bank == truth::charged && t.given_back && m.yes) {
    t.refund_due = false;
  } else if (t.bank == truth::charged) {
    hear_charge(index);
  } else if (t.bank == truth::declined && t.book == known::started) {
    t.book = known::declined;
  }
  return "ok";
}

view reference::look() const {
  static const char* const answers[] = {"", "open", "approved", "rejected", "lapsed"};
  view v;
  v.status = status_;
  v.late = late_;
  v.revisions_left = revisions_;
  v.due = due_;
  v.extension = answers[static_cast<int>(extension_)];
  v.cancellation = answers[static_cast<int>(cancellation_)];
  std::int64_t total = price_ + fee_;
  std::int64_t share = price_ - (price_ * 20 + 50) / 100;
  if (at_work() || status_ == "awaiting_requirements") {
    v.buyer = -total;
    v.escrow = total;
  } else if (status_ == "completed") {
    v.buyer = -total;
    v.seller = share;
    v.platform = total - share;
  }
  for (const auto& t : tries_) {
    if (t.bank != truth::charged) continue;
    ++v.charges;
    if (!t.given_back) v.at_provider += total;
  }
  return v;
}

}  // namespace oficio::orders::model
