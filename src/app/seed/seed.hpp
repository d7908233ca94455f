#pragma once

#include <string>

#include <boost/asio/io_context.hpp>

#include "platform/runtime/awaitable.hpp"

namespace oficio::app {

struct seed_options {
  bool if_empty = false;  // do nothing if the market has gigs already
};

// Fills the market at `url` ("http://host:port") with sample people, gigs, conversations, orders
// and reviews, through its public HTTP contract alone. The same every time: what is there already
// (an interrupted run) is left as it is. Gives the process's exit status; says on standard output
// what it does and whom to sign in as, on standard error what went wrong.
awaitable<int> run_seed(boost::asio::io_context& io, std::string url, seed_options options);

// The same with an io_context of its own, until done.
int seed(const std::string& url, const seed_options& options);

}  // namespace oficio::app
