#pragma once

#include <boost/system/result.hpp>

#include "platform/base/error.hpp"

namespace oficio {

// A value, or the reason why there is none. `result<void>{}` is success.
template <class T>
using result = boost::system::result<T, error>;

}  // namespace oficio

#define OFICIO_CONCAT_(a, b) a##b
#define OFICIO_CONCAT(a, b) OFICIO_CONCAT_(a, b)
#define OFICIO_TRY_(holder, return_, declaration, ...)        \
  auto&& holder = (__VA_ARGS__);                              \
  if (!holder.has_value()) return_ std::move(holder).error(); \
  declaration = *std::move(holder)

// TRY(auto gig, parse(text)): the value, or return the error to our own caller. CO_TRY is the same
// in a coroutine: CO_TRY(auto gig, co_await store.get(id)).
#define TRY(declaration, ...) \
  OFICIO_TRY_(OFICIO_CONCAT(try_, __LINE__), return, declaration, __VA_ARGS__)
#define CO_TRY(declaration, ...) \
  OFICIO_TRY_(OFICIO_CONCAT(try_, __LINE__), co_return, declaration, __VA_ARGS__)
#define OFICIO_TRY_VOID_(holder, return_, ...) \
  if (auto&& holder = (__VA_ARGS__); !holder.has_value()) return_ std::move(holder).error()

// For results without a value, or whose value is not wanted.
#define TRY_VOID(...) OFICIO_TRY_VOID_(OFICIO_CONCAT(try_, __LINE__), return, __VA_ARGS__)
#define CO_TRY_VOID(...) OFICIO_TRY_VOID_(OFICIO_CONCAT(try_, __LINE__), co_return, __VA_ARGS__)
