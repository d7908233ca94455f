#include "platform/realtime/websocket.hpp"

#include <algorithm>
#include <cstring>

#include <openssl/sha.h>

#include "platform/http/utf8.hpp"
#include "platform/realtime/base64.hpp"

namespace oficio::realtime::websocket {
namespace {

constexpr std::size_t max_control = 125;

bool is_control(opcode op) {
  return static_cast<std::uint8_t>(op) >= 8;
}

bool is_known(std::uint8_t op) {
  return op <= 2 || (op >= 8 && op <= 10);
}

void unmask(std::span<char> bytes, const std::array<unsigned char, 4>& mask) {
  std::uint32_t four = 0;
  std::memcpy(&four, mask.data(), 4);
  std::uint64_t eight = (static_cast<std::uint64_t>(four) << 32) | four;
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, 8);
    word ^= eight;
    std::memcpy(bytes.data() + at, &word, 8);
  }
  for (; at < bytes.size(); ++at) {
    bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ mask[at % 4]);
  }
}

// Codes that may travel: those of the standard that are not for inner use, and private ones.
bool is_close_code(unsigned code) {
  return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
         (code >= 3000 && code <= 4999);
}

}  // namespace

std::string accept_key(std::string_view key) {
  auto nonce = from_base64(key);
  if (!nonce || nonce->size() != 16) return {};
  std::string both = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> hash{};
  SHA1(reinterpret_cast<const unsigned char*>(both.data()), both.size(), hash.data());
  std::string out;
  append_base64(out, {reinterpret_cast<const char*>(hash.data()), hash.size()});
  return out;
}

header::header(opcode op, std::size_t payload) {
  bytes_[0] = static_cast<char>(0x80 | static_cast<unsigned>(op));
  std::size_t bytes_of_length = payload < 126 ? 0 : payload < 65536 ? 2 : 8;
  bytes_[1] = static_cast<char>(bytes_of_length == 0 ? payload : bytes_of_length == 2 ? 126 : 127);
  for (std::size_t i = 0; i < bytes_of_length; ++i) {
    bytes_[2 + i] = static_cast<char>((payload >> (8 * (bytes_of_length - 1 - i))) & 0xff);
  }
  size_ = 2 + bytes_of_length;
}

std::string control_frame(opcode op, std::string_view payload) {
  payload = payload.substr(0, max_control);
  header head(op, payload.size());
  return std::string(head.data(), head.size()).append(payload);
}

std::string close_frame(close_code code, std::string_view reason) {
  auto number = static_cast<unsigned>(code);
  std::string payload{static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
  payload.append(reason.substr(0, max_control - 2));
  return control_frame(opcode::close, payload);
}

void reader::give(std::span<char> bytes) {
  in_partial_ = !partial_.empty();
  if (in_partial_) {
    partial_.append(bytes.data(), bytes.size());
    left_ = {partial_.data(), partial_.size()};
  } else {
    left_ = bytes;
  }
}

void reader::settle() {
  if (left_.empty()) {
    if (!partial_.empty()) std::string().swap(partial_);
  } else if (in_partial_) {
    partial_.erase(0, partial_.size() - left_.size());
  } else {
    partial_.assign(left_.data(), left_.size());
  }
  left_ = {};
  if (parts_given_) {
    parts_given_ = false;
    std::string().swap(parts_);
  }
}

std::optional<reader::head> reader::read_head() {
  if (left_.size() < 2) return std::nullopt;
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(left_[i]); };
  auto op = static_cast<std::uint8_t>(byte(0) & 0x0f);
  // No extension was agreed on, so the reserved bits are 0; and a client always masks.
  if ((byte(0) & 0x70) != 0 || !is_known(op) || (byte(1) & 0x80) == 0) {
    return fail(close_code::protocol_error);
  }
  head h{(byte(0) & 0x80) != 0, static_cast<opcode>(op), byte(1) & 0x7fu, {}, 0};
  std::size_t bytes_of_length = h.size == 126 ? 2 : h.size == 127 ? 8 : 0;
  if (left_.size() < 2 + bytes_of_length + 4) return std::nullopt;
  if (bytes_of_length > 0) {
    h.size = 0;
    for (std::size_t i = 0; i < bytes_of_length; ++i) h.size = (h.size << 8) | byte(2 + i);
    if (h.size < (bytes_of_length == 2 ? 126u : 65536u)) return fail(close_code::protocol_error);
  }
  std::memcpy(h.mask.data(), left_.data() + 2 + bytes_of_length, 4);
  h.bytes = 2 + bytes_of_length + 4;
  return h;
}

bool reader::may_begin(const head& h) {
  if (is_control(h.op)) {
    if (h.last && h.size <= max_control) return true;
    failure_ = close_code::protocol_error;
  } else if ((h.op == opcode::continuation) != (joining_ != opcode::continuation)) {
    failure_ = close_code::protocol_error;  // a part of nothing, or a message within a message
  } else if (h.size > max_message_ - std::min(max_message_, parts_.size())) {
    failure_ = close_code::too_big;
  }
  return !failure_;
}

std::optional<message> reader::next() {
  if (parts_given_) {
    parts_given_ = false;
    std::string().swap(parts_);
  }
  while (!failure_) {
    auto h = read_head();
    if (!h || !may_begin(*h) || left_.size() - h->bytes < h->size) return std::nullopt;
    auto payload = left_.subspan(h->bytes, static_cast<std::size_t>(h->size));
    left_ = left_.subspan(h->bytes + payload.size());
    unmask(payload, h->mask);
    if (auto whole = take(*h, {payload.data(), payload.size()})) return whole;
  }
  return std::nullopt;
}

std::optional<message> reader::take(const head& h, std::string_view payload) {
  if (h.op == opcode::close) {
    if (payload.size() == 1) return fail(close_code::protocol_error);
    if (payload.size() >= 2) {
      auto code = (static_cast<unsigned>(static_cast<unsigned char>(payload[0])) << 8) |
                  static_cast<unsigned char>(payload[1]);
      if (!is_close_code(code)) return fail(close_code::protocol_error);
      if (!http::detail::is_utf8(payload.substr(2))) return fail(close_code::not_utf8);
    }
    return message{h.op, payload};
  }
  if (is_control(h.op)) return message{h.op, payload};
  auto kind = h.op == opcode::continuation ? joining_ : h.op;
  if (!h.last || h.op == opcode::continuation) {
    joining_ = kind;
    parts_.append(payload);
    if (!h.last) return std::nullopt;
    joining_ = opcode::continuation;
    parts_given_ = true;
    payload = parts_;
  }
  if (kind == opcode::text && !http::detail::is_utf8(payload)) return fail(close_code::not_utf8);
  return message{kind, payload};
}

}  // namespace oficio::realtime::websocket
