#include "services/notifications/live_stream.hpp"

#include <algorithm>
#include <charconv>

#include "platform/http/event_stream.hpp"
#include "platform/json/json.hpp"
#include "platform/runtime/notifier.hpp"

namespace oficio::notifications {
namespace {

constexpr std::size_t piece_size = 64 * 1024;

std::string id_of(time_point at, std::string_view event) {
  return std::to_string(at.time_since_epoch().count()).append("-").append(event);
}

std::optional<time_point> time_in(std::string_view id) {
  std::int64_t ms = 0;
  auto [end, failure] = std::from_chars(id.data(), id.data() + id.size(), ms);
  bool fits = failure == std::errc{} && end != id.data() + id.size() && *end == '-';
  if (!fits) return std::nullopt;
  return time_point(std::chrono::milliseconds(ms));
}

bool concerns_somebody(const events::envelope& e) {
  auto* found = e.data.if_contains("concerns");
  auto* who = found ? found->if_array() : nullptr;
  return who && !who->empty();
}

}  // namespace

std::vector<std::string> live_patterns() {
  return {"chat.message.sent", "chat.conversation.read", "chat.offer.*",
          "orders.order.*",    "users.notice.created",   "auth.session.ended"};
}

// What one gateway reads: its place among what is kept, so that it holds nothing of its own.
class live_stream::follower final : public http::body_stream {
 public:
  follower(std::shared_ptr<live_stream> of, std::uint64_t at, std::uint64_t gaps)
      : of_(std::move(of)), at_(at), gaps_(gaps) {}

  ~follower() override {
    std::lock_guard lock(of_->guard_);
    std::erase(of_->followers_, this);
  }

  awaitable<result<std::string>> next(steady_time until) override {
    auto beat = std::min(until, std::chrono::steady_clock::now() + of_->options_.heartbeat);
    for (;;) {
      bool closed = false;
      auto piece = take(closed);
      if (closed || !piece.empty()) co_return piece;
      auto left =
          std::chrono::ceil<std::chrono::milliseconds>(beat - std::chrono::steady_clock::now());
      if (left.count() <= 0) co_return heartbeat();
      co_await woken_.wait(left);
    }
  }

  void wake() { woken_.notify(); }

 private:
  std::string take(bool& closed) {
    std::lock_guard lock(of_->guard_);
    closed = of_->closed_;
    if (closed) return {};
    if (gaps_ != of_->gaps_ || at_ < of_->first_) return resync();
    std::string piece;
    for (; at_ < of_->end_locked() && piece.size() < piece_size; ++at_) {
      piece.append(of_->kept_[at_ - of_->first_].text);
    }
    return piece;
  }

  // It has missed something, or been too slow: it goes on from here.
  std::string resync() {
    gaps_ = of_->gaps_;
    at_ = of_->end_locked();
    if (of_->resyncs_) of_->resyncs_->add();
    return http::to_text({.id = id_of(of_->now_locked(), ""), .type = "resync", .data = "{}"});
  }

  // Nothing that came before now is still to come.
  std::string heartbeat() {
    std::lock_guard lock(of_->guard_);
    return http::heartbeat_text(id_of(of_->now_locked(), ""));
  }

  const std::shared_ptr<live_stream> of_;
  std::uint64_t at_;
  std::uint64_t gaps_;  // that it knows of
  runtime::notifier woken_;
};

live_stream::live_stream(const wall_clock& clock, live_options o, telemetry::metrics* metrics)
    : clock_(clock), options_(o), last_at_(clock.now()), complete_since_(last_at_) {
  if (!metrics) return;
  taken_ = &metrics->count("oficio_live_events_total", "Events for people's sockets that came");
  resyncs_ = &metrics->count("oficio_live_resyncs_total",
                             "How often a gateway was told that it may have missed something");
  told_ = metrics->on_read([this](auto& to) { tell(to); });
}

live_stream::~live_stream() = default;

void live_stream::tell(telemetry::reading& to) const {
  std::lock_guard lock(guard_);
  to.level("oficio_live_followers", "Gateways that follow the stream", {},
           static_cast<double>(followers_.size()));
  to.level("oficio_live_kept_bytes", "Events that are kept for gateways that come back", {},
           static_cast<double>(bytes_));
}

// Never before the last.
time_point live_stream::now_locked() {
  last_at_ = std::max(last_at_, clock_.now());
  return last_at_;
}

void live_stream::drop_old_locked(time_point now) {
  auto too_old = [&] { return kept_.front().at + options_.kept_for < now; };
  while (!kept_.empty() &&
         (kept_.size() > options_.max_events || bytes_ > options_.max_bytes || too_old())) {
    complete_since_ = kept_.front().at + std::chrono::milliseconds(1);
    bytes_ -= kept_.front().text.size();
    kept_.pop_front();
    ++first_;
  }
}

void live_stream::wake_all_locked() {
  for (auto* f : followers_) f->wake();
}

void live_stream::take(const events::envelope& e) {
  // Facts that are told again are for copies, not for people.
  if (e.republished || !concerns_somebody(e)) return;
  auto data = json::to_text(json::value(events::to_json(e)));
  std::lock_guard lock(guard_);
  auto now = now_locked();
  kept_.push_back({now, http::to_text({.id = id_of(now, e.id), .type = e.type, .data = data})});
  bytes_ += kept_.back().text.size();
  if (taken_) taken_->add();
  drop_old_locked(now);
  wake_all_locked();
}

void live_stream::missed() {
  std::lock_guard lock(guard_);
  first_ = end_locked();
  kept_.clear();
  bytes_ = 0;
  complete_since_ = now_locked();
  ++gaps_;
  wake_all_locked();
}

std::optional<std::uint64_t> live_stream::position_behind_locked(std::string_view last_id) {
  auto seen = time_in(last_id);
  if (!seen) return std::nullopt;
  auto now = now_locked();
  drop_old_locked(now);
  // Another instance's clock may be ahead.
  auto from = std::min(*seen, now) - options_.overlap;
  if (from < complete_since_) return std::nullopt;
  auto found = std::ranges::lower_bound(kept_, from, {}, &entry::at);
  return first_ + static_cast<std::uint64_t>(found - kept_.begin());
}

result<std::shared_ptr<http::body_stream>> live_stream::follow(std::string_view last_id) {
  std::lock_guard lock(guard_);
  if (closed_) return error{errc::unavailable, "stopping", "This process is stopping."};
  if (followers_.size() >= options_.max_followers) {
    return error{errc::unavailable, "too_many_followers", "Too many gateways follow already."};
  }
  auto at = position_behind_locked(last_id);
  // One that does not know of all gaps begins with `resync`.
  auto gaps = at ? gaps_ : gaps_ - 1;
  auto made = std::make_shared<follower>(shared_from_this(), at.value_or(end_locked()), gaps);
  followers_.push_back(made.get());
  return std::shared_ptr<http::body_stream>(std::move(made));
}

void live_stream::close() {
  std::lock_guard lock(guard_);
  closed_ = true;
  wake_all_locked();
}

}  // namespace oficio::notifications
