// What goes over the wire, without any wire: JSON's scanner, packets of both protocols, base64.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/realtime/base64.hpp"
#include "platform/realtime/json_scan.hpp"
#include "platform/realtime/packet.hpp"
#include "platform/realtime/payload.hpp"

namespace oficio::realtime {
namespace {

using testing::ElementsAre;
using namespace std::string_literals;

std::vector<std::string> elements(std::string_view text) {
  scanned found;
  if (!scan_array(text, found)) return {"not an array"};
  std::vector<std::string> out;
  for (auto e : found.elements) out.emplace_back(e.of(text));
  return out;
}

TEST(json_scan, finds_the_elements_of_an_array) {
  EXPECT_THAT(elements("[]"), ElementsAre());
  EXPECT_THAT(
      elements(R"( [ "a" , 1,[2,{"b":[]}] ,{}, null,true,false,-0.5e+3] )"),
      ElementsAre("\"a\"", "1", "[2,{\"b\":[]}]", "{}", "null", "true", "false", "-0.5e+3"));
  EXPECT_THAT(elements(R"(["\"\\\u00e9\n", "ñ"])"), ElementsAre(R"("\"\\\u00e9\n")", "\"ñ\""));
}

TEST(json_scan, takes_nothing_else) {
  for (auto bad : {"",
                   "{}",
                   "[",
                   "]",
                   "[1",
                   "[1,]",
                   "[,1]",
                   "[1 2]",
                   "[1]2",
                   "[01]",
                   "[1.]",
                   "[.5]",
                   "[1e]",
                   "[+1]",
                   "[-]",
                   "['a']",
                   "[\"a]",
                   "[\"\\x\"]",
                   "[\"\\u12g4\"]",
                   "[\"\n\"]",
                   "[{]",
                   "[{\"a\"}]",
                   "[{\"a\":}]",
                   "[{\"a\":1,}]",
                   "[{a:1}]",
                   "[tru]",
                   "[nulll]",
                   "[\"a\"b]",
                   "[\\"}) {
    EXPECT_THAT(elements(bad), ElementsAre("not an array")) << bad;
  }
  EXPECT_EQ(elements(std::string(100, '[') + std::string(100, ']')).size(), 1u);
  EXPECT_THAT(elements(std::string(101, '[') + std::string(101, ']')), ElementsAre("not an array"));
}

