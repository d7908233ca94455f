#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "platform/base/context.hpp"
#include "platform/realtime/broadcast.hpp"
#include "platform/realtime/frame.hpp"
#include "platform/realtime/socket.hpp"

namespace oficio::realtime {

struct recovery_options;

// What a client was when its line was cut.
struct absence {
  std::string id;
  std::vector<std::string> rooms;
  grant who;
  std::uint64_t since = 0;  // the events before were before its time
  steady_time until;
};

// The latest events of a namespace, each with its offset, and the clients that are away. Everything
// under `guard`, which is held from the offset of an event until it stands in every queue: so each
// client gets them in their order, and the last that it has tells what it lacks.
class history {
 public:
  explicit history(const recovery_options& o);

  std::mutex guard;

  std::string next_offset() const;
  void add(audience to, std::vector<frame::pointer> frames);
  std::uint64_t position() const { return first_ + events_.size(); }

  void is_here(const std::string& private_id, const std::shared_ptr<socket>& who);
  std::shared_ptr<socket> here(const std::string& private_id) const;
  void is_away(const std::string& private_id, absence what);
  void is_gone(const std::string& private_id);
  // Once: whoever asks takes it.
  std::optional<absence> take(const std::string& private_id);
  // What it missed behind `offset` (all since it came, if that is empty); nothing if that is no
  // longer known.
  std::optional<std::vector<frame::pointer>> missed(const absence& by,
                                                    const std::string& offset) const;

 private:
  struct event {
    audience to;
    std::vector<frame::pointer> frames;
    std::size_t bytes;
    steady_time at;
  };
  std::optional<std::uint64_t> read_offset(const std::string& text) const;
  void sweep(steady_time now);

  const recovery_options& options_;
  const std::string epoch_;  // offsets of another life of this server mean nothing
  std::deque<event> events_;
  std::uint64_t first_ = 1;  // the number of events_'s first
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, std::weak_ptr<socket>> here_;
  std::unordered_map<std::string, absence> away_;
  std::deque<std::pair<steady_time, std::string>> away_order_;
};

}  // namespace oficio::realtime
