#include "platform/realtime/history.hpp"

#include <algorithm>
#include <charconv>

#include "platform/base/random.hpp"
#include "platform/realtime/server.hpp"
#include "platform/security/crypto.hpp"

namespace oficio::realtime {

namespace {

bool any_of(const std::vector<std::string>& some, const std::vector<std::string>& rooms) {
  return std::ranges::any_of(
      some, [&](const auto& one) { return std::ranges::find(rooms, one) != rooms.end(); });
}

bool concerns(const audience& to, const absence& who) {
  if (!to.only.empty()) return to.only == who.id;
  if (to.except == who.id || any_of(to.except_rooms, who.rooms)) return false;
  return to.rooms.empty() || any_of(to.rooms, who.rooms);
}

}  // namespace

history::history(const recovery_options& o)
    : options_(o), epoch_(security::base64url(random_bytes(6))) {}

std::string history::next_offset() const {
  return epoch_ + "." + std::to_string(position());
}

std::optional<std::uint64_t> history::read_offset(const std::string& text) const {
  if (!text.starts_with(epoch_ + ".")) return std::nullopt;
  const char* begin = text.data() + epoch_.size() + 1;
  const char* end = text.data() + text.size();
  std::uint64_t out = 0;
  auto [at, failure] = std::from_chars(begin, end, out);
  if (failure != std::errc{} || at != end) return std::nullopt;
  return out;
}

void history::add(audience to, std::vector<frame::pointer> frames) {
  std::size_t size = sizeof(event);
  for (const auto& f : frames) size += f->wire().size();
  bytes_ += size;
  auto now = std::chrono::steady_clock::now();
  events_.push_back({std::move(to), std::move(frames), size, now});
  while (events_.size() > options_.max_packets || bytes_ > options_.max_bytes ||
         (!events_.empty() && events_.front().at + options_.max_away < now)) {
    bytes_ -= events_.front().bytes;
    events_.pop_front();
    ++first_;
  }
}

void history::is_here(const std::string& private_id, const std::shared_ptr<socket>& who) {
  here_[private_id] = who;
}

std::shared_ptr<socket> history::here(const std::string& private_id) const {
  auto found = here_.find(private_id);
  return found == here_.end() ? nullptr : found->second.lock();
}

void history::is_gone(const std::string& private_id) {
  here_.erase(private_id);
}

void history::is_away(const std::string& private_id, absence what) {
  here_.erase(private_id);
  auto now = std::chrono::steady_clock::now();
  what.until = now + options_.max_away;
  away_order_.emplace_back(what.until, private_id);
  away_.insert_or_assign(private_id, std::move(what));
  sweep(now);
}

void history::sweep(steady_time now) {
  while (!away_order_.empty() &&
         (away_order_.front().first < now || away_order_.size() > options_.max_clients)) {
    auto found = away_.find(away_order_.front().second);
    // It may have come back and gone again meanwhile.
    if (found != away_.end() && found->second.until <= away_order_.front().first) {
      away_.erase(found);
    }
    away_order_.pop_front();
  }
}

std::optional<absence> history::take(const std::string& private_id) {
  auto found = away_.find(private_id);
  if (found == away_.end()) return std::nullopt;
  auto out = std::move(found->second);
  away_.erase(found);
  if (out.until < std::chrono::steady_clock::now()) return std::nullopt;
  return out;
}

std::optional<std::vector<frame::pointer>> history::missed(const absence& by,
                                                           const std::string& offset) const {
  auto from = by.since;
  if (!offset.empty()) {
    auto last = read_offset(offset);
    if (!last) return std::nullopt;
    from = *last + 1;
  }
  if (from < first_ || from > position()) return std::nullopt;
  std::vector<frame::pointer> out;
  for (auto i = from - first_; i < events_.size(); ++i) {
    const auto& e = events_[i];
    if (concerns(e.to, by)) out.insert(out.end(), e.frames.begin(), e.frames.end());
  }
  return out;
}

}  // namespace oficio::realtime
