#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include <boost/smart_ptr/intrusive_ptr.hpp>

namespace oficio::realtime {

// One Engine.IO packet as it is sent: made once, with the WebSocket frame around it, and shared by
// all connections that get it. Immutable.
class frame {
 public:
  using pointer = boost::intrusive_ptr<const frame>;

  // Text has the packet's type as its first character; binary is always a message.
  static pointer text(std::initializer_list<std::string_view> parts) { return make(false, parts); }
  static pointer binary(std::string_view bytes) { return make(true, {bytes}); }

  bool is_binary() const { return binary_; }
  std::string_view packet() const { return {bytes() + head_, size_}; }
  // With the header of an unmasked WebSocket frame.
  std::string_view wire() const { return {bytes(), size_ + head_}; }

  frame(const frame&) = delete;
  frame& operator=(const frame&) = delete;

  // Its bytes lie behind it.
  void operator delete(void* at) { ::operator delete(at); }

 private:
  frame(bool binary, std::size_t head, std::size_t size)
      : binary_(binary), head_(static_cast<std::uint8_t>(head)), size_(size) {}
  ~frame() = default;
  static pointer make(bool binary, std::initializer_list<std::string_view> parts);

  char* bytes() { return reinterpret_cast<char*>(this + 1); }
  const char* bytes() const { return reinterpret_cast<const char*>(this + 1); }

  friend void intrusive_ptr_add_ref(const frame* f) {
    f->owners_.fetch_add(1, std::memory_order_relaxed);
  }
  friend void intrusive_ptr_release(const frame* f) {
    if (f->owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete f;
  }

  mutable std::atomic<std::uint32_t> owners_{0};
  const bool binary_;
  const std::uint8_t head_;  // bytes of the WebSocket header
  const std::size_t size_;   // of the packet
};

}  // namespace oficio::realtime
