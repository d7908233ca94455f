#include "platform/http/head_scanner.hpp"

#include <string>

#include <gtest/gtest.h>

namespace oficio::http::detail {
namespace {

using verdict = head_scanner::verdict;

// All at once, and byte by byte: where the network cuts must not matter.
verdict judged(std::string_view bytes) {
  head_scanner whole(200, 50, 3);
  auto at_once = whole.scan(bytes);
  head_scanner pieces(200, 50, 3);
  auto bit_by_bit = verdict::more;
  for (std::size_t i = 1; i <= bytes.size() && bit_by_bit == verdict::more; ++i) {
    bit_by_bit = pieces.scan(bytes.substr(0, i));
  }
  EXPECT_EQ(at_once, bit_by_bit) << bytes;
  return at_once;
}

TEST(head_scanner, knows_where_a_head_ends) {
  std::string head = "GET / HTTP/1.1\r\nHost: x\r\nX-Tab: a\tb\xc3\xa9\r\n\r\n";
  head_scanner scanner(200, 50, 3);
  EXPECT_EQ(scanner.scan(head + "body\n\n"), verdict::complete);
  EXPECT_EQ(scanner.begin(), 0u);
  EXPECT_EQ(scanner.end(), head.size());

  head_scanner behind_empty_line(200, 50, 3);
  EXPECT_EQ(behind_empty_line.scan("\r\n" + head), verdict::complete);
  EXPECT_EQ(behind_empty_line.begin(), 2u);
  EXPECT_EQ(behind_empty_line.end(), head.size() + 2);
}

TEST(head_scanner, waits_for_the_rest) {
  for (auto part : {"", "G", "GET / HTTP/1.1", "GET / HTTP/1.1\r", "GET / HTTP/1.1\r\n",
                    "GET / HTTP/1.1\r\nHo", "GET / HTTP/1.1\r\nHost: x\r\n\r", "\r\n"}) {
    EXPECT_EQ(judged(part), verdict::more) << part;
  }
}

TEST(head_scanner, refuses_what_servers_read_differently) {
  using namespace std::string_view_literals;
  for (auto bytes : {
           "GET / HTTP/1.1\nHost: x\r\n\r\n"sv,           // a bare line feed
           "GET / HTTP/1.1\r\nHost: x\n\r\n"sv,           //
           "GET / HTTP/1.1\r\nHost: x\r\n\n"sv,           //
           "GET / HTTP/1.1\r\nHost: x\rY: 1\r\n\r\n"sv,   // a bare carriage return
           "GET / HTTP/1.1\r\nHost: x\r\r\n\r\n"sv,       //
           "GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n"sv,      // a folded line
           "GET / HTTP/1.1\r\n Host: x\r\n\r\n"sv,        //
           "GET / HTTP/1.1\r\n\tHost: x\r\n\r\n"sv,       //
           "GET / HTTP/1.1\r\nHost : x\r\n\r\n"sv,        // a space before the colon
           "GET / HTTP/1.1\r\nHo st: x\r\n\r\n"sv,        // and inside the name
           "GET / HTTP/1.1\r\n: x\r\n\r\n"sv,             // no name
           "GET / HTTP/1.1\r\nHost\r\n\r\n"sv,            // no colon
           "GET / HTTP/1.1\r\nH\xc3\xb6st: x\r\n\r\n"sv,  // a name that is no token
           "GET / HTTP/1.1\r\nX: a\0b\r\n\r\n"sv,         // NUL
           "GET /\0 HTTP/1.1\r\n\r\n"sv,                  //
           "GET / HTTP/1.1\r\nX: a\x7f\r\n\r\n"sv,        // other control characters
           "GET / HTTP/1.1\r\nX: a\x0b\r\n\r\n"sv,        //
           "\x16\x03\x01\x02\x00"sv,                      // TLS
           "\r\n\r\nGET / HTTP/1.1\r\n\r\n"sv,            // more than one empty line
           " GET / HTTP/1.1\r\n\r\n"sv,                   //
           "\n"sv,                                        //
       }) {
    EXPECT_EQ(judged(bytes), verdict::malformed) << bytes;
  }
}

TEST(head_scanner, has_a_measure_for_everything) {
  std::string line = "GET / HTTP/1.1\r\n";
  EXPECT_EQ(judged("GET /" + std::string(90, 'a')), verdict::target_too_long);
  EXPECT_EQ(judged(line + "A: 1\r\nB: 2\r\nC: 3\r\n\r\n"), verdict::complete);
  EXPECT_EQ(judged(line + "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n"), verdict::too_many_fields);
  EXPECT_EQ(judged(line + "A: " + std::string(200, 'a')), verdict::too_large);
  EXPECT_EQ(judged(line + std::string(200, 'a')), verdict::too_large);
}

}  // namespace
}  // namespace oficio::http::detail
