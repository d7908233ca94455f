#include "drivers/embedded/documents/documents.hpp"

#include "drivers/embedded/documents/table.hpp"
#include "drivers/embedded/sqlite/file.hpp"

namespace oficio::embedded {
namespace {

using documents::record;

// Reads run on the pool, writes on the file's one writing thread: what a write looks at cannot
// change before it is done.
class sqlite_driver : public documents::driver {
 public:
  sqlite_driver(std::shared_ptr<file> to, documents::collection_spec spec)
      : file_(std::move(to)), table_(std::make_shared<const table>(std::move(spec))) {}

  awaitable<result<std::optional<record>>> get(const context& ctx, std::string id) override {
    co_return co_await file_->read(
        ctx, [t = table_, id = std::move(id)](connection& c) { return t->get(c, id); });
  }

  awaitable<result<std::vector<record>>> find(const context& ctx, documents::query q) override {
    co_return co_await file_->read(
        ctx, [t = table_, q = std::move(q)](connection& c) { return t->find(c, q); });
  }

  awaitable<result<std::int64_t>> count(const context& ctx,
                                        std::vector<documents::condition> where) override {
    co_return co_await file_->read(
        ctx, [t = table_, where = std::move(where)](connection& c) { return t->count(c, where); });
  }

  awaitable<result<void>> insert(const context& ctx, record r) override {
    co_return co_await file_->write(
        ctx, [t = table_, r = std::move(r)](connection& c) { return t->insert(c, r); });
  }

  awaitable<result<void>> replace(const context& ctx, record r, std::int64_t expected) override {
    co_return co_await file_->write(ctx, [t = table_, r = std::move(r), expected](connection& c) {
      return t->replace(c, r, expected);
    });
  }

  awaitable<result<std::vector<record>>> with_outbox(const context& ctx,
                                                     std::size_t limit) override {
    co_return co_await file_->read(
        ctx, [t = table_, limit](connection& c) { return t->with_outbox(c, limit); });
  }

  awaitable<result<void>> confirm(const context& ctx, std::string id,
                                  std::vector<std::string> event_ids) override {
    co_return co_await file_->write(
        ctx, [t = table_, id = std::move(id), event_ids = std::move(event_ids)](connection& c) {
          return t->confirm(c, id, event_ids);
        });
  }

 private:
  std::shared_ptr<file> file_;
  std::shared_ptr<const table> table_;
};

class sqlite_documents : public documents::database {
 public:
  sqlite_documents(std::string path, runtime::blocking_pool& pool)
      : file_(std::make_shared<file>(std::move(path), pool)) {
    file_->set_up("CREATE TABLE IF NOT EXISTS _ping (id INTEGER PRIMARY KEY, count INTEGER)");
  }

  std::unique_ptr<documents::driver> open(documents::collection_spec spec) override {
    for (const auto& statement : table::set_up(*look(), spec)) file_->set_up(statement);
    return std::make_unique<sqlite_driver>(file_, std::move(spec));
  }

  awaitable<result<void>> ping(const context& ctx) override {
    co_return co_await file_->write(ctx, [](connection& c) -> result<void> {
      c.prepare("INSERT INTO _ping VALUES (1, 1) ON CONFLICT DO UPDATE SET count = count + 1")
          .run();
      return {};
    });
  }

 private:
  std::unique_ptr<connection> look() const {
    return std::make_unique<connection>(file_->path(), open_mode::read_only);
  }

  std::shared_ptr<file> file_;
};

}  // namespace

std::unique_ptr<documents::database> make_documents(std::string path,
                                                    runtime::blocking_pool& pool) {
  return std::make_unique<sqlite_documents>(std::move(path), pool);
}

}  // namespace oficio::embedded
