#include "drivers/embedded/payments/sandbox.hpp"

#include <utility>

#include <boost/describe.hpp>

#include "drivers/embedded/payments/cards.hpp"
#include "drivers/embedded/sqlite/file.hpp"
#include "platform/base/random.hpp"
#include "platform/base/time.hpp"
#include "platform/json/json.hpp"
#include "platform/payments/signature.hpp"

namespace oficio::payments {
namespace {

using embedded::connection;

// A movement's key makes charging or refunding an attempt twice impossible, whatever the code does.
constexpr const char* schema = R"(
  CREATE TABLE IF NOT EXISTS attempts (
    attempt_id TEXT PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('succeeded', 'declined', 'needs_confirmation')),
    decline_code TEXT NOT NULL,
    token TEXT NOT NULL,
    started_at TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS movements (
    attempt_id TEXT NOT NULL REFERENCES attempts,
    kind TEXT NOT NULL CHECK (kind IN ('charge', 'refund')),
    amount INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (attempt_id, kind)
  ) WITHOUT ROWID;
)";

struct attempt {
  payments::charge charge;
  money amount;
};

std::string_view to_text(outcome o) {
  switch (o) {
    case outcome::succeeded:
      return "succeeded";
    case outcome::declined:
      return "declined";
    case outcome::needs_confirmation:
      return "needs_confirmation";
  }
  return "declined";
}

outcome to_outcome(std::string_view text) {
  if (text == "succeeded") return outcome::succeeded;
  return text == "declined" ? outcome::declined : outcome::needs_confirmation;
}

std::optional<attempt> find(connection& db, const std::string& attempt_id) {
  auto row = db.prepare(
      "SELECT reference, amount, currency, outcome, decline_code, token FROM attempts"
      " WHERE attempt_id = ?1");
  row.bind(1, attempt_id);
  if (!row.step()) return std::nullopt;
  attempt found;
  found.charge = {attempt_id, to_outcome(row.text(3)), row.text(0), row.text(4), row.text(5)};
  found.amount = {row.integer(1), row.text(2)};
  return found;
}

void insert(connection& db, const attempt& a, time_point now) {
  db.prepare("INSERT INTO attempts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
      .bind(1, a.charge.attempt_id)
      .bind(2, a.charge.reference)
      .bind(3, a.amount.amount)
      .bind(4, a.amount.currency)
      .bind(5, to_text(a.charge.outcome))
      .bind(6, a.charge.decline_code)
      .bind(7, a.charge.confirmation_token)
      .bind(8, format_time(now))
      .run();
}

void set_outcome(connection& db, const charge& c) {
  db.prepare("UPDATE attempts SET outcome = ?2, decline_code = ?3 WHERE attempt_id = ?1")
      .bind(1, c.attempt_id)
      .bind(2, to_text(c.outcome))
      .bind(3, c.decline_code)
      .run();
}

void move(connection& db, const std::string& attempt_id, std::string_view kind, std::int64_t amount,
          time_point now) {
  db.prepare("INSERT OR IGNORE INTO movements VALUES (?1, ?2, ?3, ?4)")
      .bind(1, attempt_id)
      .bind(2, kind)
      .bind(3, amount)
      .bind(4, format_time(now))
      .run();
}

// The token is told only while it is of use.
charge told(charge c) {
  if (c.outcome != outcome::needs_confirmation) c.confirmation_token.clear();
  return c;
}

error unknown_attempt() {
  return {errc::not_found, "unknown_attempt", "The payment provider never heard of this attempt."};
}

result<charge> start_attempt(connection& db, const std::string& attempt_id, const money& amount,
                             const card& with, time_point now) {
  if (auto known = find(db, attempt_id)) {
    if (known->amount == amount) return told(known->charge);
    return error{errc::conflict, "attempt_mismatch",
                 "This payment attempt was already made with another amount."};
  }
  if (amount.amount <= 0) {
    return error{errc::invalid, "invalid_amount", "Only an amount above zero can be charged."};
  }
  TRY(auto decision, decide(with, now));
  attempt made{
      {attempt_id, decision.outcome, "sandbox_" + random_hex(12), decision.decline_code, ""},
      amount};
  if (decision.outcome == outcome::needs_confirmation) {
    made.charge.confirmation_token = random_hex(16);
  }
  insert(db, made, now);
  if (decision.outcome == outcome::succeeded) move(db, attempt_id, "charge", amount.amount, now);
  return made.charge;
}

result<charge> confirm_attempt(connection& db, const std::string& attempt_id,
                               const std::string& token, time_point now) {
  auto known = find(db, attempt_id);
  if (!known) return unknown_attempt();
  if (known->charge.confirmation_token.empty() || known->charge.confirmation_token != token) {
    return error{errc::invalid,
                 "invalid_confirmation",
                 "This is not the confirmation that the payment waits for.",
                 {{"/confirm", "invalid_confirmation", "is not the token of this payment"}}};
  }
  if (known->charge.outcome == outcome::needs_confirmation) {
    known->charge.outcome = outcome::succeeded;
    set_outcome(db, known->charge);
    move(db, attempt_id, "charge", known->amount.amount, now);
  }
  return told(known->charge);
}

result<void> refund_attempt(connection& db, const std::string& attempt_id, time_point now) {
  auto known = find(db, attempt_id);
  if (!known) return unknown_attempt();
  if (known->charge.outcome == outcome::succeeded) {
    move(db, attempt_id, "refund", -known->amount.amount, now);
  } else if (known->charge.outcome == outcome::needs_confirmation) {
    // Nothing to give back yet; without this a later confirmation would still take the money.
    known->charge.outcome = outcome::declined;
    known->charge.decline_code = "voided";
    set_outcome(db, known->charge);
  }
  return {};
}

struct told_notice {
  std::string type;
  std::string attempt_id;
  std::string decline_code;
};
BOOST_DESCRIBE_STRUCT(told_notice, (), (type, attempt_id, decline_code))

result<notice> read(std::string_view body) {
  TRY(auto parsed, json::parse(body));
  auto told = json::from_stored<told_notice>(parsed);
  if (!told || told->attempt_id.empty()) {
    return error{errc::bad_request, "malformed_notice", "The notice names no attempt."};
  }
  notice out{.attempt_id = told->attempt_id};
  if (told->type == "charge.succeeded") {
    out.charge = charge{told->attempt_id, outcome::succeeded, "", "", ""};
  } else if (told->type == "charge.declined") {
    out.charge = charge{told->attempt_id, outcome::declined, "", told->decline_code, ""};
  } else {
    out.refunded = told->type == "refund.succeeded";
  }
  return out;
}

class sandbox : public provider {
 public:
  sandbox(std::string path, std::string webhook_key, runtime::blocking_pool& pool,
          const wall_clock& clock)
      : file_(std::move(path), pool), webhook_key_(std::move(webhook_key)), clock_(clock) {
    file_.set_up(schema);
  }

  awaitable<result<charge>> start(const context& ctx, std::string attempt_id, money amount,
                                  card with) override {
    auto now = clock_.now();
    co_return co_await file_.write(ctx,
                                   [attempt_id = std::move(attempt_id), amount = std::move(amount),
                                    with = std::move(with), now](connection& db) -> result<charge> {
                                     return start_attempt(db, attempt_id, amount, with, now);
                                   });
  }

  awaitable<result<charge>> confirm(const context& ctx, std::string attempt_id,
                                    std::string token) override {
    auto now = clock_.now();
    co_return co_await file_.write(ctx,
                                   [attempt_id = std::move(attempt_id), token = std::move(token),
                                    now](connection& db) -> result<charge> {
                                     return confirm_attempt(db, attempt_id, token, now);
                                   });
  }

  awaitable<result<std::optional<charge>>> lookup(const context& ctx,
                                                  std::string attempt_id) override {
    co_return co_await file_.read(
        ctx, [attempt_id = std::move(attempt_id)](connection& db) -> result<std::optional<charge>> {
          auto known = find(db, attempt_id);
          if (!known) return std::optional<charge>{};
          return std::optional<charge>{told(std::move(known->charge))};
        });
  }

  awaitable<result<void>> refund(const context& ctx, std::string attempt_id) override {
    auto now = clock_.now();
    co_return co_await file_.write(
        ctx, [attempt_id = std::move(attempt_id), now](connection& db) -> result<void> {
          return refund_attempt(db, attempt_id, now);
        });
  }

  std::string_view signature_header() const override { return "Sandbox-Signature"; }

  result<notice> read_notice(std::string_view signature, std::string_view body) const override {
    TRY_VOID(check_signature(webhook_key_, signature, body, clock_.now()));
    return read(body);
  }

 private:
  embedded::file file_;
  std::string webhook_key_;
  const wall_clock& clock_;
};

}  // namespace

std::unique_ptr<provider> make_sandbox(std::string path, std::string webhook_key,
                                       runtime::blocking_pool& pool, const wall_clock& clock) {
  return std::make_unique<sandbox>(std::move(path), std::move(webhook_key), pool, clock);
}

}  // namespace oficio::payments
