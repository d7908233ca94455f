#pragma once

#include <boost/asio/awaitable.hpp>

namespace oficio {

// A coroutine that gives a T. It starts when awaited, on the awaiting coroutine's executor.
template <class T>
using awaitable = boost::asio::awaitable<T>;

}  // namespace oficio
