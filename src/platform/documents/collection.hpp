#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/documents/driver.hpp"
#include "platform/documents/turns.hpp"
#include "platform/events/outbox.hpp"
#include "platform/json/json.hpp"

namespace oficio::documents {

// A document and the version of its last write.
template <class T>
struct stored {
  T value;
  std::int64_t write_version = 0;
};

// What a change may do besides changing the document.
class change {
 public:
  // Raises an event in the same atomic write.
  void raise(events::raised e) { raised_.push_back(std::move(e)); }
  // Makes the write a tombstone.
  void remove() { removed_ = true; }
  // Writes nothing at all: there was nothing to do.
  void skip() { skipped_ = true; }

  const std::vector<events::raised>& raised() const { return raised_; }
  bool removed() const { return removed_; }
  bool skipped() const { return skipped_; }

 private:
  std::vector<events::raised> raised_;
  bool removed_ = false;
  bool skipped_ = false;
};

// The part of a collection that does not depend on its type: versions, outbox, bounded retries.
class untyped_collection : public events::outbox {
 public:
  // `source` is the CloudEvents source of the events raised here, "/oficio/gigs".
  untyped_collection(std::unique_ptr<driver> d, std::string source, const wall_clock& clock);

  awaitable<result<std::optional<record>>> get(const context& ctx, std::string id);
  awaitable<result<std::vector<record>>> find(const context& ctx, query q);
  awaitable<result<std::int64_t>> count(const context& ctx, std::vector<condition> where);
  awaitable<result<record>> insert(const context& ctx, std::string id, boost::json::object body,
                                   std::vector<events::raised> raised);
  // Decides on the loaded body and writes it; on a stale version loads and decides again, at most
  // 20 times. `decide` must have no effect outside its arguments.
  using decision = std::function<result<void>(boost::json::object& body, change& c)>;
  awaitable<result<record>> update(const context& ctx, std::string id, decision decide);

  awaitable<result<std::vector<events::envelope>>> pending(const context& ctx,
                                                           std::size_t limit) override;
  awaitable<result<void>> confirmed(const context& ctx,
                                    const std::vector<events::envelope>& events) override;
  runtime::notifier& changed() override { return changed_; }

 private:
  std::vector<events::envelope> sealed(const context& ctx, const std::string& id,
                                       std::int64_t version,
                                       const std::vector<events::raised>& raised) const;

  std::unique_ptr<driver> driver_;
  turns turns_;
  std::string source_;
  const wall_clock& clock_;
  runtime::notifier changed_;
};

// Documents of type T, a described struct with a member `id`. The typed face of a store; services'
// stores wrap it with the actor in each signature.
template <class T>
  requires requires(T t) {
    { t.id } -> std::convertible_to<std::string>;
  }
class collection {
 public:
  collection(std::unique_ptr<driver> d, std::string source, const wall_clock& clock)
      : documents_(std::move(d), std::move(source), clock) {}

  // Nothing if there is no such document.
  awaitable<result<std::optional<stored<T>>>> get(const context& ctx, std::string id) {
    CO_TRY(auto found, co_await documents_.get(ctx, std::move(id)));
    if (!found) co_return std::optional<stored<T>>{};
    CO_TRY(auto document, read(*found));
    co_return std::optional<stored<T>>{std::move(document)};
  }

  awaitable<result<std::vector<stored<T>>>> find(const context& ctx, query q) {
    CO_TRY(auto records, co_await documents_.find(ctx, std::move(q)));
    std::vector<stored<T>> out;
    out.reserve(records.size());
    for (const auto& r : records) {
      CO_TRY(auto document, read(r));
      out.push_back(std::move(document));
    }
    co_return out;
  }

  awaitable<result<std::int64_t>> count(const context& ctx, std::vector<condition> where) {
    co_return co_await documents_.count(ctx, std::move(where));
  }

  // Errors: conflict `duplicate`.
  awaitable<result<stored<T>>> insert(const context& ctx, T document,
                                      std::vector<events::raised> raised = {}) {
    auto body = json::to_value(document).as_object();
    std::string id = document.id;
    CO_TRY(auto written,
           co_await documents_.insert(ctx, std::move(id), std::move(body), std::move(raised)));
    co_return stored<T>{std::move(document), written.write_version};
  }

  // Loads, lets `decide(T&, change&)` change it or refuse, writes it if nobody else did meanwhile,
  // else starts again. Errors: not_found; what decide returns; unavailable `too_busy` when others
  // always won; unavailable `outbox_full` with 200 unconfirmed events.
  awaitable<result<stored<T>>> update(const context& ctx, std::string id,
                                      std::function<result<void>(T&, change&)> decide) {
    std::optional<T> last;
    CO_TRY(auto written,
           co_await documents_.update(
               ctx, std::move(id), [&](boost::json::object& body, change& c) -> result<void> {
                 TRY(T document, json::from_stored<T>(boost::json::value(body)));
                 TRY_VOID(decide(document, c));
                 body = json::to_value(document).as_object();
                 last = std::move(document);
                 return {};
               }));
    co_return stored<T>{std::move(*last), written.write_version};
  }

  events::outbox& outbox() { return documents_; }

 private:
  static result<stored<T>> read(const record& r) {
    TRY(T document, json::from_stored<T>(boost::json::value(r.body)));
    return stored<T>{std::move(document), r.write_version};
  }

  untyped_collection documents_;
};

}  // namespace oficio::documents
