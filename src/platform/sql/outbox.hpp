#pragma once

#include <memory>
#include <string>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/events/outbox.hpp"
#include "platform/sql/database.hpp"

namespace oficio::sql {

// The migration text that makes the outbox table; include it in a service's first migration.
std::string outbox_table(dialect d);

// Events in a table, written in the transaction that changes what they tell of.
class outbox final : public events::outbox {
 public:
  // `source` as in documents::collection; `db` must outlive it.
  outbox(database& db, std::string source, const wall_clock& clock);

  // Inside a database::write. `version` is the aggregate's write version after the change. Call
  // changed().notify() after the commit .
  void append(soci::session& session, const context& ctx, const std::string& aggregate_id,
              std::int64_t version, const std::vector<events::raised>& raised);

  awaitable<result<std::vector<events::envelope>>> pending(const context& ctx,
                                                           std::size_t limit) override;
  awaitable<result<void>> confirmed(const context& ctx,
                                    const std::vector<events::envelope>& events) override;
  runtime::notifier& changed() override { return changed_; }

 private:
  database& db_;
  std::string source_;
  const wall_clock& clock_;
  runtime::notifier changed_;
};

}  // namespace oficio::sql
