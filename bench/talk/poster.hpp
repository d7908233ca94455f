#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace oficio::bench {

// Sends requests over HTTP, each on one of so many kept connections of its own thread.
class poster {
 public:
  poster(std::uint16_t port, std::size_t connections);
  ~poster();  // sends what is left
  poster(const poster&) = delete;
  poster& operator=(const poster&) = delete;

  // Never waits. `request`: all of it, as it travels.
  void send(std::string request);
  // How many were answered by something else than 200 or 201, or not at all.
  std::size_t refused() const;

 private:
  void work();
  bool take(std::string& request);

  std::uint16_t port_;
  mutable std::mutex guard_;
  std::condition_variable news_;
  std::deque<std::string> waiting_;
  std::size_t refused_ = 0;
  bool ending_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace oficio::bench
