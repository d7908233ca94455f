#include "drivers/elasticsearch/indexes.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace oficio::elasticsearch {
namespace {

std::string numbered(const std::string& alias, int number) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "-%06d", number);
  return alias + text.data();
}

// 0 for a name that is none of ours.
int number_of(const std::string& alias, const std::string& name) {
  constexpr std::size_t digits = 6;
  if (name.size() < alias.size() + 1 + digits || !name.starts_with(alias + "-")) return 0;
  auto rest = name.substr(alias.size() + 1);
  bool all_digits =
      rest.size() < 9 && std::ranges::all_of(rest, [](char c) { return c >= '0' && c <= '9'; });
  return all_digits ? std::stoi(rest) : 0;
}

}  // namespace

result<answer> accepted(result<answer> said) {
  if (said && !said->good()) return refused(said->status, said->body);
  return said;
}

awaitable<result<std::optional<std::string>>> indexes::in_use(const context& ctx) {
  CO_TRY(auto said, co_await at_.get(ctx, "/_alias/" + alias_));
  if (said.status == 404) co_return std::optional<std::string>{};
  if (!said.good()) co_return refused(said.status, said.body);
  const auto* names = said.body.if_object();
  if (!names || names->empty()) co_return std::optional<std::string>{};
  co_return std::optional<std::string>(std::string(names->begin()->key()));
}

awaitable<result<std::vector<std::string>>> indexes::all(const context& ctx) {
  CO_TRY(auto said, accepted(co_await at_.get(ctx, "/" + alias_ + "-*/_settings/index.uuid")));
  std::vector<std::string> out;
  if (const auto* names = said.body.if_object()) {
    for (const auto& one : *names) {
      if (number_of(alias_, std::string(one.key())) > 0) out.emplace_back(one.key());
    }
  }
  std::ranges::sort(out, {}, [&](const std::string& name) { return number_of(alias_, name); });
  co_return out;
}

awaitable<result<std::string>> indexes::create(const context& ctx,
                                               const std::vector<std::string>& there,
                                               bool behind_alias, int generation,
                                               json::object changed) {
  auto number = there.empty() ? 1 : number_of(alias_, there.back()) + 1;
  auto body = fields_.creation(replicas_, generation);
  for (auto& one : changed)
    body["settings"].as_object()["index"].as_object()[one.key()] = one.value();
  if (behind_alias) body["aliases"] = json::object{{alias_, json::object{}}};
  auto name = numbered(alias_, number);
  CO_TRY(auto said, co_await at_.put(ctx, "/" + name, std::move(body)));
  if (!said.good()) co_return refused(said.status, said.body);
  co_return name;
}

awaitable<result<int>> indexes::generation_of(const context& ctx, const std::string& name) {
  CO_TRY(auto said, accepted(co_await at_.get(ctx, "/" + name + "/_mapping")));
  const auto* meta = find(said.body, {name, "mappings", "_meta"});
  int generation = meta ? static_cast<int>(integer_of(find(*meta, {"generation"}))) : 0;
  if (meta && text_of(find(*meta, {"layout"})) == fields_.fingerprint()) co_return generation;
  ++generation;
  CO_TRY_VOID(
      accepted(co_await at_.put(ctx, "/" + name + "/_mapping", fields_.mapping(generation))));
  co_return generation;
}

awaitable<result<int>> indexes::open(const context& ctx) {
  // Two that start at once may both want to create it. They name it alike, since they list what is
  // there before they see that none is in use: the second one's attempt fails.
  for (int tries = 0;; ++tries) {
    CO_TRY(auto there, co_await all(ctx));
    CO_TRY(auto name, co_await in_use(ctx));
    if (name) co_return co_await generation_of(ctx, *name);
    auto made = co_await create(ctx, there, true, 0);
    if (!made && tries > 3) co_return std::move(made).error();
  }
}

}  // namespace oficio::elasticsearch
