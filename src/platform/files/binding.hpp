#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "platform/files/shelf.hpp"

namespace oficio::files {

// Which files something is about to use.
struct use {
  std::string of;                // id of what uses them
  std::vector<std::string> ids;  // all of them, be they new or not
  std::string pointer;           // where the request names them: "/images"
  shelf::shape shape = shelf::shape::list;
};

// Errors after which the write may have happened all the same.
bool may_be_written(const error& e);

// The error of a service that keeps no files: nobody can have one.
error unknown_files(const use& u);

// Claims the actor's files, lets `write` write what uses them, and settles what became of them.
// `from` is null where no files are kept. Errors: invalid with unknown_file, bound_elsewhere or
// repeated; those of `write`.
template <class T>
awaitable<result<T>> write_with(shelf* from, const context& ctx, use u,
                                std::function<awaitable<result<T>>()> write) {
  if (!from) {
    if (!u.ids.empty()) co_return unknown_files(u);
    co_return co_await write();
  }
  CO_TRY_VOID(co_await from->claim(ctx, ctx.who, u.of, u.ids, u.pointer, u.shape));
  auto written = co_await write();
  if (written) {
    co_await from->settle_at_once(ctx, u.of, u.ids);
  } else if (!may_be_written(written.error())) {
    co_await from->release(ctx, u.of, u.ids);
  }
  co_return written;
}

}  // namespace oficio::files
