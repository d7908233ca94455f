#include "platform/realtime/frame.hpp"

#include <cstring>
#include <new>

#include "platform/realtime/websocket.hpp"

namespace oficio::realtime {

frame::pointer frame::make(bool binary, std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (auto part : parts) size += part.size();
  websocket::header head(binary ? websocket::opcode::binary : websocket::opcode::text, size);
  void* place = ::operator new(sizeof(frame) + head.size() + size);
  auto* made = new (place) frame(binary, head.size(), size);
  char* to = made->bytes();
  std::memcpy(to, head.data(), head.size());
  to += head.size();
  for (auto part : parts) {
    if (!part.empty()) std::memcpy(to, part.data(), part.size());
    to += part.size();
  }
  return pointer(made);
}

}  // namespace oficio::realtime
