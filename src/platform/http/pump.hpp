#pragma once

// Included by Beast's own users only: see connection.cpp.

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "platform/http/transport.hpp"

namespace oficio::http::detail {

// What may lie in the buffer without making a message of it: a chunk's own line, trailers.
inline constexpr std::size_t max_unparsed = 32 * 1024;
inline constexpr std::size_t read_size = 16 * 1024;

inline awaitable<boost::system::error_code> read_more(transport& from,
                                                      boost::beast::flat_buffer& into,
                                                      std::size_t size, steady_time deadline) {
  auto got = co_await from.read_some(into.prepare(size), deadline);
  into.commit(got.size);
  co_return got.failure;
}

// Gives the parser what is in the buffer, and reads on until `enough(parser)`. The end of the
// stream is told to the parser; what it says to that is the outcome.
template <class Parser, class Enough>
awaitable<boost::system::error_code> pump(transport& from, boost::beast::flat_buffer& buffer,
                                          Parser& parser, steady_time deadline, Enough enough) {
  namespace http = boost::beast::http;
  boost::system::error_code failure;
  while (!enough(parser)) {
    if (buffer.size() > 0) {
      failure = {};
      auto used = parser.put(buffer.data(), failure);
      buffer.consume(used);
      if (failure && failure != http::error::need_more) co_return failure;
      if (!failure || used > 0) continue;  // what it took may be enough
      if (buffer.size() > max_unparsed) co_return make_error_code(http::error::buffer_overflow);
    }
    failure = co_await read_more(from, buffer, read_size, deadline);
    if (failure != boost::asio::error::eof) {
      if (failure) co_return failure;
      continue;
    }
    if (!parser.got_some()) co_return make_error_code(http::error::end_of_stream);
    failure = {};
    parser.put_eof(failure);
    if (failure || !enough(parser)) {
      co_return failure ? failure : make_error_code(http::error::partial_message);
    }
  }
  co_return boost::system::error_code{};
}

}  // namespace oficio::http::detail
