#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "platform/http/line_poller.hpp"
#include "platform/http/message_room.hpp"
#include "platform/http/server.hpp"
#include "platform/http/server_metrics.hpp"
#include "platform/runtime/notifier.hpp"

namespace oficio::http::detail {

class connection;

// What a server shares with its connections; lives until the last of them has ended.
class server_core {
 public:
  server_core(boost::asio::io_context& i, server_options o, const router& r, telemetry::logger l);

  // False if this client has too many connections already. Counts it otherwise, until closed().
  bool may_open(const std::string& address);
  void opened(const std::shared_ptr<connection>& c);
  void closed(const connection& c, const std::string& address);
  // One connection goes on as another: the same client, the same place.
  void replaced(const connection& old, const std::shared_ptr<connection>& next);
  std::size_t connections() const;
  // Makes room by closing a connection that waits for its next request; false if there is none.
  bool close_an_idle_one();
  std::vector<std::shared_ptr<connection>> open_connections() const;

  boost::asio::io_context& io;
  const server_options options;
  const router& routes;
  const telemetry::logger log;
  server_metrics metrics;
  message_room room;  // of large messages
  line_groups lines;
  std::atomic<bool> closing{false};
  std::atomic<std::size_t> in_flight{0};
  std::atomic<std::size_t> body_bytes{0};  // of all requests in hand
  runtime::notifier slot_freed;

 private:
  bool is_limited(const std::string& address) const;

  mutable std::mutex guard_;
  std::unordered_map<const connection*, std::weak_ptr<connection>> open_;  // under guard_
  std::unordered_map<std::string, std::size_t> per_client_;                // under guard_
};

}  // namespace oficio::http::detail
