#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace oficio::http::detail {

// The memory that all large messages of a server may take together, so that many at once cannot
// exhaust the process. Safe from any thread.
class message_room {
 public:
  using lease = std::shared_ptr<const void>;  // gives the room back when it goes

  explicit message_room(std::size_t total) : state_(std::make_shared<state>(total)) {}

  // Null if there is no room for so many bytes, or if `client` holds half of all room already.
  lease take(std::size_t bytes, std::string client);
  std::size_t taken() const;

 private:
  struct state {
    explicit state(std::size_t all) : total(all) {}
    std::mutex guard;
    const std::size_t total;
    std::size_t taken = 0;
    std::map<std::string, std::size_t> by_client;
  };
  static void give_back(state& s, std::size_t bytes, const std::string& client);

  std::shared_ptr<state> state_;
};

}  // namespace oficio::http::detail
