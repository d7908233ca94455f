#include "services/gateway/everyone.hpp"

#include "platform/runtime/gather.hpp"

namespace oficio::gateway {
namespace {

error silent() {
  return {errc::timeout, "deadline_exceeded", "The service did not answer in time."};
}

awaitable<result<http::response>> ask(http::upstream* of, http::request r) {
  co_return co_await of->send(r);
}

}  // namespace

awaitable<std::map<std::string, result<http::response>>> ask_everyone(
    const upstreams& to, std::function<http::request(const std::string&)> question,
    steady_time until) {
  std::vector<awaitable<result<http::response>>> all;
  for (const auto& [service, upstream] : to.by_service) {
    auto r = question(service);
    r.ctx.deadline = until;
    all.push_back(ask(upstream, std::move(r)));
  }
  auto given = co_await runtime::gather(std::move(all), until);
  std::map<std::string, result<http::response>> out;
  auto next = given.begin();
  for (const auto& [service, upstream] : to.by_service) {
    out.emplace(service, *next ? *std::move(*next) : result<http::response>(silent()));
    ++next;
  }
  co_return out;
}

}  // namespace oficio::gateway
