#include "drivers/mongodb/documents.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "drivers/mongodb/handles.hpp"
#include "drivers/mongodb/indexes.hpp"
#include "drivers/mongodb/kept.hpp"
#include "drivers/mongodb/servers.hpp"

namespace oficio::mongodb {
namespace {

using call = servers::call;
using documents::record;
using std::chrono::steady_clock;

constexpr std::chrono::seconds start_patience{10};
// An index over many documents takes its time to be made.
constexpr std::chrono::minutes index_patience{30};

class mongo_driver : public documents::driver {
 public:
  mongo_driver(std::shared_ptr<servers> to, runtime::blocking_pool& pool,
               documents::collection_spec spec)
      : servers_(std::move(to)),
        pool_(pool),
        kept_(std::make_shared<const kept>(std::move(spec))) {}

  awaitable<result<std::optional<record>>> get(const context& ctx, std::string id) override {
    co_return co_await run(ctx,
                           [id = std::move(id)](const kept& k, call& c) { return k.get(c, id); });
  }

  awaitable<result<std::vector<record>>> find(const context& ctx, documents::query q) override {
    co_return co_await run(ctx,
                           [q = std::move(q)](const kept& k, call& c) { return k.find(c, q); });
  }

  awaitable<result<std::int64_t>> count(const context& ctx,
                                        std::vector<documents::condition> where) override {
    co_return co_await run(
        ctx, [where = std::move(where)](const kept& k, call& c) { return k.count(c, where); });
  }

  awaitable<result<void>> insert(const context& ctx, record r) override {
    co_return co_await run(ctx,
                           [r = std::move(r)](const kept& k, call& c) { return k.insert(c, r); });
  }

  awaitable<result<void>> replace(const context& ctx, record r, std::int64_t expected) override {
    co_return co_await run(ctx, [r = std::move(r), expected](const kept& k, call& c) {
      return k.replace(c, r, expected);
    });
  }

  awaitable<result<std::vector<record>>> with_outbox(const context& ctx,
                                                     std::size_t limit) override {
    co_return co_await run(ctx,
                           [limit](const kept& k, call& c) { return k.with_outbox(c, limit); });
  }

  awaitable<result<void>> confirm(const context& ctx, std::string id,
                                  std::vector<std::string> event_ids) override {
    co_return co_await run(
        ctx, [id = std::move(id), event_ids = std::move(event_ids)](const kept& k, call& c) {
          return k.confirm(c, id, event_ids);
        });
  }

 private:
  template <class Work>
  awaitable<std::invoke_result_t<Work&, const kept&, call&>> run(context ctx, Work work) {
    co_return co_await pool_.run(
        ctx, [to = servers_, k = kept_, until = ctx.deadline, work = std::move(work)]() mutable {
          return to->run(until, [&](call& c) { return work(*k, c); });
        });
  }

  std::shared_ptr<servers> servers_;
  runtime::blocking_pool& pool_;
  std::shared_ptr<const kept> kept_;
};

// Writes for the sake of it: a server that answers may yet have no disk, or no majority.
result<void> touch(call& c) {
  document one;
  one.put("_id", "ping");
  document step;
  step.put("count", std::int64_t{1});
  document update;
  update.put("$inc", step);
  auto options = c.write_options();
  options.put("upsert", true);
  auto in = collection_of(c, "_ping");
  bson_error_t e;
  bool written =
      mongoc_collection_update_one(in.get(), one.get(), update.get(), options.get(), nullptr, &e);
  // Two that make it at once: it is there.
  if (written || e.code == MONGOC_ERROR_DUPLICATE_KEY) return {};
  return c.failure(e);
}

class mongo_documents : public documents::database {
 public:
  mongo_documents(const config::server_address& address, runtime::blocking_pool& pool)
      : servers_(std::make_shared<servers>(read_options(address))), pool_(pool) {
    servers_->expect(start_patience);
  }

  std::unique_ptr<documents::driver> open(documents::collection_spec spec) override {
    auto made = std::make_unique<mongo_driver>(servers_, pool_, spec);
    auto done = servers_->run(steady_clock::now() + index_patience, [&](call& c) -> result<void> {
      make_indexes(c, spec);
      return {};
    });
    if (!done) throw std::runtime_error("MongoDB does not answer: " + servers_->why());
    return made;
  }

  awaitable<result<void>> ping(const context& ctx) override {
    auto answer = co_await pool_.run(
        ctx, [to = servers_, until = ctx.deadline] { return to->run(until, touch); });
    if (!answer) {
      if (auto why = servers_->why(); !why.empty()) answer.error().detail += " MongoDB: " + why;
    }
    co_return answer;
  }

 private:
  std::shared_ptr<servers> servers_;
  runtime::blocking_pool& pool_;
};

}  // namespace

std::unique_ptr<documents::database> make_documents(const config::server_address& address,
                                                    runtime::blocking_pool& pool) {
  return std::make_unique<mongo_documents>(address, pool);
}

}  // namespace oficio::mongodb
