#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"
#include "platform/telemetry/tracer.hpp"
#include "platform/tracing/parts.hpp"

namespace oficio::tracing::detail {

// What a part could not do. That something is not there, or is there already, is an answer.
inline bool is_failure(const error& e) {
  return e.kind == errc::unavailable || e.kind == errc::timeout || e.kind == errc::internal ||
         e.kind == errc::bad_upstream;
}

template <class T>
awaitable<result<T>> watched(telemetry::span s, telemetry::histogram* time,
                             awaitable<result<T>> call) {
  auto began = std::chrono::steady_clock::now();
  auto out = co_await std::move(call);
  if (time) time->observe(std::chrono::steady_clock::now() - began);
  if (!out.has_value() && is_failure(out.error())) s.fail();
  co_return out;
}

// Makes spans of one part's calls, and counts them by their duration.
class calls {
 public:
  calls(part p, std::string_view type)
      : by_(p.by),
        type_(type),
        kind_(p.kind),
        target_(std::make_shared<const std::string>(std::string(p.kind) + "/" + p.name)),
        reads_(telemetry::call_durations(p.figures, *target_, "query")),
        others_(telemetry::call_durations(p.figures, *target_, "change")) {}

  telemetry::span begin(const context& ctx, std::string_view action, std::string_view what,
                        std::string_view of) const {
    auto within = by_ ? by_->find(ctx) : nullptr;
    if (!within) return {};
    std::string name(what);
    if (!of.empty()) name.append(" ").append(of);
    return {std::move(within), {std::move(name), type_, kind_, action, target()}};
  }

  // A call that was made already, and begins when it is awaited.
  template <class T>
  awaitable<result<T>> over(const context& ctx, std::string_view action, std::string_view what,
                            std::string_view of, awaitable<result<T>> call) const {
    auto s = begin(ctx, action, what, of);
    auto* time = time_of(action);
    if (!s && !time) return call;
    return watched(std::move(s), time, std::move(call));
  }

  telemetry::histogram* time_of(std::string_view action) const {
    return action == "query" ? reads_ : others_;
  }

  telemetry::tracer* tracer() const { return by_; }
  std::string_view kind() const { return kind_; }
  std::string_view target() const { return *target_; }

 private:
  telemetry::tracer* by_;
  std::string_view type_;
  std::string_view kind_;
  std::shared_ptr<const std::string> target_;  // of all copies, so that views of it stay
  telemetry::histogram* reads_;
  telemetry::histogram* others_;
};

}  // namespace oficio::tracing::detail
