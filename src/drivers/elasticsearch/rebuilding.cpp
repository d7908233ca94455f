#include "drivers/elasticsearch/rebuilding.hpp"

#include <chrono>

#include "drivers/elasticsearch/clauses.hpp"
#include "drivers/elasticsearch/query.hpp"
#include "drivers/elasticsearch/understanding.hpp"

namespace oficio::elasticsearch {
namespace {

constexpr std::int64_t page = 200;
// Rounds before the last one: each is as much as was written during the one before.
constexpr int most_rounds = 50;
// Tombstones that an event may still come for. The port wants the latest ten thousand kept.
constexpr std::chrono::hours tombstones_matter{24};
constexpr std::int64_t tombstones_kept = 10'000;

std::int64_t ms_ago(std::chrono::milliseconds time) {
  auto then = std::chrono::system_clock::now().time_since_epoch() - time;
  return std::chrono::duration_cast<std::chrono::milliseconds>(then).count();
}

json::object set_index(json::object settings) {
  return {{"index", std::move(settings)}};
}

const json::array& hits_of(const json::value& said) {
  static const json::array none;
  const auto* hits = find(said, {"hits", "hits"});
  return hits && hits->is_array() ? hits->get_array() : none;
}

json::object sorted_page(json::object query, json::array sort) {
  return {{"size", page},
          {"track_total_hits", false},
          {"version", true},
          {"query", std::move(query)},
          {"sort", std::move(sort)}};
}

}  // namespace

index_rebuilding::index_rebuilding(server& at, const layout& fields, const std::string& alias,
                                   int replicas, int generation)
    : at_(at),
      fields_(fields),
      names_(at, fields, alias, replicas),
      lease_(at, alias),
      generation_(generation) {}

awaitable<result<void>> index_rebuilding::begin(const context& ctx) {
  CO_TRY_VOID(co_await lease_.take(ctx));
  CO_TRY(old_, co_await names_.in_use(ctx));
  CO_TRY_VOID(co_await tidy_up(ctx));
  if (old_) {
    json::object newest{{"size", 1},
                        {"_source", false},
                        {"seq_no_primary_term", true},
                        {"sort", json::array{json::object{{"_seq_no", "desc"}}}}};
    CO_TRY(auto said, co_await search_old(ctx, std::move(newest)));
    for (const auto& h : hits_of(said)) copied_ = integer_of(find(h, {"_seq_no"}), -1);
  }
  CO_TRY(auto there, co_await names_.all(ctx));
  // Nobody searches it yet: it need not be ready for that all the time.
  CO_TRY(new_,
         co_await names_.create(ctx, there, false, generation_, {{"refresh_interval", "-1"}}));
  co_return result<void>{};
}

// What a rebuilding that was broken off may have left.
awaitable<result<void>> index_rebuilding::tidy_up(const context& ctx) {
  CO_TRY(auto there, co_await names_.all(ctx));
  for (const auto& name : there) {
    if (name != old_) CO_TRY_VOID(accepted(co_await at_.remove(ctx, "/" + name)));
  }
  if (!old_) co_return result<void>{};
  CO_TRY_VOID(accepted(
      co_await at_.put(ctx, "/" + *old_ + "/_settings", set_index({{"blocks.write", nullptr}}))));
  co_return result<void>{};
}

awaitable<result<void>> index_rebuilding::put(const context& ctx,
                                              std::vector<search::versioned> documents) {
  CO_TRY_VOID(co_await lease_.renew(ctx));
  std::vector<writer::line> lines;
  for (const auto& d : documents) {
    CO_TRY_VOID(fields_.check(d));
    lines.push_back({d.doc.id, outer_version(d.version, generation_),
                     json::to_text(json::value(fields_.source(d, ms_ago({}))))});
  }
  co_return co_await writer(at_, new_, false).write(ctx, std::move(lines));
}

awaitable<result<json::value>> index_rebuilding::search_old(const context& ctx,
                                                            json::object request) {
  CO_TRY_VOID(accepted(co_await at_.post(ctx, "/" + *old_ + "/_refresh")));
  CO_TRY(auto said, accepted(co_await at_.get(ctx, "/" + *old_ + "/_search",
                                              within(ctx, std::move(request)))));
  CO_TRY_VOID(check_whole(said.body));
  co_return std::move(said.body);
}

// As they lie there. What others wrote with fields that are not ours keeps its layout's name, and
// counts as old: it is put once more by whoever asks wants_all().
awaitable<result<void>> index_rebuilding::copy(const context& ctx, const json::array& hits) {
  std::vector<writer::line> lines;
  for (const auto& h : hits) {
    const auto* source = find(h, {"_source"});
    if (!source) continue;
    auto own = text_of(find(*source, {"layout"})) == fields_.fingerprint();
    auto version = inner_version(integer_of(find(h, {"_version"})));
    lines.push_back({text_of(find(h, {"_id"})), outer_version(version, own ? generation_ : 0),
                     json::to_text(*source)});
  }
  CO_TRY_VOID(co_await lease_.renew(ctx));
  co_return co_await writer(at_, new_, false).write(ctx, std::move(lines));
}

awaitable<result<std::size_t>> index_rebuilding::catch_up(const context& ctx) {
  std::size_t count = 0;
  for (;;) {
    auto request = sorted_page({{"range", {{"_seq_no", {{"gt", copied_}}}}}},
                               json::array{json::object{{"_seq_no", "asc"}}});
    request["seq_no_primary_term"] = true;
    CO_TRY(auto said, co_await search_old(ctx, std::move(request)));
    const auto& hits = hits_of(said);
    if (hits.empty()) co_return count;
    CO_TRY_VOID(co_await copy(ctx, hits));
    copied_ = integer_of(find(hits.back(), {"_seq_no"}), copied_);
    count += hits.size();
    // These were all; waiting for a page with none would not end while somebody writes.
    if (hits.size() < static_cast<std::size_t>(page)) co_return count;
  }
}

// The newest first, until they are neither young nor among the latest.
awaitable<result<void>> index_rebuilding::copy_tombstones(const context& ctx) {
  auto young = ms_ago(tombstones_matter);
  std::int64_t count = 0;
  json::value after;
  for (;;) {
    auto request = sorted_page(
        term("removed", true),
        json::array{json::object{{"removed_at", "desc"}}, json::object{{"id", "desc"}}});
    if (!after.is_null()) request["search_after"] = after;
    CO_TRY(auto said, co_await search_old(ctx, std::move(request)));
    const auto& hits = hits_of(said);
    if (hits.empty()) co_return result<void>{};
    CO_TRY_VOID(co_await copy(ctx, hits));
    count += static_cast<std::int64_t>(hits.size());
    after = *find(hits.back(), {"sort"});
    auto removed_at = integer_of(find(hits.back(), {"_source", "removed_at"}));
    if (removed_at < young && count >= tombstones_kept) co_return result<void>{};
  }
}

awaitable<result<void>> index_rebuilding::finish(const context& ctx) {
  if (old_) {
    CO_TRY_VOID(co_await copy_tombstones(ctx));
    for (int round = 0; round < most_rounds; ++round) {
      CO_TRY(auto count, co_await catch_up(ctx));
      if (count < static_cast<std::size_t>(page)) break;
    }
  }
  CO_TRY_VOID(accepted(co_await at_.put(ctx, "/" + new_ + "/_settings",
                                        set_index({{"refresh_interval", "500ms"}}))));
  CO_TRY_VOID(accepted(co_await at_.post(ctx, "/" + new_ + "/_refresh")));
  auto swapped = co_await swap(ctx);
  if (!swapped && old_) {  // the old one stays in use
    context soon;
    co_await at_.put(soon, "/" + *old_ + "/_settings", set_index({{"blocks.write", nullptr}}));
  }
  CO_TRY_VOID(std::move(swapped));
  // Failures from here on leave something to tidy up to the next rebuilding.
  if (old_) co_await at_.remove(ctx, "/" + *old_);
  co_await lease_.give_back(ctx);
  co_return result<void>{};
}

awaitable<result<void>> index_rebuilding::swap(const context& ctx) {
  json::array actions{json::object{{"add", {{"index", new_}, {"alias", names_.alias()}}}}};
  if (old_) {
    CO_TRY_VOID(co_await lease_.renew(ctx));
    // Returns when no write is on its way any more.
    CO_TRY_VOID(accepted(co_await at_.put(ctx, "/" + *old_ + "/_block/write")));
    CO_TRY_VOID(co_await catch_up(ctx));
    CO_TRY_VOID(accepted(co_await at_.post(ctx, "/" + new_ + "/_refresh")));
    // Whoever found the old index closed for too long has opened it again, and has the lease.
    CO_TRY_VOID(co_await lease_.renew(ctx));
    actions.push_back(json::object{{"remove", {{"index", *old_}, {"alias", names_.alias()}}}});
  }
  CO_TRY_VOID(
      accepted(co_await at_.post(ctx, "/_aliases", json::object{{"actions", std::move(actions)}})));
  co_return result<void>{};
}

awaitable<result<bool>> reopen_abandoned(server& at, const context& ctx, const std::string& alias) {
  CO_TRY(auto abandoned, co_await lease::break_abandoned(at, ctx, alias));
  if (!abandoned) co_return false;
  CO_TRY_VOID(accepted(
      co_await at.put(ctx, "/" + alias + "/_settings", set_index({{"blocks.write", nullptr}}))));
  co_return true;
}

}  // namespace oficio::elasticsearch
