#pragma once

#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <stdlib.h>

#include "platform/runtime/awaitable.hpp"

namespace oficio::conformance {

// Lends io_contexts and never destroys one before the program ends: a pool's thread may still be
// inside one for an instant after its last handler has run and run() has returned.
class io_lender {
 public:
  class loan {
   public:
    explicit loan(io_lender& from) : from_(from), io_(from.take()) {}
    ~loan() { from_.give_back(std::move(io_)); }
    loan(const loan&) = delete;
    loan& operator=(const loan&) = delete;
    boost::asio::io_context& io() { return *io_; }

   private:
    io_lender& from_;
    std::unique_ptr<boost::asio::io_context> io_;
  };

  static io_lender& instance() {
    static io_lender one;
    return one;
  }

 private:
  std::unique_ptr<boost::asio::io_context> take() {
    std::lock_guard lock(guard_);
    if (idle_.empty()) return std::make_unique<boost::asio::io_context>();
    auto io = std::move(idle_.back());
    idle_.pop_back();
    io->restart();
    return io;
  }
  void give_back(std::unique_ptr<boost::asio::io_context> io) {
    std::lock_guard lock(guard_);
    idle_.push_back(std::move(io));
  }

  std::mutex guard_;
  std::vector<std::unique_ptr<boost::asio::io_context>> idle_;
};

// Runs coroutines to their end, all at once on `threads` threads, each on a strand of its own.
template <class T>
std::vector<T> run_all(std::vector<awaitable<T>> work, std::size_t threads = 2) {
  io_lender::loan loan(io_lender::instance());
  auto& io = loan.io();
  std::vector<std::future<T>> done;
  for (auto& w : work) {
    done.push_back(
        boost::asio::co_spawn(boost::asio::make_strand(io), std::move(w), boost::asio::use_future));
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
  std::vector<awaitable<T>> one;
  one.push_back(std::move(work));
  return std::move(run_all(std::move(one), 1)[0]);
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
