#include "services/gateway/reference.hpp"

#include "services/gateway/assets.hpp"
#include "services/gateway/embedded_reference.hpp"

namespace oficio::gateway {
namespace {

// The viewer sets styles of elements from its script and has its icons as data.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

struct entry {
  std::string_view path;
  std::string_view (*content)();
  std::string_view type;
};

constexpr std::string_view html = "text/html; charset=utf-8";
constexpr std::string_view script = "text/javascript; charset=utf-8";
constexpr std::string_view style = "text/css; charset=utf-8";
constexpr std::string_view yaml = "application/yaml; charset=utf-8";

constexpr entry entries[] = {
    {"/docs", reference::index_html, html},
    {"/docs/reference.js", reference::reference_js, script},
    {"/docs/swagger-ui-bundle.js", reference::swagger_ui_bundle_js, script},
    {"/docs/swagger-ui-standalone-preset.js", reference::swagger_ui_standalone_preset_js, script},
    {"/docs/swagger-ui.css", reference::swagger_ui_css, style},
    {"/docs/openapi/common.yaml", reference::common_yaml, yaml},
    {"/docs/openapi/auth.yaml", reference::auth_yaml, yaml},
    {"/docs/openapi/users.yaml", reference::users_yaml, yaml},
    {"/docs/openapi/gigs.yaml", reference::gigs_yaml, yaml},
    {"/docs/openapi/chat.yaml", reference::chat_yaml, yaml},
    {"/docs/openapi/orders.yaml", reference::orders_yaml, yaml},
    {"/docs/openapi/reviews.yaml", reference::reviews_yaml, yaml},
    {"/docs/openapi/files.yaml", reference::files_yaml, yaml},
    {"/docs/openapi/gateway.yaml", reference::gateway_yaml, yaml},
};

}  // namespace

void add_reference(http::router& routes) {
  for (const auto& e : entries) {
    add_asset(routes, std::string(e.path), e.content(), e.type, policy);
  }
}

}  // namespace oficio::gateway
