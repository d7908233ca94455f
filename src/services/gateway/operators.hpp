#pragma once

#include "services/gateway/forwarder.hpp"

namespace oficio::gateway {

// What comes before an operators' call: limits, who calls, and that it is an operator. Errors:
// unauthorized `not_signed_in`, forbidden `operators_only`, and those of forwarder::admit().
awaitable<result<void>> admit_operator(forwarder& to, http::request& r, const route& by);

}  // namespace oficio::gateway
