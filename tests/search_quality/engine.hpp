#pragma once

#include <memory>

#include "platform/search/index.hpp"

namespace oficio::quality {

// The engine whose answers are looked at.
class engine {
 public:
  virtual ~engine() = default;
  virtual search::index& index() = 0;
  // Until everything that was put is found.
  virtual void settle() = 0;
  // What its answers must reach: a little under what they do.
  virtual double least_precision() const = 0;
  virtual double least_rank() const = 0;
};

// Each program has one of its own.
std::unique_ptr<engine> make_engine(search::schema s);

}  // namespace oficio::quality
