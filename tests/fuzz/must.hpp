#pragma once

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <source_location>

// A property that every input must keep; the fuzzer reports the input that broke it.
inline void must(bool holds, std::source_location at = std::source_location::current()) {
  if (holds) return;
  std::fprintf(stderr, "%s:%u: does not hold (the last system error: %s)\n", at.file_name(),
               static_cast<unsigned>(at.line()), std::strerror(errno));
  std::abort();
}
