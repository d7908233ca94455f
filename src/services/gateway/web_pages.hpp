#pragma once

#include "platform/http/router.hpp"

namespace oficio::gateway {

// The web application, built into the program: its files, and its page at every address that it
// knows. A person who asks for any other address gets the page too, which says so, with 404.
void add_web_pages(http::router& routes);

}  // namespace oficio::gateway
