#include "services/gigs/reindexing.hpp"

#include "services/gigs/search.hpp"
#include "services/gigs/store.hpp"

namespace oficio::gigs {
namespace {

constexpr std::size_t page = 500;
constexpr std::chrono::minutes patience{1};  // for a page
constexpr std::chrono::minutes patience_at_last{15};

}  // namespace

awaitable<result<std::optional<std::size_t>>> reindex(documents::database& database,
                                                      search::index& index,
                                                      const wall_clock& clock) {
  store kept(database, clock);
  auto begin = context::for_system(patience);
  CO_TRY(auto fresh, co_await index.rebuild(begin));
  if (!fresh) co_return std::optional<std::size_t>{};
  std::size_t count = 0;
  std::string after;
  for (;;) {
    auto ctx = context::for_system(patience);
    CO_TRY(auto some, co_await kept.all(ctx, after, page));
    if (some.empty()) break;
    after = some.back().value.id;
    count += some.size();
    std::vector<search::versioned> documents;
    for (const auto& one : some) documents.push_back(searchable(one.value, one.write_version));
    CO_TRY_VOID(co_await fresh->put(ctx, std::move(documents)));
  }
  auto end = context::for_system(patience_at_last);
  CO_TRY_VOID(co_await fresh->finish(end));
  co_return std::optional<std::size_t>{count};
}

}  // namespace oficio::gigs
