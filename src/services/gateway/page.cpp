#include "services/gateway/page.hpp"

#include "platform/security/crypto.hpp"
#include "services/gateway/embedded.hpp"

namespace oficio::gateway {
namespace {

struct asset {
  std::string_view content;
  std::string_view type;
  std::string tag;
};

// No inline script or style, nothing from elsewhere, no frames.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

awaitable<result<http::response>> show(std::shared_ptr<const asset> what, http::request& r) {
  http::response answer;
  answer.headers.add("ETag", what->tag);
  answer.headers.add("Cache-Control",
                     "no-cache");  // asked again each time, sent only when it changed
  answer.headers.add("Content-Security-Policy", std::string(page_policy));
  if (r.headers.get("If-None-Match") == what->tag) {
    answer.status = 304;
    co_return answer;
  }
  answer.headers.add("Content-Type", std::string(what->type));
  answer.body = what->content;
  co_return answer;
}

void add_asset(http::router& routes, std::string path, std::string_view content,
               std::string_view type) {
  auto tag = "\"" + security::digest(content).substr(0, 32) + "\"";
  auto held = std::make_shared<const asset>(asset{content, type, std::move(tag)});
  routes.get(std::move(path), [held](http::request& r) { return show(held, r); });
}

}  // namespace

void add_page(http::router& routes) {
  add_asset(routes, "/", embedded::index_html(), "text/html; charset=utf-8");
  add_asset(routes, "/page.js", embedded::page_js(), "text/javascript; charset=utf-8");
  add_asset(routes, "/page.css", embedded::page_css(), "text/css; charset=utf-8");
}

}  // namespace oficio::gateway
