#include "bank.hpp"
#include "platform/json/json.hpp"
#include "subject.hpp"

namespace oficio::orders::model {
namespace {

order begun(const story& s) {
  order o;
  o.id = "order-1";
  o.buyer = {"buyer", "buyer", {}};
  o.seller = {"seller", "seller", {}};
  o.package = "basic";
  o.price = s.price;
  o.fee = buyer_fee(s.price);
  o.currency = "USD";
  o.delivery_days = s.delivery_days;
  o.revisions_left = s.revisions;
  o.place(story_start);
  return o;
}

class machine : public subject {
 public:
  explicit machine(const story& s) : kept_(begun(s)) {}

  std::string play(const move& m) override {
    try {
      return play_alive(m);
    } catch (const died&) {
      return "died";
    }
  }

  view look() override {
    auto v = view_of_order(kept_, story_start);
    bank_.fill(v);
    return v;
  }

  std::string broken() override { return broken_books(kept_); }

  std::string broken_at_end() override {
    auto kept = json::to_value(kept_);
    auto again = json::to_value(json::from_stored<order>(kept).value());
    return again == kept ? "" : "what is kept is not read back as it was";
  }

 private:
  // What a store does: a refused change leaves no trace.
  template <class Change>
  result<void> update(Change change) {
    order next = kept_;
    TRY_VOID(change(next));
    next.raised.clear();
    kept_ = std::move(next);
    return {};
  }
  static std::string told(const result<void>& r) { return r ? "ok" : r.error().code; }

  std::string play_alive(const move& m) {
    switch (m.what) {
      case deed::wait:
        now_ += std::chrono::milliseconds(m.number);
        return "ok";
      case deed::timer:
        return timer(m);
      case deed::notice:
        return notice(m);
      default:
        break;
    }
    if (m.who == person::stranger) return "not_found";
    side by = m.who == person::buyer ? side::buyer : side::seller;
    if (m.what == deed::pay || m.what == deed::confirm) return pay(m, by);
    return told(update([&](order& o) { return work(o, m, by); }));
  }

  result<void> work(order& o, const move& m, side by) {
    switch (m.what) {
      case deed::requirements:
        return o.submit_requirements(by, {"t", {}, {}}, now_);
      case deed::deliver:
        return o.deliver(by, {"d", "m", {}, {}}, now_);
      case deed::revision:
        return o.request_revision(by, "m", now_);
      case deed::accept:
        return o.accept(by, now_);
      case deed::cancel:
        return o.cancel(by, "r", now_);
      case deed::answer_cancellation:
        return o.answer_cancellation(by, m.yes, now_);
      case deed::extend:
        return o.request_extension(by, m.number, "r", now_);
      default:
        return o.answer_extension(by, m.yes, now_);
    }
  }

  std::string pay(const move& m, side by) {
    if (by != side::buyer) return may(action::pay, by, kept_.status).error().code;
    if (const auto* last = kept_.last_attempt(); last && last->state == attempt_state::started) {
      if (m.trouble == trouble::away) return "payments_unavailable";
      resolve(*last);
    }
    std::string id;
    auto begin = update([&](order& o) -> result<void> {
      if (m.what == deed::confirm) {
        TRY(id, o.begin_confirmation(by, now_));
        return {};
      }
      attempt next;
      next.id = id = o.next_attempt_id();
      return o.begin_attempt(by, next, now_);
    });
    if (!begin) return begin.error().code;
    return ask(id, m);
  }

  std::string ask(const std::string& id, const move& m) {
    if (m.trouble == trouble::away) return "payments_unavailable";
    if (m.trouble == trouble::dies_before) throw died{};
    auto outcome = m.what == deed::pay ? std::optional(bank_.start(id, kept_.total(), m.card))
                                       : bank_.confirm(id, m.yes ? "token of " + id : "wrong");
    if (m.trouble == trouble::dies_after) throw died{};
    payments::charge waiting{id, payments::outcome::needs_confirmation, "", "", ""};
    settle(outcome.value_or(waiting));
    if (m.trouble == trouble::dies_late) throw died{};
    if (!outcome) return "invalid_confirmation";
    if (outcome->outcome == payments::outcome::declined) return outcome->decline_code;
    return outcome->outcome == payments::outcome::succeeded ? "ok" : "confirm";
  }

