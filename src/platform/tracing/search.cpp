#include "platform/tracing/calls.hpp"
#include "platform/tracing/parts.hpp"

namespace oficio::tracing {
namespace {

using detail::calls;

class watched_index final : public search::index {
 public:
  using teller = std::function<void(std::string_view text, std::int64_t total)>;

  watched_index(part p, std::unique_ptr<search::index> of, teller found)
      : name_(p.name), calls_(std::move(p), "db"), of_(std::move(of)), found_(std::move(found)) {}

  awaitable<result<void>> put(const context& ctx, std::vector<search::versioned> all) override {
    return calls_.over(ctx, "write", "put", name_, of_->put(ctx, std::move(all)));
  }
  awaitable<result<void>> put_visibly(const context& ctx,
                                      std::vector<search::versioned> all) override {
    return calls_.over(ctx, "write", "put", name_, of_->put_visibly(ctx, std::move(all)));
  }
  awaitable<result<std::optional<search::hit>>> get(const context& ctx, std::string id) override {
    return calls_.over(ctx, "query", "get", name_, of_->get(ctx, std::move(id)));
  }
  awaitable<result<std::vector<search::hit>>> get_many(const context& ctx,
                                                       std::vector<std::string> ids) override {
    return calls_.over(ctx, "query", "get", name_, of_->get_many(ctx, std::move(ids)));
  }

  awaitable<result<search::page>> search(const context& ctx, search::query q) override {
    auto text = q.text;
    auto out = co_await calls_.over(ctx, "query", "search", name_, of_->search(ctx, std::move(q)));
    if (out.has_value() && found_) found_(text, out->total);
    co_return out;
  }

  awaitable<result<search::completions>> complete(const context& ctx,
                                                  search::completion_query q) override {
    return calls_.over(ctx, "query", "complete", name_, of_->complete(ctx, std::move(q)));
  }
  awaitable<result<std::vector<search::hit>>> similar(const context& ctx,
                                                      search::likeness_query q) override {
    return calls_.over(ctx, "query", "similar", name_, of_->similar(ctx, std::move(q)));
  }
  awaitable<result<bool>> wants_all(const context& ctx) override { return of_->wants_all(ctx); }
  awaitable<result<void>> ping(const context& ctx) override { return of_->ping(ctx); }
  awaitable<result<std::unique_ptr<search::rebuilding>>> rebuild(const context& ctx) override {
    return of_->rebuild(ctx);
  }

 private:
  const std::string name_;
  const calls calls_;
  std::unique_ptr<search::index> of_;
  const teller found_;
};

}  // namespace

std::unique_ptr<search::index> watch(
    part p, std::unique_ptr<search::index> of,
    std::function<void(std::string_view text, std::int64_t total)> found) {
  return std::make_unique<watched_index>(std::move(p), std::move(of), std::move(found));
}

}  // namespace oficio::tracing
