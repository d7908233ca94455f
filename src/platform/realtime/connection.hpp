#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "platform/realtime/packet.hpp"
#include "platform/realtime/server_core.hpp"
#include "platform/realtime/socket.hpp"

namespace oficio::realtime {

// Socket.IO on one session: which namespaces the client is in, and which packet is being put
// together from its attachments.
class connection final : public session_user,
                         public std::enable_shared_from_this<connection>,
                         private deadline {
 public:
  connection(std::shared_ptr<server_core> core, const std::shared_ptr<session>& on);
  ~connection() override;

  void begin();
  void received(std::string_view data, bool binary) override;
  void closed(end_reason why) override;
  bool wants_pause() override;

  server_core& core() const { return *core_; }
  // The client is no longer in this namespace.
  void forget(const space& of);

 private:
  struct member {
    const space* in;
    std::shared_ptr<socket> who;  // none while it is decided whether it may come in, and after
    bool was_in = false;
  };
  // A packet whose attachments are still coming.
  struct incomplete {
    std::string text;
    packet read;
    std::vector<bytes> attached;
    std::size_t size = 0;
  };

  std::shared_ptr<void> owner() override { return weak_from_this().lock(); }
  void expired(steady_time due) override;
  bool within_limits(std::size_t size, bool is_event);
  void take(const packet& p, std::vector<bytes> attached);
  void take_connect(const packet& p);
  void take_disconnect(const packet& p);
  void take_event(const packet& p, std::vector<bytes> attached);
  static awaitable<void> decide(std::shared_ptr<connection> self, space* in, std::string auth);
  void let_in(space& in, std::string auth, grant who);
  void refuse(std::string_view space_name, std::string_view message, const json::value& data);
  void fail();
  member* find(std::string_view name);  // under guard_
  std::shared_ptr<session> line() const;

  const std::shared_ptr<server_core> core_;
  std::unique_ptr<incomplete> incomplete_;  // by whoever receives

  mutable std::mutex guard_;
  std::shared_ptr<session> session_;
  boost::container::small_vector<member, 1> members_;
  std::shared_ptr<shared_allowance> account_;
  bool joined_ = false;  // a namespace, once
};

}  // namespace oficio::realtime
