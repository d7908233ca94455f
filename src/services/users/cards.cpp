#include "services/users/cards.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "platform/base/random.hpp"

namespace oficio::users {
namespace {

using std::chrono::milliseconds;

// Longer than any card's, so that an old card is gone before the mark that outdates it.
constexpr milliseconds mark_lifetime{600'000};
constexpr milliseconds patience{200};

context hurried(const context& ctx) {
  auto out = ctx;
  out.deadline = std::min(out.deadline, std::chrono::steady_clock::now() + patience);
  return out;
}

std::string mark_key(const std::string& handle) {
  return "users.mark." + handle;
}

}  // namespace

awaitable<result<std::string>> cards::mark_of(const context& ctx, const std::string& handle) {
  CO_TRY(auto there, co_await cache_.get(ctx, mark_key(handle)));
  if (there) co_return std::move(*there);
  auto fresh = random_hex(8);
  CO_TRY_VOID(co_await cache_.put(ctx, mark_key(handle), fresh, mark_lifetime));
  co_return fresh;
}

awaitable<result<std::string>> cards::get(const context& ctx, std::string kind, std::string handle,
                                          maker make) {
  auto quick = hurried(ctx);
  auto mark = co_await mark_of(quick, handle);
  if (!mark) co_return co_await make();
  auto key = "users." + kind + "." + handle;
  auto start = *mark + "\n";
  if (auto kept = co_await cache_.get(quick, key); kept && *kept && (*kept)->starts_with(start)) {
    co_return (*kept)->substr(start.size());
  }
  CO_TRY(auto text, co_await make());
  (void)co_await cache_.put(hurried(ctx), key, start + text, lifetime);
  co_return text;
}

awaitable<result<void>> cards::forget(const context& ctx, std::string handle) {
  co_return co_await cache_.put(hurried(ctx), mark_key(handle), random_hex(8), mark_lifetime);
}

}  // namespace oficio::users
