#include "drivers/embedded/telemetry/store.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "drivers/embedded/sqlite/connection.hpp"
#include "drivers/embedded/telemetry/retention.hpp"
#include "platform/telemetry/drop_report.hpp"

namespace oficio::embedded {
namespace {

using telemetry::record;

constexpr std::size_t batch = 2'000;
constexpr std::size_t batch_bytes = 8 * 1024 * 1024;
constexpr std::chrono::milliseconds patience{500};

// NULL says more than an empty text, and takes a byte less.
std::optional<std::string_view> some(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<std::int64_t> some(std::int64_t number) {
  if (number < 0) return std::nullopt;
  return number;
}

void insert(connection& to, const record& r) {
  auto s = to.prepare(
      "INSERT INTO records (id, stream, time_us, kind, service, level, trace_id, transaction_id, "
      "span_id, parent_id, name, outcome, status, duration_us, grouping_key, user_id, document, "
      "target, weight) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  const auto& a = r.about;
  s.bind(1, std::string_view(r.id)).bind(2, std::string_view(r.stream)).bind(3, r.time_us);
  s.bind(4, telemetry::to_string(a.kind)).bind(5, some(a.service)).bind(6, some(a.level));
  s.bind(7, some(a.trace_id)).bind(8, some(a.transaction_id)).bind(9, some(a.span_id));
  s.bind(10, some(a.parent_id)).bind(11, some(a.name)).bind(12, some(a.outcome));
  s.bind(13, some(static_cast<std::int64_t>(a.status))).bind(14, some(a.duration_us));
  s.bind(15, some(a.grouping_key)).bind(16, some(a.user_id));
  s.bind(17, std::string_view(r.document)).bind(18, some(a.target)).bind(19, a.weight);
  s.run();
}

class sqlite_store final : public telemetry_store {
 public:
  sqlite_store(const std::string& path, telemetry_options options, telemetry::logger log)
      : options_(options),
        room_(options.room),
        file_(open_telemetry(path)),
        drops_(std::move(log)) {
    thread_ = std::thread([this] { work(); });
  }

  ~sqlite_store() override {
    room_.close();
    thread_.join();
    drops_.tell_last(dropped(), failure_);
  }

  bool offer(record r) override { return room_.put(std::move(r)); }

  figures now() const override {
    return {.taken = room_.taken(),
            .kept = kept_,
            .dropped = dropped(),
            .refused = 0,
            .waiting = room_.size(),
            .spilled = 0};
  }

  void flush(std::chrono::milliseconds at_most) override {
    auto goal = room_.taken() - room_.dropped();
    std::unique_lock lock(guard_);
    written_.wait_for(lock, at_most, [&] { return kept_ + lost_ >= goal; });
  }

 private:
  std::uint64_t dropped() const { return room_.dropped() + lost_; }

  void work() {
    auto next_purge = std::chrono::steady_clock::now();
    for (;;) {
      auto records = room_.take(batch, batch_bytes, patience);
      if (!records.empty()) write(records);
      drops_.tell(dropped(), failure_);
      if (room_.closed() && room_.size() == 0) return;
      if (std::chrono::steady_clock::now() < next_purge) continue;
      // While there is more to purge, a batch of it stands between two batches of new ones.
      if (!purge()) next_purge = std::chrono::steady_clock::now() + options_.purge_interval;
    }
  }

  void write(const std::vector<record>& records) {
    bool done = false;
    try {
      file_->execute("BEGIN IMMEDIATE");
      for (const auto& r : records) insert(*file_, r);
      file_->execute("COMMIT");
      done = true;
      failure_.clear();
    } catch (const sqlite_error& e) {
      failure_ = e.what();
      undo();
    }
    {
      std::lock_guard lock(guard_);
      (done ? kept_ : lost_) += records.size();
    }
    written_.notify_all();
  }

  // A full disk must not end the market: what cannot be written is counted as lost.
  void undo() {
    try {
      file_->execute("ROLLBACK");
    } catch (const sqlite_error&) {  // there was none, or SQLite has undone it already
    }
  }

  bool purge() {
    try {
      return purge_telemetry(*file_, options_.keep, options_.max_bytes);
    } catch (const sqlite_error&) {
      undo();
      return false;
    }
  }

  const telemetry_options options_;
  telemetry::waiting_room room_;
  std::unique_ptr<connection> file_;  // of thread_, once that runs, as the next two
  telemetry::drop_report drops_;
  std::string failure_;  // why the last records could not be written
  std::mutex guard_;
  std::condition_variable written_;
  std::atomic<std::uint64_t> kept_{0};
  std::atomic<std::uint64_t> lost_{0};
  std::thread thread_;
};

}  // namespace

std::unique_ptr<telemetry_store> make_telemetry_store(const std::string& path,
                                                      telemetry_options options,
                                                      telemetry::logger log) {
  return std::make_unique<sqlite_store>(path, options, std::move(log));
}

}  // namespace oficio::embedded
