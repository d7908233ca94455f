#pragma once

#include <chrono>
#include <future>

#include <boost/asio/io_context.hpp>

namespace oficio::runtime {

// Runs `io` on this thread until its work has given `done`, and gives it. What is left then, such
// as an idle connection that is watched for two seconds more, is not waited for.
template <class T>
T run_until_done(boost::asio::io_context& io, std::future<T> done) {
  while (done.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    if (io.run_one() == 0) break;
  }
  return done.get();
}

}  // namespace oficio::runtime
