#include "drivers/embedded/mail/mail.hpp"

#include "drivers/embedded/sqlite/file.hpp"
#include "platform/mail/mime.hpp"

namespace oficio::embedded {
namespace {

constexpr std::int64_t max_kept = 10'000;

constexpr auto schema = R"(
CREATE TABLE IF NOT EXISTS mail (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  body_text TEXT NOT NULL,
  body_html TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS mail_recipient ON mail (recipient COLLATE NOCASE, seq);
)";

constexpr std::string_view columns =
    "SELECT id, recipient, subject, body_text, body_html, at, language, unsubscribe FROM mail ";

mail::sent_message read(const statement& row) {
  return {.mail = {.id = row.text(0),
                   .to = row.text(1),
                   .subject = row.text(2),
                   .text = row.text(3),
                   .html = row.text(4),
                   .language = row.text(6),
                   .unsubscribe_url = row.text(7)},
          .at = time_point(std::chrono::milliseconds(row.integer(5)))};
}

result<void> keep(connection& to, const mail::message& m, time_point now) {
  to.prepare(
        "INSERT INTO mail (id, recipient, subject, body_text, body_html, at, language, "
        "unsubscribe) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO NOTHING")
      .bind(1, m.id)
      .bind(2, m.to)
      .bind(3, m.subject)
      .bind(4, m.text)
      .bind(5, m.html)
      .bind(6, static_cast<std::int64_t>(now.time_since_epoch().count()))
      .bind(7, m.language)
      .bind(8, m.unsubscribe_url)
      .run();
  if (to.changes() == 0) return {};
  // seq has no gaps but those of removed mail, all of it older.
  to.prepare("DELETE FROM mail WHERE seq <= (SELECT max(seq) FROM mail) - ?1")
      .bind(1, max_kept)
      .run();
  return {};
}

class mail_outbox final : public mail::local_outbox {
 public:
  mail_outbox(std::string path, runtime::blocking_pool& pool, const wall_clock& clock)
      : file_(std::move(path), pool), clock_(clock) {
    file_.set_up(schema);
    add_column("language TEXT NOT NULL DEFAULT 'en'");
    add_column("unsubscribe TEXT NOT NULL DEFAULT ''");
  }

  awaitable<result<void>> send(const context& ctx, mail::message m) override {
    CO_TRY_VOID(mail::check(m));
    auto now = clock_.now();
    co_return co_await file_.write(
        ctx, [m = std::move(m), now](connection& to) { return keep(to, m, now); });
  }

  awaitable<result<void>> ping(const context& ctx) override {
    co_return co_await file_.read(ctx, [](connection& from) -> result<void> {
      from.prepare("SELECT 1 FROM mail LIMIT 1").step();
      return {};
    });
  }

  awaitable<result<std::vector<mail::sent_message>>> list(const context& ctx, std::string to,
                                                          std::size_t limit) override {
    co_return co_await file_.read(
        ctx,
        [to = std::move(to), limit](connection& from) -> result<std::vector<mail::sent_message>> {
          std::string where = to.empty() ? "" : "WHERE recipient = ?2 COLLATE NOCASE ";
          auto rows = from.prepare(std::string(columns) + where + "ORDER BY seq DESC LIMIT ?1");
          rows.bind(1, static_cast<std::int64_t>(limit));
          if (!to.empty()) rows.bind(2, to);
          std::vector<mail::sent_message> out;
          while (rows.step()) out.push_back(read(rows));
          return out;
        });
  }

  awaitable<result<std::optional<mail::sent_message>>> get(const context& ctx,
                                                           std::string id) override {
    co_return co_await file_.read(
        ctx, [id = std::move(id)](connection& from) -> result<std::optional<mail::sent_message>> {
          auto row = from.prepare(std::string(columns) + "WHERE id = ?1");
          row.bind(1, id);
          if (!row.step()) return std::optional<mail::sent_message>{};
          return std::optional<mail::sent_message>{read(row)};
        });
  }

 private:
  // Outboxes of before have fewer columns, and SQLite knows no IF NOT EXISTS here.
  void add_column(const std::string& column) {
    try {
      file_.set_up("ALTER TABLE mail ADD COLUMN " + column);
    } catch (const sqlite_error& e) {
      if (std::string_view(e.what()).find("duplicate column") == std::string_view::npos) throw;
    }
  }

  file file_;
  const wall_clock& clock_;
};

}  // namespace

std::unique_ptr<mail::local_outbox> make_mail_outbox(std::string path, runtime::blocking_pool& pool,
                                                     const wall_clock& clock) {
  return std::make_unique<mail_outbox>(std::move(path), pool, clock);
}

}  // namespace oficio::embedded
