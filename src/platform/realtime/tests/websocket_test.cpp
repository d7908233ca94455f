#include "platform/realtime/websocket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oficio::realtime::websocket {
namespace {

using testing::ElementsAre;
using namespace std::string_literals;

std::string masked(unsigned first, std::string_view payload, bool mask = true) {
  std::string out{static_cast<char>(first)};
  auto size = payload.size();
  auto bit = mask ? 0x80u : 0u;
  if (size < 126) {
    out += static_cast<char>(bit | size);
  } else if (size < 65536) {
    out += static_cast<char>(bit | 126);
    out += static_cast<char>(size >> 8);
    out += static_cast<char>(size & 0xff);
  } else {
    out += static_cast<char>(bit | 127);
    for (int i = 7; i >= 0; --i) out += static_cast<char>((size >> (8 * i)) & 0xff);
  }
  std::string key = "\x12\x34\x56\x78";
  if (mask) out += key;
  for (std::size_t i = 0; i < size; ++i) {
    out += static_cast<char>(mask ? payload[i] ^ key[i % 4] : payload[i]);
  }
  return out;
}

// What the reader makes of the bytes, given `step` at a time.
std::vector<std::string> read(std::string bytes, std::size_t step, std::size_t most = 1000) {
  reader in(most);
  std::vector<std::string> out;
  for (std::size_t at = 0; at < bytes.size() && !in.failure(); at += step) {
    std::string part = bytes.substr(at, step);
    in.give(part);
    while (auto m = in.next()) {
      out.push_back(std::to_string(static_cast<int>(m->kind)) + ":" + std::string(m->data));
    }
    in.settle();
  }
  if (in.failure()) out.push_back("failed " + std::to_string(static_cast<int>(*in.failure())));
  if (!in.failure()) EXPECT_LE(in.held(), bytes.size() * 2 + 16);
  return out;
}

TEST(a_websocket_reader, takes_messages_however_they_are_cut) {
  auto long_one = std::string(300, 'y');
  auto bytes = masked(0x81, "hello") + masked(0x82, "\x00\xff"s) + masked(0x89, "hi") +
               masked(0x81, long_one) + masked(0x01, "one ") + masked(0x8a, "") +
               masked(0x00, "two ") + masked(0x80, "three") +
               masked(0x88,
                      "\x03\xe8"
                      "bye");
  for (std::size_t step : {1ul, 2ul, 3ul, 7ul, 64ul, 10'000ul}) {
    EXPECT_THAT(read(bytes, step), ElementsAre("1:hello", "2:\x00\xff"s, "9:hi", "1:" + long_one,
                                               "10:", "1:one two three",
                                               "8:\x03\xe8"
                                               "bye"))
        << step;
  }
}

TEST(a_websocket_reader, keeps_nothing_when_all_was_taken) {
  reader in(1000);
  auto bytes = masked(0x01, std::string(100, 'a')) + masked(0x80, std::string(200, 'b'));
  for (char& c : bytes) {
    in.give({&c, 1});
    while (in.next()) {
    }
    in.settle();
  }
  EXPECT_LE(in.held(), 2 * std::string().capacity());
}

TEST(a_websocket_reader, refuses_what_breaks_the_protocol) {
  struct bad_case {
    std::string bytes;
    int code;
  };
  for (const auto& [bytes, code] : std::vector<bad_case>{
           {masked(0x81, "unmasked", false), 1002},
           {masked(0xc1, "reserved bit"), 1002},
           {masked(0x83, "unknown kind"), 1002},
           {masked(0x8b, "unknown control"), 1002},
           {masked(0x09, "control in parts"), 1002},
           {masked(0x89, std::string(126, 'x')), 1002},
           {masked(0x80, "part of nothing"), 1002},
           {masked(0x01, "a") + masked(0x81, "within"), 1002},
           {masked(0x88, "x"), 1002},
           {masked(0x88, "\x03\xed"), 1002},  // 1005 never travels
           {masked(0x88, "\x03\xe8\xff"), 1007},
           {masked(0x81, "\xc3"), 1007},
           {masked(0x01, "\xc3") + masked(0x80, "\x28"), 1007},
           {masked(0x81, std::string(1001, 'x')), 1009},
           {masked(0x01, std::string(600, 'x')) + masked(0x80, std::string(401, 'x')), 1009},
           {"\x81\xfe\x00\x05"s + "keyyhello", 1002},  // a longer length than needed
           {"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff"s + "keyy", 1009},
       }) {
    for (std::size_t step : {1ul, 10'000ul}) {
      auto out = read(bytes, step);
      EXPECT_EQ(out.back(), "failed " + std::to_string(code)) << out.size();
    }
  }
  EXPECT_THAT(read(masked(0x01, "\xc3") + masked(0x80, "\xb1"), 1), ElementsAre("1:ñ"));
}

TEST(websocket_keys, are_answered_as_the_standard_shows) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZQ=="), "");
  EXPECT_EQ(accept_key("not base64 at all!!!!!!!"), "");
}

TEST(websocket_close_frames, fit_into_a_control_frame) {
  EXPECT_EQ(close_frame(close_code::normal, "bye"),
            "\x88\x05\x03\xe8"
            "bye");
  EXPECT_EQ(close_frame(close_code::policy, std::string(500, 'x')).size(), 2u + 125u);
}

}  // namespace
}  // namespace oficio::realtime::websocket
