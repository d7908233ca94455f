#include "platform/blobs/store.hpp"

#include <algorithm>
#include <utility>

#include "platform/security/crypto.hpp"

namespace oficio::blobs {
namespace {

using documents::op;

constexpr std::size_t chunk_size = 256 * 1024;
// Longer than any request may take: a claim that is older was followed by its write, or never will.
constexpr std::chrono::minutes claim_patience{1};
// After which bytes that were not written to their end are given up.
constexpr std::chrono::hours writing_patience{1};

std::size_t chunks_of(std::int64_t size) {
  return (static_cast<std::size_t>(size) + chunk_size - 1) / chunk_size;
}

std::string chunk_id(const std::string& blob_id, const std::string& variant, std::size_t number) {
  return blob_id + ":" + variant + ":" + std::to_string(number);
}

error damaged(const std::string& id) {
  return {errc::internal, "damaged_blob", "The bytes of " + id + " are not all there."};
}

bool contains(const std::vector<std::string>& list, const std::string& what) {
  return std::ranges::find(list, what) != list.end();
}

// A blob that has gone meanwhile needs no change any more.
template <class T>
result<void> done_or_gone(const result<T>& written) {
  if (written || written.error().kind == errc::not_found) return {};
  return written.error();
}

}  // namespace

const variant* blob::find(std::string_view wanted) const {
  auto found = std::ranges::find(variants, wanted, &variant::name);
  return found == variants.end() ? nullptr : &*found;
}

store::store(documents::database& database, std::string source, const wall_clock& clock,
             usage in_use)
    : blobs_(
          database.open(
              {"blobs",
               {{"due", {"due_at"}}, {"bound", {"bound_to"}}, {"owner", {"owner", "bound_to"}}}}),
          source, clock),
      chunks_(database.open({"blob_chunks", {}}), source, clock),
      clock_(clock),
      in_use_(std::move(in_use)) {}

awaitable<result<blob>> store::put(const context& ctx, blob about, std::vector<content> contents) {
  auto now = clock_.now();
  about.state = blob_state::writing;
  about.created_at = now;
  about.due_at = now + writing_patience;
  about.variants.clear();
  for (const auto& c : contents) {
    about.variants.push_back(
        {c.variant, static_cast<std::int64_t>(c.bytes.size()), security::digest(c.bytes)});
  }
  auto id = about.id;
  // The facts first: a crash on the way leaves nothing that purge() would not find.
  CO_TRY_VOID(co_await blobs_.insert(ctx, std::move(about)));
  for (auto& c : contents) CO_TRY_VOID(co_await write_chunks(ctx, id, c));
  auto seen = [due = clock_.now() + unbound_lifetime](blob& b, documents::change&) -> result<void> {
    if (b.state != blob_state::writing) return not_found("The file");  // it took too long
    b.state = blob_state::kept;
    b.due_at = due;
    return {};
  };
  CO_TRY(auto written, co_await blobs_.update(ctx, id, seen));
  co_return std::move(written.value);
}

awaitable<result<void>> store::write_chunks(const context& ctx, std::string blob_id, content c) {
  for (std::size_t i = 0; i * chunk_size < c.bytes.size(); ++i) {
    chunk next{chunk_id(blob_id, c.variant, i),
               security::base64url(c.bytes.substr(i * chunk_size, chunk_size))};
    CO_TRY_VOID(co_await chunks_.insert(ctx, std::move(next)));
  }
  co_return result<void>{};
}

awaitable<result<std::optional<blob>>> store::get(const context& ctx, std::string id) {
  CO_TRY(auto found, co_await blobs_.get(ctx, std::move(id)));
  if (!found || found->value.state != blob_state::kept) co_return std::optional<blob>{};
  co_return std::optional<blob>{std::move(found->value)};
}

awaitable<result<std::string>> store::read(const context& ctx, const blob& b, std::string form) {
  const auto* wanted = b.find(form);
  if (!wanted) co_return not_found("The file");
  std::string out;
  out.reserve(static_cast<std::size_t>(wanted->size));
  for (std::size_t i = 0; i < pieces_of(*wanted); ++i) {
    CO_TRY(auto piece, co_await read_piece(ctx, b, *wanted, i));
    out += piece;
  }
  co_return out;
}

std::size_t store::pieces_of(const variant& v) {
  return chunks_of(v.size);
}

awaitable<result<std::string>> store::read_piece(const context& ctx, const blob& b,
                                                 const variant& v, std::size_t number) {
  CO_TRY(auto found, co_await chunks_.get(ctx, chunk_id(b.id, v.name, number)));
  auto bytes = found ? security::from_base64url(found->value.data) : std::nullopt;
  auto left = static_cast<std::size_t>(v.size) - number * chunk_size;
  if (!bytes || bytes->size() != std::min(left, chunk_size)) co_return damaged(b.id);
  co_return *std::move(bytes);
}

awaitable<result<std::int64_t>> store::unbound(const context& ctx, std::string owner) {
  std::vector<documents::condition> where{{"owner", op::eq, json::value(std::move(owner))},
                                          {"bound_to", op::eq, json::value("")}};
  co_return co_await blobs_.count(ctx, std::move(where));
}

awaitable<result<std::vector<refusal>>> store::claim(const context& ctx, identity actor,
                                                     std::string to, std::vector<std::string> ids) {
  std::vector<refusal> out;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    CO_TRY(auto why, co_await claim_one(ctx, actor, to, ids[i]));
    if (why) out.push_back({i, *why});
  }
  co_return out;
}

