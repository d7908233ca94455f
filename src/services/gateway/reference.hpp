#pragma once

#include "platform/http/router.hpp"

namespace oficio::gateway {

// The API reference at /docs, and the OpenAPI descriptions that it shows at /docs/openapi/*.yaml.
// Everything comes out of the program itself.
void add_reference(http::router& routes);

}  // namespace oficio::gateway
