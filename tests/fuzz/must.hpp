#pragma once

#include <cstdlib>

// A property that every input must keep; the fuzzer reports the input that broke it.
inline void must(bool holds) {
  if (!holds) std::abort();
}
