#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// The server's side of RFC 6455, without extensions: bytes in, messages out. Pure.
namespace oficio::realtime::websocket {

enum class opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10
};

enum class close_code : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  not_utf8 = 1007,
  policy = 1008,
  too_big = 1009,
  try_later = 1013
};

// What proves to the client that its key was read; empty if the key is none.
std::string accept_key(std::string_view key);

// The header of a whole, unmasked frame.
class header {
 public:
  header(opcode op, std::size_t payload);
  const char* data() const { return bytes_.data(); }
  std::size_t size() const { return size_; }

 private:
  std::array<char, 10> bytes_{};
  std::size_t size_ = 2;
};

std::string control_frame(opcode op, std::string_view payload);
// `reason` is cut to what fits.
std::string close_frame(close_code code, std::string_view reason);

struct message {
  opcode kind;            // text, binary, close, ping or pong
  std::string_view data;  // valid until the reader is next used
};

// Takes a client's bytes as they come. Text is UTF-8; messages that came in parts are whole.
class reader {
 public:
  explicit reader(std::size_t max_message) : max_message_(max_message) {}

  // The bytes are unmasked where they lie, and must stay there until settle().
  void give(std::span<char> bytes);
  // The next message, if it is complete. Nothing after a failure.
  std::optional<message> next();
  // Keeps what is left of a message that is not complete.
  void settle();

  // Why the connection must be closed.
  std::optional<close_code> failure() const { return failure_; }
  // Bytes that are kept.
  std::size_t held() const { return partial_.capacity() + parts_.capacity(); }

 private:
  struct head {
    bool last;
    opcode op;
    std::uint64_t size;
    std::array<unsigned char, 4> mask;
    std::size_t bytes;  // of itself
  };

  std::optional<head> read_head();
  bool may_begin(const head& h);
  std::optional<message> take(const head& h, std::string_view payload);
  std::nullopt_t fail(close_code why) {
    failure_ = why;
    return std::nullopt;
  }

  const std::size_t max_message_;
  std::span<char> left_;
  std::string partial_;  // begins with an incomplete frame
  std::string parts_;    // of a message
  bool in_partial_ = false;
  opcode joining_ = opcode::continuation;  // the kind of message that parts_ begins
  bool parts_given_ = false;
  std::optional<close_code> failure_;
};

}  // namespace oficio::realtime::websocket
