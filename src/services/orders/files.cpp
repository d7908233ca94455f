#include "services/orders/files.hpp"

#include <algorithm>

namespace oficio::orders {
namespace {

constexpr std::size_t max_bytes = 10 * 1024 * 1024;

files::rules submission_rules() {
  using enum files::kind;
  return {.purpose = "order",
          .kinds = {png, jpeg, webp, pdf, zip},
          .max_bytes = max_bytes,
          .max_bound = max_files};
}

// Nothing for whom there is no such order.
awaitable<result<std::optional<order>>> order_of(const context& ctx, order_store& orders,
                                                 const blobs::blob& b, identity actor) {
  auto id = b.bound_to.substr(0, b.bound_to.find('/'));
  auto found = co_await orders.get(ctx, std::move(id), std::move(actor));
  if (found) co_return std::optional<order>{std::move(*found)};
  if (found.error().kind != errc::not_found) co_return std::move(found).error();
  co_return std::optional<order>{};
}

bool has(const std::vector<std::string>& files, const std::string& id) {
  return std::ranges::find(files, id) != files.end();
}

bool uses(const order& o, const std::string& id) {
  return (o.requirements && has(o.requirements->files, id)) ||
         std::ranges::any_of(o.deliveries, [&](const delivery& d) { return has(d.files, id); });
}

}  // namespace

std::string submission_key(const std::string& order_id, const std::string& step) {
  return order_id + "/" + step;
}

std::unique_ptr<files::shelf> order_files(const hosting::environment& env,
                                          documents::database& database, pictures::studio* studio,
                                          order_store& orders) {
  if (!studio) return nullptr;
  auto in_use = [&orders](const context& ctx, const blobs::blob& b) -> awaitable<result<bool>> {
    CO_TRY(auto o, co_await order_of(ctx, orders, b, identity::system()));
    co_return o&& uses(*o, b.id);
  };
  // To strangers there is no order; and a file that failed to get into it is its owner's alone.
  auto may_read = [&orders](const context& ctx, const blobs::blob& b) -> awaitable<result<bool>> {
    CO_TRY(auto o, co_await order_of(ctx, orders, b, ctx.who));
    co_return o&& uses(*o, b.id);
  };
  return std::make_unique<files::shelf>(database, "orders", env.clock, *studio,
                                        env.log.named("orders"), submission_rules(), in_use,
                                        may_read);
}

}  // namespace oficio::orders
