#pragma once

#include <memory>
#include <optional>
#include <string>

#include "drivers/elasticsearch/indexes.hpp"
#include "drivers/elasticsearch/lease.hpp"
#include "drivers/elasticsearch/writing.hpp"
#include "platform/search/index.hpp"

namespace oficio::elasticsearch {

// Fills a new index beside the one in use. Everybody else goes on writing to the old one; what they
// wrote since the beginning is known by its sequence numbers and copied with its versions, round
// after round while it is much. For the last round the old index is closed to writes, which wait
// (see writer) until the alias names the new one: so none is lost, and none is ever missed by a
// reader.
class index_rebuilding final : public search::rebuilding {
 public:
  // `at`, `fields` and `alias` outlive it.
  index_rebuilding(server& at, const layout& fields, const std::string& alias, int replicas,
                   int generation);

  // Errors: conflict `rebuild_running`, and as of server.
  awaitable<result<void>> begin(const context& ctx);
  awaitable<result<void>> put(const context& ctx,
                              std::vector<search::versioned> documents) override;
  awaitable<result<void>> finish(const context& ctx) override;

 private:
  awaitable<result<void>> tidy_up(const context& ctx);
  // Copies what was written behind `copied_`; how much that was.
  awaitable<result<std::size_t>> catch_up(const context& ctx);
  awaitable<result<void>> copy_tombstones(const context& ctx);
  awaitable<result<void>> swap(const context& ctx);
  awaitable<result<void>> copy(const context& ctx, const json::array& hits);
  awaitable<result<json::value>> search_old(const context& ctx, json::object request);

  server& at_;
  const layout& fields_;
  indexes names_;
  lease lease_;
  int generation_;
  std::optional<std::string> old_;
  std::string new_;
  std::int64_t copied_ = -1;  // the last sequence number
};

// Opens an index to writes again that a rebuilding closed which then ended without a word. True if
// it was so.
awaitable<result<bool>> reopen_abandoned(server& at, const context& ctx, const std::string& alias);

}  // namespace oficio::elasticsearch
