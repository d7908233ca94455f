#pragma once

#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "platform/base/context.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::http::detail {

struct resolved {
  boost::system::error_code failure;
  std::vector<boost::asio::ip::tcp::endpoint> endpoints;  // empty if it failed
};

// The addresses of a host. A name server that does not answer is given up at the deadline
// (asio::error::timed_out), although the system's call goes on unseen: it cannot be interrupted.
awaitable<resolved> resolve(boost::asio::any_io_executor strand, std::string host, std::string port,
                            steady_time deadline);

}  // namespace oficio::http::detail
