#pragma once

#include <vector>

#include "platform/base/error.hpp"
#include "platform/json/codec.hpp"

namespace oficio::json {

// What is wrong with an input, as answers tell it: [{pointer, code, message, params?}], where
// params holds the bounds that are known, {min?, max?}.
array write_violations(const std::vector<violation>& all);

// The other way; what is not of this shape is left out.
std::vector<violation> read_violations(const value& told);

}  // namespace oficio::json
