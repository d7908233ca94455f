#include "services/gateway/page.hpp"

#include "services/gateway/assets.hpp"
#include "services/gateway/embedded.hpp"

namespace oficio::gateway {
namespace {

// No inline script or style, nothing from elsewhere, no frames.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

void add(http::router& routes, std::string path, std::string_view content, std::string_view type) {
  add_asset(routes, std::move(path), content, type, page_policy);
}

}  // namespace

void add_page(http::router& routes) {
  add(routes, "/", embedded::index_html(), "text/html; charset=utf-8");
  add(routes, "/page.js", embedded::page_js(), "text/javascript; charset=utf-8");
  add(routes, "/page.css", embedded::page_css(), "text/css; charset=utf-8");
}

}  // namespace oficio::gateway
