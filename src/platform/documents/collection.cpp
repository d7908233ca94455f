#include "platform/documents/collection.hpp"

#include <algorithm>
#include <random>

#include "platform/runtime/gather.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::documents {
namespace {

using std::chrono::milliseconds;

constexpr int max_attempts = 20;
constexpr std::size_t max_outbox = 200;

error too_busy() {
  return {errc::unavailable,
          "too_busy",
          "Too many others are changing this just now.",
          {},
          std::chrono::seconds(1)};
}

error outbox_full() {
  return {errc::unavailable,
          "outbox_full",
          "Too many events about this wait to be told.",
          {},
          std::chrono::seconds(5)};
}

error late() {
  return {errc::timeout, "deadline_exceeded", "There was no time left to write."};
}

// How long to wait before deciding again. Growing and random, so that many writers of one document
// come apart and each gets its turn within its attempts.
milliseconds pause_before(int attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  int longest = 1 << std::min(attempt, 8);
  return milliseconds(std::uniform_int_distribution(0, longest)(random));
}

bool lost_to_another(const error& e) {
  return e.kind == errc::conflict && e.code == "stale_version";
}

constexpr std::size_t confirms_at_once = 16;

// With a context of its own: it may go on after who asked was cancelled.
awaitable<result<void>> confirm(driver& at, context ctx, std::string id,
                                std::vector<std::string> event_ids) {
  co_return co_await at.confirm(ctx, std::move(id), std::move(event_ids));
}

}  // namespace

untyped_collection::untyped_collection(std::unique_ptr<driver> d, std::string source,
                                       const wall_clock& clock)
    : driver_(std::move(d)), source_(std::move(source)), clock_(clock) {}

awaitable<result<std::optional<record>>> untyped_collection::get(const context& ctx,
                                                                 std::string id) {
  co_return co_await driver_->get(ctx, std::move(id));
}

awaitable<result<std::vector<record>>> untyped_collection::find(const context& ctx, query q) {
  co_return co_await driver_->find(ctx, std::move(q));
}

awaitable<result<std::int64_t>> untyped_collection::count(const context& ctx,
                                                          std::vector<condition> where) {
  co_return co_await driver_->count(ctx, std::move(where));
}

awaitable<result<record>> untyped_collection::insert(const context& ctx, std::string id,
                                                     boost::json::object body,
                                                     std::vector<events::raised> raised) {
  if (raised.size() > max_outbox) co_return outbox_full();
  record r{.id = id,
           .write_version = 1,
           .removed = false,
           .body = std::move(body),
           .outbox = sealed(ctx, id, 1, raised)};
  CO_TRY_VOID(co_await driver_->insert(ctx, r));
  if (!raised.empty()) changed_.notify();
  co_return r;
}

awaitable<result<record>> untyped_collection::update(const context& ctx, std::string id,
                                                     decision decide) {
  auto turn = co_await turns_.take(id, ctx.deadline);
  if (!turn) co_return late();
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    if (attempt > 0) co_await runtime::sleep_for(pause_before(attempt));
    if (ctx.expired()) co_return late();
    CO_TRY(auto loaded, co_await driver_->get(ctx, id));
    if (!loaded) co_return not_found("The document");
    record next = *loaded;
    change c;
    CO_TRY_VOID(decide(next.body, c));
    if (c.skipped()) co_return std::move(*loaded);
    // Full even for a change without events: whoever writes on must wait for those who listen.
    if (std::max<std::size_t>(c.raised().size(), 1) + next.outbox.size() > max_outbox) {
      co_return outbox_full();
    }
    next.write_version += 1;
    next.removed = c.removed();
    // Appended to what was loaded, never rebuilt: what others raised is not ours to forget.
    auto fresh = sealed(ctx, id, next.write_version, c.raised());
    std::ranges::move(fresh, std::back_inserter(next.outbox));
    auto written = co_await driver_->replace(ctx, next, loaded->write_version);
    if (written) {
      if (!c.raised().empty()) changed_.notify();
      co_return next;
    }
    if (!lost_to_another(written.error())) co_return std::move(written).error();
  }
  co_return too_busy();
}

awaitable<result<std::vector<events::envelope>>> untyped_collection::pending(const context& ctx,
                                                                             std::size_t limit) {
  CO_TRY(auto records, co_await driver_->with_outbox(ctx, limit));
  std::vector<events::envelope> out;
  for (auto& r : records) {
    // A document's events go together: a part of them would let later ones pass.
    if (!out.empty() && out.size() + r.outbox.size() > limit) break;
    std::ranges::move(r.outbox, std::back_inserter(out));
  }
  co_return out;
}

awaitable<result<void>> untyped_collection::confirmed(const context& ctx,
                                                      const std::vector<events::envelope>& events) {
  std::vector<std::pair<std::string, std::vector<std::string>>> by_document;
  for (const auto& e : events) {
    auto found =
        std::ranges::find(by_document, e.subject, &decltype(by_document)::value_type::first);
    if (found == by_document.end()) {
      by_document.emplace_back(e.subject, std::vector<std::string>{});
      found = std::prev(by_document.end());
    }
    found->second.push_back(e.id);
  }
  // Several at once share a commit, or at least the way to the server.
  for (std::size_t first = 0; first < by_document.size(); first += confirms_at_once) {
    std::vector<awaitable<result<void>>> some;
    for (auto i = first; i < std::min(first + confirms_at_once, by_document.size()); ++i) {
      auto& [id, event_ids] = by_document[i];
      some.push_back(confirm(*driver_, ctx, std::move(id), std::move(event_ids)));
    }
    for (auto& done : co_await runtime::gather(std::move(some), steady_time::max())) {
      if (!done) co_return error{errc::unavailable, "not_confirmed", "Events were not taken out."};
      CO_TRY_VOID(std::move(*done));
    }
  }
  co_return result<void>{};
}

std::vector<events::envelope> untyped_collection::sealed(
    const context& ctx, const std::string& id, std::int64_t version,
    const std::vector<events::raised>& raised) const {
  std::vector<events::envelope> out;
  out.reserve(raised.size());
  auto now = clock_.now();
  for (std::size_t i = 0; i < raised.size(); ++i) {
    out.push_back(events::seal(raised[i], source_, id, version, i, now, ctx));
  }
  return out;
}

}  // namespace oficio::documents