  void settle(const payments::charge& c) {
    (void)update([&](order& o) -> result<void> {
      o.settle(c, now_);
      return {};
    });
  }

  void resolve(const attempt& a) {
    auto known = bank_.lookup(a.id);
    bool old = now_ >= a.started_at + attempt_patience;
    if (known) {
      if (known->outcome != payments::outcome::needs_confirmation || old) settle(*known);
    } else if (old) {
      kept_.fail(a.id, now_);
    }
  }

  std::string timer(const move& m) {
    if (!kept_.wake_at || *kept_.wake_at > now_) return "ok";
    kept_.let_time_pass(now_);
    auto seen = kept_.attempts;
    for (const auto& a : seen) {
      if (!a.check_at || *a.check_at > now_) continue;
      if (m.trouble == trouble::away) {
        for (const auto& late : seen) {
          if (late.check_at && *late.check_at <= now_) {
            kept_.step_back(late.id, now_);
          }
        }
        return "ok";
      }
      if (a.state == attempt_state::started) {
        resolve(a);
        continue;
      }
      if (m.trouble == trouble::dies_before) throw died{};
      bank_.refund(a.id);
      if (m.trouble == trouble::dies_after) throw died{};
      kept_.refunded(a.id, now_);
    }
    return "ok";
  }

  std::string notice(const move& m) {
    auto index = static_cast<std::size_t>(m.number);
    if (index >= kept_.attempts.size()) return "ok";
    auto id = kept_.attempts[index].id;
    if (m.yes && bank_.gave_back(id)) {
      kept_.refunded(id, now_);
    } else if (auto known = bank_.lookup(id);
               known && known->outcome != payments::outcome::needs_confirmation) {
      settle(*known);
    }
    return "ok";
  }

  order kept_;
  bank bank_;
  time_point now_ = story_start;
};

}  // namespace

std::unique_ptr<subject> make_machine(const story& s) {
  return std::make_unique<machine>(s);
}

view view_of_order(const order& o, time_point start) {
  view v;
  v.status = std::string(to_string(o.status));
  v.late = o.late;
  v.revisions_left = o.revisions_left;
  if (o.due_at) v.due = (*o.due_at - start).count();
  auto name = [](agreement a) { return boost::describe::enum_to_string(a, "?"); };
  if (o.extension) v.extension = name(o.extension->status);
  if (o.cancellation) v.cancellation = name(o.cancellation->status);
  v.buyer = balance_of(o.ledger, account::buyer);
  v.escrow = balance_of(o.ledger, account::escrow);
  v.seller = balance_of(o.ledger, account::seller);
  v.platform = balance_of(o.ledger, account::platform);
  return v;
}

std::string broken_books(const order& o) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < o.ledger.size(); ++i) {
    const auto& line = o.ledger[i];
    bool movement_begins = sum == 0;
    if (!movement_begins && line.kind != o.ledger[i - 1].kind) return "a movement is torn";
    if (line.amount == 0 && o.price > 0 && line.account != account::platform) return "empty line";
    sum += line.amount;
  }
  if (sum != 0) return "the ledger's lines sum to " + std::to_string(sum);
  for (const auto& a : o.attempts) {
    bool open = a.state == attempt_state::started || a.refund == refund_state::due;
    if (open != a.check_at.has_value()) return "an open attempt that nobody looks at";
    if (open && (!o.wake_at || *o.wake_at > *a.check_at)) return "nobody wakes for an attempt";
  }
  return "";
}

}  // namespace oficio::orders::model
