#pragma once

#include <stdlib.h>

#include <filesystem>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>

#include "platform/runtime/awaitable.hpp"

namespace oficio::conformance {

// Runs coroutines to their end, all at once on `threads` threads, each on a strand of its own.
template <class T>
std::vector<T> run_all(std::vector<awaitable<T>> work, std::size_t threads = 2) {
  boost::asio::io_context io;
  std::vector<std::future<T>> done;
  for (auto& w : work) {
    done.push_back(boost::asio::co_spawn(boost::asio::make_strand(io), std::move(w),
                                         boost::asio::use_future));
  }
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back([&io] { io.run(); });
    io.run();
  }
  std::vector<T> out;
  for (auto& d : done) out.push_back(d.get());
  return out;
}

template <class T>
T run(awaitable<T> work) {
  boost::asio::io_context io;
  auto done = boost::asio::co_spawn(io, std::move(work), boost::asio::use_future);
  io.run();
  return done.get();
}

// A folder that goes with everything in it.
class temporary_folder {
 public:
  temporary_folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "oficio-test-XXXXXX";
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder can be made");
    path_ = pattern;
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace oficio::conformance
