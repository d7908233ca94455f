#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "platform/runtime/awaitable.hpp"
#include "platform/telemetry/tests/kept.hpp"
#include "platform/telemetry/tracer.hpp"

namespace oficio::tracing {

using telemetry::at;
using telemetry::kind;

template <class T>
T run(awaitable<T> work) {
  boost::asio::io_context io;
  auto done = boost::asio::co_spawn(io, std::move(work), boost::asio::use_future);
  io.run();
  return done.get();
}

class traced_test : public testing::Test {
 protected:
  telemetry::kept_records kept_;
  telemetry::tracer by_{kept_, {.environment = "test"}, {.share = 1, .per_second = 0}};
  context ctx_ = context::for_system();
};

}  // namespace oficio::tracing
