#pragma once

#include <functional>
#include <map>
#include <string>

#include "services/gateway/module.hpp"

namespace oficio::gateway {

// Asks all services at once what `question` says for each. Who has not answered by `until` is a
// timeout `deadline_exceeded`; their answers, if they ever come, are dropped.
awaitable<std::map<std::string, result<http::response>>> ask_everyone(
    const upstreams& to, std::function<http::request(const std::string& service)> question,
    steady_time until);

}  // namespace oficio::gateway
