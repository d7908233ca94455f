#include "drivers/elasticsearch/lease.hpp"

#include <chrono>

#include "drivers/elasticsearch/indexes.hpp"
#include "platform/base/clock.hpp"
#include "platform/base/uuid.hpp"

namespace oficio::elasticsearch {
namespace {

constexpr std::chrono::milliseconds holds_for{30'000};

std::int64_t now_ms() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::string document_of(const std::string& alias) {
  return "/" + alias + "-lease/_doc/rebuilding";
}

// Holds if nobody has written it since.
std::string condition_of(const json::value& there) {
  return "if_seq_no=" + std::to_string(integer_of(find(there, {"_seq_no"}))) +
         "&if_primary_term=" + std::to_string(integer_of(find(there, {"_primary_term"})));
}

error running() {
  return {errc::conflict, "rebuild_running",
          "The index is being rebuilt already, or was until a moment ago; try again in half a "
          "minute."};
}

}  // namespace

lease::lease(server& at, const std::string& alias)
    : at_(at), document_(document_of(alias)), owner_(uuid_v7(wall_clock().now())) {}

awaitable<result<bool>> lease::write(const context& ctx, std::string condition) {
  json::object body{{"owner", owner_}, {"until_ms", now_ms() + holds_for.count()}};
  CO_TRY(auto said, co_await at_.put(ctx, document_ + "?" + condition, std::move(body)));
  if (said.status == 409) co_return false;
  if (!said.good()) co_return refused(said.status, said.body);
  held_ = condition_of(said.body);
  co_return true;
}

// Not left to the first write: servers are often told to make no index up.
awaitable<result<void>> lease::make_place(const context& ctx) {
  json::object settings{{"number_of_shards", 1}, {"auto_expand_replicas", "0-1"}};
  json::object fields{{"owner", {{"type", "keyword"}}}, {"until_ms", {{"type", "long"}}}};
  json::object body{{"settings", {{"index", std::move(settings)}}},
                    {"mappings", {{"properties", std::move(fields)}}}};
  CO_TRY(auto said,
         co_await at_.put(ctx, document_.substr(0, document_.find("/_doc/")), std::move(body)));
  bool there = said.good() || kind_of(said.body) == "resource_already_exists_exception";
  if (!there) co_return refused(said.status, said.body);
  co_return result<void>{};
}

awaitable<result<void>> lease::take(const context& ctx) {
  CO_TRY(auto there, co_await at_.get(ctx, document_));
  if (kind_of(there.body) == "index_not_found_exception") CO_TRY_VOID(co_await make_place(ctx));
  std::string condition = "op_type=create";
  if (there.good()) {
    if (integer_of(find(there.body, {"_source", "until_ms"})) > now_ms()) co_return running();
    condition = condition_of(there.body);
  } else if (there.status != 404) {
    co_return refused(there.status, there.body);
  }
  CO_TRY(auto written, co_await write(ctx, std::move(condition)));
  if (!written) co_return running();
  co_return result<void>{};
}

awaitable<result<void>> lease::renew(const context& ctx) {
  CO_TRY(auto written, co_await write(ctx, held_));
  if (written) co_return result<void>{};
  co_return error{errc::conflict, "rebuild_lost",
                  "The rebuilding paused so long that another may have begun."};
}

awaitable<result<void>> lease::give_back(const context& ctx) {
  CO_TRY_VOID(co_await at_.remove(ctx, document_ + "?" + held_));
  co_return result<void>{};
}

awaitable<result<bool>> lease::break_abandoned(server& at, const context& ctx,
                                               const std::string& alias) {
  auto document = document_of(alias);
  CO_TRY(auto there, co_await at.get(ctx, document));
  bool abandoned =
      there.good() && integer_of(find(there.body, {"_source", "until_ms"})) <= now_ms();
  if (!abandoned) co_return false;
  CO_TRY(auto gone, co_await at.remove(ctx, document + "?" + condition_of(there.body)));
  co_return gone.good();
}

}  // namespace oficio::elasticsearch
