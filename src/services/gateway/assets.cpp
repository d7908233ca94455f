#include "services/gateway/assets.hpp"

#include <memory>

#include "platform/security/crypto.hpp"

namespace oficio::gateway {
namespace {

struct asset {
  std::string_view content;
  std::string type;
  std::string policy;
  std::string tag;
};

awaitable<result<http::response>> show(std::shared_ptr<const asset> what, http::request& r) {
  http::response answer;
  answer.headers.add("ETag", what->tag);
  answer.headers.add("Cache-Control", "no-cache");
  answer.headers.add("Content-Security-Policy", what->policy);
  if (r.headers.get("If-None-Match") == what->tag) {
    answer.status = 304;
    co_return answer;
  }
  answer.headers.add("Content-Type", what->type);
  answer.body = what->content;
  co_return answer;
}

}  // namespace

void add_asset(http::router& routes, std::string path, std::string_view content,
               std::string_view type, std::string_view policy) {
  auto tag = "\"" + security::digest(content).substr(0, 32) + "\"";
  auto held = std::make_shared<const asset>(
      asset{content, std::string(type), std::string(policy), std::move(tag)});
  routes.get(std::move(path), [held](http::request& r) { return show(held, r); });
}

}  // namespace oficio::gateway