awaitable<result<std::optional<obstacle>>> store::claim_one(const context& ctx, identity actor,
                                                            std::string to, std::string id) {
  using answer = std::optional<obstacle>;
  CO_TRY(auto found, co_await get(ctx, id));
  if (!found || found->owner != actor.sub) co_return answer{obstacle::unknown};
  auto from = found->bound_to;
  if (!from.empty() && from != to) {
    CO_TRY(bool free, co_await was_dropped(ctx, *found));
    if (!free) co_return answer{obstacle::bound_elsewhere};
  }
  answer out;
  auto bind = [&, now = clock_.now()](blob& b, documents::change& c) -> result<void> {
    out.reset();
    if (b.state != blob_state::kept) {
      out = obstacle::unknown;
    } else if (b.bound_to != from && b.bound_to != to) {
      out = obstacle::bound_elsewhere;
    }
    bool in_use = b.bound_to == to && !b.due_at;
    if (out || in_use) {
      c.skip();
      return {};
    }
    b.bound_to = to;
    b.claimed_at = now;
    b.due_at = now + unbound_lifetime;
    return {};
  };
  auto written = co_await blobs_.update(ctx, std::move(id), bind);
  if (!written && written.error().kind == errc::not_found) co_return answer{obstacle::unknown};
  if (!written) co_return std::move(written).error();
  co_return out;
}

awaitable<result<bool>> store::was_dropped(const context& ctx, const blob& b) {
  if (!b.due_at || !b.claimed_at || clock_.now() - *b.claimed_at < claim_patience) co_return false;
  CO_TRY(bool used, co_await in_use_(ctx, b));
  co_return !used;
}

awaitable<result<std::vector<blob>>> store::bound_to(const context& ctx, std::string to) {
  documents::query q;
  q.where.push_back({"bound_to", op::eq, json::value(std::move(to))});
  q.limit = 2 * max_bound;  // those in use, and those that were dropped and have not gone yet
  CO_TRY(auto found, co_await blobs_.find(ctx, std::move(q)));
  std::vector<blob> out;
  for (auto& one : found) out.push_back(std::move(one.value));
  co_return out;
}

awaitable<result<void>> store::settle(const context& ctx, std::string to,
                                      std::vector<std::string> used) {
  CO_TRY(auto all, co_await bound_to(ctx, to));
  for (const auto& one : all) {
    bool in_use = contains(used, one.id);
    if (in_use != one.due_at.has_value()) continue;
    auto turn = [&, due = clock_.now() + unbound_lifetime](blob& b,
                                                           documents::change& c) -> result<void> {
      if (b.bound_to != to || b.state != blob_state::kept || in_use != b.due_at.has_value()) {
        c.skip();
      } else if (in_use) {
        b.due_at.reset();
      } else {
        b.due_at = due;
      }
      return {};
    };
    CO_TRY_VOID(done_or_gone(co_await blobs_.update(ctx, one.id, turn)));
  }
  co_return result<void>{};
}

awaitable<result<void>> store::release(const context& ctx, std::string to,
                                       std::vector<std::string> ids) {
  for (auto& id : ids) {
    auto free = [&](blob& b, documents::change& c) -> result<void> {
      if (b.bound_to != to || !b.due_at) {
        c.skip();
      } else {
        b.bound_to.clear();
      }
      return {};
    };
    CO_TRY_VOID(done_or_gone(co_await blobs_.update(ctx, std::move(id), free)));
  }
  co_return result<void>{};
}

awaitable<result<std::size_t>> store::purge(const context& ctx, std::size_t limit) {
  documents::query q;
  q.where.push_back({"due_at", op::lte, json::value(format_time(clock_.now()))});
  q.sort.push_back({"due_at"});
  q.limit = limit;
  CO_TRY(auto due, co_await blobs_.find(ctx, std::move(q)));
  std::size_t gone = 0;
  for (auto& one : due) {
    CO_TRY(bool went, co_await purge_one(ctx, std::move(one.value)));
    if (went) ++gone;
  }
  co_return gone;
}

awaitable<result<bool>> store::purge_one(const context& ctx, blob b) {
  bool used = false;
  if (!b.bound_to.empty() && b.state == blob_state::kept) {
    CO_TRY(used, co_await in_use_(ctx, b));
  }
  bool goes = false;
  auto decide = [&](blob& now, documents::change& c) -> result<void> {
    // Whoever claimed it meanwhile has moved its time.
    goes = now.due_at == b.due_at && now.bound_to == b.bound_to && !used;
    if (now.due_at != b.due_at || now.bound_to != b.bound_to) {
      c.skip();
    } else if (used) {
      now.due_at.reset();
    } else {
      now.state = blob_state::going;
    }
    return {};
  };
  CO_TRY_VOID(done_or_gone(co_await blobs_.update(ctx, b.id, decide)));
  if (goes) CO_TRY_VOID(co_await erase(ctx, b));
  co_return goes;
}

awaitable<result<void>> store::erase(const context& ctx, const blob& b) {
  auto remove = [](auto&, documents::change& c) -> result<void> {
    c.remove();
    return {};
  };
  for (const auto& v : b.variants) {
    for (std::size_t i = 0; i < chunks_of(v.size); ++i) {
      CO_TRY_VOID(done_or_gone(co_await chunks_.update(ctx, chunk_id(b.id, v.name, i), remove)));
    }
  }
  // The facts last: as long as they are there, the rest is found.
  co_return done_or_gone(co_await blobs_.update(ctx, b.id, remove));
}

}  // namespace oficio::blobs
