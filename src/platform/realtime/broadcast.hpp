#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/realtime/items.hpp"

namespace oficio::realtime {

class space;

// Whom an event goes to: all of a namespace, or all in any of some rooms, but for some.
struct audience {
  std::vector<std::string> rooms = {};
  std::vector<std::string> except_rooms = {};
  std::string only = {};    // one client, by id
  std::string except = {};  // one client, by id
  bool passing = false;     // only for those who are here: nobody gets it when they come back
};

// space.to("room").except("other").emit("event", value): encoded once, and the bytes are shared by
// all that get them.
class broadcast {
 public:
  broadcast(space& in, audience to) : space_(&in), to_(std::move(to)) {}

  broadcast& to(std::string room) {
    to_.rooms.push_back(std::move(room));
    return *this;
  }
  broadcast& except(std::string room) {
    to_.except_rooms.push_back(std::move(room));
    return *this;
  }
  broadcast& passing() {
    to_.passing = true;
    return *this;
  }

  void emit(std::string_view name, const items& with) const;
  template <class... T>
  void emit(std::string_view name, const T&... values) const {
    emit(name, items::of(values...));
  }

 private:
  space* space_;
  audience to_;
};

}  // namespace oficio::realtime
