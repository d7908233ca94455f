#include "services/gateway/live/follower.hpp"

#include "platform/base/random.hpp"
#include "platform/http/problem.hpp"
#include "platform/json/json.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Longer than an event is repeated: two gateways may be told again what one of them knows.
constexpr std::chrono::minutes remembered{10};
constexpr std::size_t most_remembered = 200'000;
constexpr std::size_t largest_event = 1024 * 1024;
constexpr milliseconds patience{5'000};
// A heartbeat comes each five seconds.
constexpr milliseconds silence{12'000};
constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{5'000};
constexpr int deepest_event = 64;

// Up to a half more, so that gateways do not come back all at once.
milliseconds jittered(milliseconds pause) {
  auto byte = static_cast<unsigned char>(random_bytes(1)[0]);
  return pause + pause * byte / 512;
}

error not_a_stream() {
  return {errc::bad_upstream, "bad_upstream", "notifications did not answer with a stream."};
}

}  // namespace

follower::follower(forwarder& by, const wall_clock& clock, listener& to, telemetry::logger log,
                   telemetry::metrics* metrics)
    : by_(by), clock_(clock), to_(to), log_(std::move(log)), seen_(remembered, most_remembered) {
  if (!metrics) return;
  repeated_ = &metrics->count("oficio_live_repeated_total",
                              "Events that came again by another instance, and were dropped");
  gaps_ = &metrics->count("oficio_live_gaps_total", "How often events may have been missed");
  told_ = metrics->on_read([this](auto& to_whom) {
    to_whom.level("oficio_live_following", "1 while notifications' stream is followed", {},
                  following() ? 1 : 0);
  });
}

awaitable<void> follower::run() {
  for (auto pause = first_pause;; pause = std::min(pause * 2, longest_pause)) {
    auto began = steady_clock::now();
    auto ended = co_await follow_one();
    following_ = false;
    if (ended.has_error() && !std::exchange(told_away_, true)) {
      log_.warn("cannot follow what people are told", {{"error.message", ended.error().detail}});
    }
    if (steady_clock::now() - began > longest_pause) pause = first_pause;
    co_await runtime::sleep_for(jittered(pause));
  }
}

// Until the stream ends, in order or not.
awaitable<result<void>> follower::follow_one() {
  http::request r;
  r.target = "/internal/stream";
  r.headers.set("Accept", std::string(http::event_stream_type));
  if (!last_id_.empty()) r.headers.set("Last-Event-ID", last_id_);
  auto ctx = context::for_system(patience);
  CO_TRY(auto answer, co_await by_.follow(ctx, "notifications", std::move(r)));
  if (answer.status != 200) co_return http::read_problem(answer);
  if (!answer.stream) co_return not_a_stream();
  following_ = true;
  if (std::exchange(told_away_, false)) log_.info("follows what people are told again");
  co_return co_await read(*answer.stream);
}

awaitable<result<void>> follower::read(http::body_stream& from) {
  http::event_reader reader(largest_event);
  for (;;) {
    CO_TRY(auto piece, co_await from.next(steady_clock::now() + silence));
    if (piece.empty()) co_return result<void>{};
    if (!reader.give(piece)) co_return not_a_stream();
    while (auto e = reader.next()) CO_TRY_VOID(take(*e));
    if (!reader.last_id().empty()) last_id_ = reader.last_id();
  }
}

result<void> follower::take(const http::sent_event& e) {
  if (e.type == "resync") {
    if (gaps_) gaps_->add();
    to_.missed();
    return {};
  }
  TRY(auto parsed, json::parse(e.data, deepest_event));
  TRY(auto event, events::from_json(parsed));
  if (seen_.add(event.id, clock_.now())) {
    to_.heard(event);
  } else if (repeated_) {
    repeated_->add();
  }
  last_id_ = e.id;
  return {};
}

}  // namespace oficio::gateway
