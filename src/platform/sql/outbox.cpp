#include "platform/sql/outbox.hpp"

#include <soci/soci.h>

#include "platform/json/json.hpp"

namespace oficio::sql {

std::string outbox_table(dialect d) {
  std::string seq;
  std::string event;
  switch (d) {
    case dialect::sqlite:
      seq = "INTEGER PRIMARY KEY AUTOINCREMENT";
      event = "TEXT";
      break;
    case dialect::mysql:
      seq = "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY";
      event = "MEDIUMTEXT";
      break;
    case dialect::postgresql:
      seq = "BIGSERIAL PRIMARY KEY";
      event = "TEXT";
      break;
  }
  return "CREATE TABLE outbox (seq " + seq + ", event_id VARCHAR(36) NOT NULL, event " + event +
         " NOT NULL);\nCREATE INDEX outbox_event_id ON outbox (event_id);\n";
}

outbox::outbox(database& db, std::string source, const wall_clock& clock)
    : db_(db), source_(std::move(source)), clock_(clock) {}

void outbox::append(soci::session& session, const context& ctx, const std::string& aggregate_id,
                    std::int64_t version, const std::vector<events::raised>& raised) {
  auto now = clock_.now();
  for (std::size_t i = 0; i < raised.size(); ++i) {
    auto sealed = events::seal(raised[i], source_, aggregate_id, version, i, now, ctx);
    auto text = json::to_text(json::value(events::to_json(sealed)));
    session << "INSERT INTO outbox (event_id, event) VALUES (:id, :event)", soci::use(sealed.id),
        soci::use(text);
  }
}

awaitable<result<std::vector<events::envelope>>> outbox::pending(const context& ctx,
                                                                 std::size_t limit) {
  using envelopes = result<std::vector<events::envelope>>;
  co_return co_await db_.read(ctx, [limit](soci::session& session) -> envelopes {
    std::vector<events::envelope> out;
    auto at_most = static_cast<std::int64_t>(limit);
    std::string text;
    soci::statement rows =
        (session.prepare << "SELECT event FROM outbox ORDER BY seq LIMIT :at_most",
         soci::use(at_most), soci::into(text));
    rows.execute();
    while (rows.fetch()) {
      TRY(auto stored, json::parse(text, 64));
      TRY(auto event, events::from_json(stored));
      out.push_back(std::move(event));
    }
    return out;
  });
}

awaitable<result<void>> outbox::confirmed(const context& ctx,
                                          const std::vector<events::envelope>& events) {
  std::vector<std::string> ids;
  ids.reserve(events.size());
  for (const auto& e : events) ids.push_back(e.id);
  co_return co_await db_.write(ctx, [ids = std::move(ids)](soci::session& session) -> result<void> {
    std::string id;
    soci::statement forget =
        (session.prepare << "DELETE FROM outbox WHERE event_id = :id", soci::use(id));
    for (const auto& next : ids) {
      id = next;
      forget.execute(true);
    }
    return {};
  });
}

}  // namespace oficio::sql
