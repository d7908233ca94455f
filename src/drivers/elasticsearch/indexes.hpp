#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/elasticsearch/layout.hpp"
#include "drivers/elasticsearch/server.hpp"

namespace oficio::elasticsearch {

// The indexes of one schema: numbered ones, and the alias that names the one in use.
class indexes {
 public:
  indexes(server& at, const layout& fields, std::string alias, int replicas)
      : at_(at), fields_(fields), alias_(std::move(alias)), replicas_(replicas) {}

  const std::string& alias() const { return alias_; }

  // Makes the first index if there is none, and adds fields that the one in use has not. Its
  // generation: how often the fields have changed.
  awaitable<result<int>> open(const context& ctx);

  // The index that the alias names, if there is one.
  awaitable<result<std::optional<std::string>>> in_use(const context& ctx);
  // All of the schema's, in the order of their numbers.
  awaitable<result<std::vector<std::string>>> all(const context& ctx);
  // A new one, numbered behind those that are `there`; `changed`: settings that are other than
  // usual. Fails if somebody has just made that one.
  awaitable<result<std::string>> create(const context& ctx, const std::vector<std::string>& there,
                                        bool behind_alias, int generation,
                                        json::object changed = {});

 private:
  awaitable<result<int>> generation_of(const context& ctx, const std::string& name);

  server& at_;
  const layout& fields_;
  std::string alias_;
  int replicas_;
};

// Success, or the server's refusal as an error.
result<answer> accepted(result<answer> said);

// The version that the server is given. The same version of a document counts once more for each
// generation: with other fields, all are put again.
inline constexpr std::int64_t generations = 1'000;
inline std::int64_t outer_version(std::int64_t version, int generation) {
  return version * generations + generation % generations;
}
inline std::int64_t inner_version(std::int64_t outer) {
  return outer / generations;
}

}  // namespace oficio::elasticsearch
