#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "platform/base/context.hpp"
#include "platform/base/result.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::runtime {

awaitable<void> sleep_for(std::chrono::milliseconds time);

}  // namespace oficio::runtime
