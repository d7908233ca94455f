#include "platform/telemetry/thrown.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <typeinfo>

#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>

#include "platform/telemetry/symbols.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define OFICIO_THROWS_UNSEEN 1
#endif
#endif

namespace oficio::telemetry {
namespace {

constexpr std::size_t most_frames = 40;

// The last throws, by the address of the exception. No object with a constructor: throws may happen
// before anything of ours is there, and after.
struct throw_of {
  const void* exception = nullptr;
  int count = 0;
  std::array<void*, most_frames> frames{};
};
constinit std::mutex guard;
constinit std::array<throw_of, 64> last{};
constinit std::size_t next = 0;

[[maybe_unused]] void remember(const void* exception) {
  std::array<void*, most_frames> frames{};
  int count = ::backtrace(frames.data(), static_cast<int>(frames.size()));
  std::lock_guard lock(guard);
  auto& place = last[next++ % last.size()];
  place = {exception, count, frames};
}

std::vector<std::uintptr_t> addresses_of(const void* exception) {
  std::lock_guard lock(guard);
  const throw_of* found = nullptr;
  for (std::size_t i = 0; i < last.size(); ++i) {
    // The newest first: memory of exceptions is used again.
    const auto& one = last[(next + last.size() - 1 - i) % last.size()];
    if (one.exception == exception) {
      found = &one;
      break;
    }
  }
  std::vector<std::uintptr_t> out;
  // 0 is remember(), 1 is the throw itself.
  for (int i = 2; found && i < found->count; ++i) {
    out.push_back(reinterpret_cast<std::uintptr_t>(found->frames.at(static_cast<std::size_t>(i))));
  }
  return out;
}

constexpr char recorded_mark = '\x06';  // ACK: no message begins with it

bool is_machinery(std::string_view function) {
  constexpr std::array<std::string_view, 10> begins{
      "boost::asio::", "std::",        "__cxa_", "_Unwind", "__libc_start",
      "_start",        "start_thread", "main",   "clone",   "boost::throw_exception"};
  if (function.starts_with("libc.so") || function.starts_with("libstdc++")) return true;
  // Templates begin with what they return.
  auto bare = function.substr(0, function.find('<'));
  if (auto space = bare.rfind(' '); space != std::string_view::npos) bare.remove_prefix(space + 1);
  return std::ranges::any_of(begins, [&](auto b) { return bare.starts_with(b); });
}

}  // namespace

bool throws_are_seen() {
#ifdef OFICIO_THROWS_UNSEEN
  return false;
#else
  return true;
#endif
}

std::vector<std::string> thrown_at(const std::exception& e) {
  std::vector<std::string> out;
  for (auto address : addresses_of(dynamic_cast<const void*>(&e))) {
    // A return address may be the first byte of the next function.
    auto name = detail::function_at(address - 1);
    if (name == "main") break;
    if (!is_machinery(name)) out.push_back(std::move(name));
  }
  return out;
}

std::string type_of(const std::exception& e) {
  int status = 0;
  std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(typeid(e).name(), nullptr, nullptr, &status), std::free);
  return status == 0 && name ? name.get() : typeid(e).name();
}

std::string told(const std::exception& e) {
  return told(e, e.what());
}

std::string told(const std::exception& e, std::string message) {
  std::string out = std::move(message);
  std::ranges::replace(out, '\n', ' ');
  out.append("\n").append(type_of(e));
  for (const auto& f : thrown_at(e)) out.append("\n").append(f);
  return out;
}

std::string as_recorded(std::string text) {
  if (!is_recorded(text)) text.insert(text.begin(), recorded_mark);
  return text;
}

bool is_recorded(std::string_view text) {
  return text.starts_with(recorded_mark);
}

told_exception untold(std::string_view text) {
  told_exception out;
  if (is_recorded(text)) text.remove_prefix(1);
  auto line = [&text] {
    auto end = std::min(text.find('\n'), text.size());
    std::string one(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return one;
  };
  out.message = line();
  out.type = line();
  while (!text.empty()) out.frames.push_back(line());
  return out;
}

}  // namespace oficio::telemetry

#ifndef OFICIO_THROWS_UNSEEN

// Stands before the language library's own, which does the work.
extern "C" __attribute__((noreturn)) void __cxa_throw(void* exception, std::type_info* type,
                                                      void (*destroy)(void*)) {
  using throwing = void (*)(void*, std::type_info*, void (*)(void*));
  static const auto real = reinterpret_cast<throwing>(::dlsym(RTLD_NEXT, "__cxa_throw"));
  oficio::telemetry::remember(exception);
  real(exception, type, destroy);
  std::abort();  // never reached
}

#endif