TEST(json_scan, counts_what_stands_for_attachments) {
  scanned found;
  auto count = [&](std::string_view text) {
    EXPECT_TRUE(scan_array(text, found));
    return found.placeholders;
  };
  EXPECT_EQ(count(R"(["a"])"), 0u);
  EXPECT_EQ(count(R"([{"_placeholder":true,"num":0}])"), 1u);
  EXPECT_EQ(count(R"([[{"x":{"num":3,"_placeholder":true}}],{"_placeholder":true,"num":1}])"), 4u);
  EXPECT_EQ(count(R"([{"_placeholder":false,"num":7}])"), 0u);
  EXPECT_GT(count(R"([{"_placeholder":true,"num":-1}])"), 10'000u);
  EXPECT_GT(count(R"([{"_placeholder":true}])"), 10'000u);
  EXPECT_EQ(placeholder_of(R"({"_placeholder":true,"num":12})"), 12);
  EXPECT_EQ(placeholder_of(R"({"_placeholder":1,"num":12})"), -1);
  EXPECT_EQ(placeholder_of("12"), -1);
}

struct packet_case {
  std::string text;
  std::string read;  // kind, attachments, namespace, id, data; or "refused"
};

std::string describe(std::string_view text) {
  packet p;
  if (!read_packet(text, 10, p)) return "refused";
  return std::string(1, static_cast<char>(p.kind)) + " " + std::to_string(p.attachments) + " " +
         std::string(p.space) + " " + (p.id ? std::to_string(*p.id) : "-") + " " +
         std::string(p.data);
}

TEST(socket_io_packets, are_read) {
  for (const auto& [text, read] : std::vector<packet_case>{
           {"0", "0 0 / - "},
           {"0{\"token\":\"1\"}", "0 0 / - {\"token\":\"1\"}"},
           {"0/talk", "0 0 /talk - "},
           {"0/talk,", "0 0 /talk - "},
           {"0/talk,{}", "0 0 /talk - {}"},
           {"1", "1 0 / - "},
           {"1/talk,", "1 0 /talk - "},
           {R"(2["a"])", R"(2 0 / - ["a"])"},
           {R"(212["a",1])", R"(2 0 / 12 ["a",1])"},
           {R"(2/talk,0[1])", R"(2 0 /talk 0 [1])"},
           {"312[]", "3 0 / 12 []"},
           {R"(3/talk,999999999999999["b"])", R"(3 0 /talk 999999999999999 ["b"])"},
           {R"(51-["a",{"_placeholder":true,"num":0}])",
            R"(5 1 / - ["a",{"_placeholder":true,"num":0}])"},
           {R"(52-/talk,7["a",{"_placeholder":true,"num":1}])",
            R"(5 2 /talk 7 ["a",{"_placeholder":true,"num":1}])"},
           {R"(61-3[{"_placeholder":true,"num":0}])", R"(6 1 / 3 [{"_placeholder":true,"num":0}])"},
       }) {
    EXPECT_EQ(describe(text), read) << text;
  }
}

TEST(socket_io_packets, are_refused_if_anything_is_wrong) {
  for (auto bad : std::vector<std::string>{"",
                                           "7",
                                           "a",
                                           "abc",
                                           "0[]",
                                           "0\"text\"",
                                           "0null",
                                           "0{",
                                           "1{}",
                                           "2",
                                           "2{}",
                                           "2[]",
                                           "2[null]",
                                           "2[{}]",
                                           "2\"a\"",
                                           R"(2["connect"])",
                                           R"(2["disconnecting"])",
                                           R"(2["a"]x)",
                                           "2/talk",
                                           R"(29999999999999999["a"])",
                                           "3[]",
                                           "3",
                                           "312",
                                           "312{}",
                                           R"(4{"message":"x"})",
                                           "5",
                                           R"(5["a"])",
                                           R"(50-["a"])",
                                           R"(5-["a"])",
                                           R"(511-["a"])",
                                           R"(51["a"])",
                                           R"(5x-["a"])",
                                           R"(51-["a",{"_placeholder":true,"num":1}])",
                                           R"(51-["a",{"_placeholder":true,"num":"0"}])",
                                           "61-[]",
                                           "61-1{}"}) {
    EXPECT_EQ(describe(bad), "refused") << bad;
  }
}

TEST(socket_io_packets, have_names_in_any_spelling) {
  auto name = [](std::string_view text) {
    packet p;
    EXPECT_TRUE(read_packet(text, 10, p));
    std::string room;
    return std::string(event_name(p, room));
  };
  EXPECT_EQ(name(R"(2["message",1])"), "message");
  EXPECT_EQ(name(R"(2["m\u0065ss\"age"])"), "mess\"age");
  EXPECT_EQ(name("2[42]"), "42");
}

TEST(socket_io_packets, are_written_as_they_are_read) {
  EXPECT_EQ(packet_head(kind::event, 0, "/", {}), "42");
  EXPECT_EQ(packet_head(kind::binary_event, 2, "/talk", 17), "452-/talk,17");
  EXPECT_EQ(packet_head(kind::disconnect, 0, "/talk", {}), "41/talk,");
}

std::vector<std::string> packets(std::string_view body) {
  std::vector<std::string> out;
  bool whole = read_payload(body, [&](const engine_packet& p) {
    out.push_back(std::string(p.binary ? "b" : "") + static_cast<char>(p.type) +
                  std::string(p.data));
    return true;
  });
  if (!whole) out.emplace_back("refused");
  return out;
}

TEST(payloads, are_read_packet_by_packet) {
  EXPECT_THAT(packets("4hello"), ElementsAre("4hello"));
  EXPECT_THAT(packets("4a\x1e"
                      "2\x1e"
                      "4€"),
              ElementsAre("4a", "2", "4€"));
  EXPECT_THAT(packets("4a\x1e"
                      "bAQIDBA=="),
              ElementsAre("4a", "b4\x01\x02\x03\x04"s));
  EXPECT_THAT(packets("bAQIDBA"), ElementsAre("b4\x01\x02\x03\x04"s));
  EXPECT_THAT(packets("4\x1e"
                      "4"),
              ElementsAre("4", "4"));
}

TEST(payloads, are_refused_at_the_first_thing_that_is_no_packet) {
  EXPECT_THAT(packets(""), ElementsAre("refused"));
  EXPECT_THAT(packets("abc"), ElementsAre("refused"));
  EXPECT_THAT(packets("4a\x1e"), ElementsAre("4a", "refused"));
  EXPECT_THAT(packets("4a\x1e"
                      "7b\x1e"
                      "4c"),
              ElementsAre("4a", "refused"));
  EXPECT_THAT(packets("b***"), ElementsAre("refused"));
  EXPECT_THAT(packets("4\xff"), ElementsAre("refused"));
}

TEST(payloads, are_written_with_base64_for_bytes) {
  std::string body;
  append_to_payload(body, *frame::text({"4", "hello"}));
  append_to_payload(body, *frame::binary("\x01\x02\x03\x04"));
  EXPECT_EQ(body,
            "4hello\x1e"
            "bAQIDBA==");
  EXPECT_EQ(size_in_payload(*frame::binary("\x01\x02\x03\x04")), 10u);
}

TEST(base64, is_that_of_the_standard) {
  for (const auto& [plain, coded] : std::vector<std::pair<std::string, std::string>>{
           {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}}) {
    std::string out;
    append_base64(out, plain);
    EXPECT_EQ(out, coded);
    EXPECT_EQ(from_base64(coded), plain);
  }
  for (auto bad : {"Z", "Zg=", "Zg===", "Z===", "Zh==", "Zm9v!", "Zm 9v", "=Zm9"}) {
    EXPECT_EQ(from_base64(bad), std::nullopt) << bad;
  }
}

TEST(frames, carry_a_websocket_header_in_front) {
  auto small = frame::text({"4", "hello"});
  EXPECT_EQ(small->wire(),
            "\x81\x06"
            "4hello");
  EXPECT_EQ(small->packet(), "4hello");
  auto middle = frame::binary(std::string(300, 'x'));
  EXPECT_TRUE(
      middle->wire().starts_with("\x82\x7e\x01\x2c"
                                 "xxx"));
  auto large = frame::text({std::string(70'000, 'x')});
  EXPECT_TRUE(large->wire().starts_with("\x81\x7f\0\0\0\0\0\x01\x11\x70xxx"s));
}

}  // namespace
}  // namespace oficio::realtime
