#include "services/users/store/sellers.hpp"

#include <utility>

#include "platform/documents/scan.hpp"

namespace oficio::users {
namespace {

using documents::op;

events::raised told(std::string type, const seller& s) {
  return {.type = std::move(type), .data = {{"seller", view_of(s)}}, .concerns = {s.id}};
}

result<void> may_change(const identity& actor, const std::string& account_id) {
  if (actor.is_system() || actor.sub == account_id) return {};
  return error{errc::forbidden, "not_yours", "This is somebody else's seller profile."};
}

bool is_duplicate(const error& e) {
  return e.kind == errc::conflict && e.code == "duplicate";
}

}  // namespace

seller_store::seller_store(documents::database& database, const wall_clock& clock)
    : sellers_(database.open({"sellers", {{"handle", {"handle"}}}}), "/oficio/users", clock),
      sales_(database.open({"sales", {{"seller", {"seller_id"}}}}), "/oficio/users", clock) {}

awaitable<result<std::optional<seller>>> seller_store::get(const context& ctx,
                                                           std::string account_id) {
  CO_TRY(auto found, co_await sellers_.get(ctx, std::move(account_id)));
  if (!found) co_return std::optional<seller>{};
  co_return std::optional<seller>{std::move(found->value)};
}

awaitable<result<std::optional<seller>>> seller_store::by_name(const context& ctx,
                                                               std::string username) {
  documents::query q;
  q.where.push_back({"handle", op::eq, json::value(handle_of(username))});
  q.limit = 1;
  CO_TRY(auto found, co_await sellers_.find(ctx, std::move(q)));
  if (found.empty()) co_return std::optional<seller>{};
  co_return std::optional<seller>{std::move(found.front().value)};
}

awaitable<result<seller>> seller_store::insert(const context& ctx, identity actor, seller fresh) {
  CO_TRY_VOID(may_change(actor, fresh.id));
  std::vector<events::raised> raised{told("users.seller.created", fresh)};
  auto made = co_await sellers_.insert(ctx, std::move(fresh), std::move(raised));
  if (made) co_return std::move(made->value);
  if (!is_duplicate(made.error())) co_return std::move(made).error();
  co_return error{errc::conflict, "already_seller", "You are a seller already."};
}

awaitable<result<seller>> seller_store::update(const context& ctx, std::string account_id,
                                               identity actor, seller_change change) {
  CO_TRY_VOID(may_change(actor, account_id));
  auto decide = [&change](seller& s, documents::change& c) -> result<void> {
    TRY(bool changed, change(s));
    if (!changed) {
      c.skip();
    } else {
      c.raise(told("users.seller.updated", s));
    }
    return {};
  };
  auto written = co_await sellers_.update(ctx, std::move(account_id), decide);
  if (!written && written.error().kind == errc::not_found) co_return not_found("The seller");
  if (!written) co_return std::move(written).error();
  co_return std::move(written->value);
}

awaitable<result<std::int64_t>> seller_store::note_sale(const context& ctx, identity actor,
                                                        sale s) {
  if (!actor.is_system()) {
    co_return error{errc::forbidden, "not_yours", "Only events tell of completed orders."};
  }
  std::vector<documents::condition> same{{"seller_id", op::eq, json::value(s.seller_id)}};
  auto noted = co_await sales_.insert(ctx, std::move(s));
  if (!noted && !is_duplicate(noted.error())) co_return std::move(noted).error();
  co_return co_await sales_.count(ctx, std::move(same));
}

events::fact_source seller_store::facts() {
  auto one = [](const seller& s) { return std::vector{told("users.seller.created", s)}; };
  return {"/oficio/users", [this, one](const context& ctx, std::string after, std::size_t limit) {
            return documents::retell(sellers_, ctx, std::move(after), limit, one);
          }};
}

}  // namespace oficio::users
