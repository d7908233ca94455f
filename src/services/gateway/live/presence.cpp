#include "services/gateway/live/presence.hpp"

#include "platform/base/uuid.hpp"
#include "platform/json/json.hpp"
#include "platform/runtime/gather.hpp"

namespace oficio::gateway {
namespace {

constexpr std::chrono::milliseconds look_every{500};
constexpr std::chrono::milliseconds cache_patience{500};
constexpr std::chrono::hours kept_for{30 * 24};
constexpr std::size_t longest_message = 64 * 1024;
constexpr std::string_view watching = "w:";

std::string key_of(const std::string& account) {
  return "presence.seen." + account;
}

std::string room_of(const std::string& account) {
  return std::string(watching) + account;
}

awaitable<std::optional<time_point>> last_seen(cache::store& in, context ctx, std::string account) {
  auto kept = co_await in.get(ctx, key_of(account));
  if (kept.has_error() || !*kept) co_return std::nullopt;
  co_return parse_time(**kept);
}

}  // namespace

presence::presence(const wall_clock& clock, realtime::space& people, cache::store* over,
                   presence_options o)
    : clock_(clock), people_(people), over_(over), name_(uuid_v7(clock.now())), table_(name_, o) {
  if (!over) return;
  channel_ = std::make_unique<channel>(*over, "gateway.presence",
                                       [this](const std::string& message) { hear(message); });
}

presence_table::moment presence::now(const wall_clock& clock) {
  return {std::chrono::steady_clock::now(), clock.now()};
}

void presence::came(const std::string& account) {
  {
    std::lock_guard lock(guard_);
    table_.came(account, now(clock_));
  }
  woken_.notify();
}

void presence::went(const std::string& account) {
  std::lock_guard lock(guard_);
  table_.went(account, now(clock_));
}

void presence::hear(const std::string& message) {
  if (message.size() > longest_message) return;
  auto parsed = json::parse(message);
  if (parsed.has_error()) return;
  auto news = json::from_stored<presence_news>(*parsed);
  if (news.has_error()) return;
  {
    std::lock_guard lock(guard_);
    table_.heard(*news, now(clock_));
  }
  woken_.notify();
}

std::size_t presence::here() const {
  std::lock_guard lock(guard_);
  return table_.here();
}

// All changes are told by this one task, so that nobody hears them in another order.
awaitable<void> presence::run() {
  for (;;) {
    co_await woken_.wait(look_every);
    std::vector<shown_presence> changes;
    std::vector<presence_news> news;
    {
      std::lock_guard lock(guard_);
      table_.look(now(clock_));
      changes = table_.take_changes();
      news = table_.take_news();
    }
    for (const auto& c : changes) people_.to(room_of(c.account_id)).passing().emit("presence", c);
    if (!channel_) continue;
    for (const auto& n : news) channel_->tell(json::to_text(n));
    co_await keep_times(std::move(changes));
  }
}

awaitable<void> presence::run_channel() {
  if (channel_) co_await channel_->run();
}

awaitable<void> presence::leave() {
  if (!channel_) co_return;
  presence_news bye{.from = name_, .here = {}, .gone = {}, .at = clock_.now(), .bye = true};
  co_await channel_->tell_now(json::to_text(bye));
}

// Of those who went; each gateway that notices writes the same.
awaitable<void> presence::keep_times(std::vector<shown_presence> changes) {
  for (const auto& c : changes) {
    if (c.online || !c.last_seen) continue;
    auto kept = co_await over_->put(context::for_system(cache_patience), key_of(c.account_id),
                                    format_time(*c.last_seen), kept_for);
    if (kept.has_error()) co_return;  // the cache is away
  }
}

awaitable<void> presence::add_times(std::vector<shown_presence>& to) {
  auto ctx = context::for_system(cache_patience);
  std::vector<awaitable<std::optional<time_point>>> asked;
  std::vector<std::size_t> whose;
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i].online || to[i].last_seen) continue;
    asked.push_back(last_seen(*over_, ctx, to[i].account_id));
    whose.push_back(i);
  }
  if (asked.empty()) co_return;
  auto given = co_await runtime::gather(std::move(asked), ctx.deadline);
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given[i]) to[whose[i]].last_seen = *given[i];
  }
}

awaitable<std::vector<shown_presence>> presence::watch(realtime::socket_ptr who,
                                                       std::vector<std::string> accounts) {
  for (const auto& room : who->rooms()) {
    if (room.starts_with(watching)) who->leave(room);
  }
  for (const auto& account : accounts) who->join(room_of(account));
  std::vector<shown_presence> out;
  {
    std::lock_guard lock(guard_);
    for (const auto& account : accounts) out.push_back(table_.of(account));
  }
  if (over_) co_await add_times(out);
  co_return out;
}

}  // namespace oficio::gateway
