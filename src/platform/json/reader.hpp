#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/base/error.hpp"

namespace oficio::json {

// Collects everything that is wrong with an input, instead of stopping at the first.
class violations {
 public:
  void add(std::string pointer, std::string code, std::string message, bounds broken = {}) {
    found_.push_back({std::move(pointer), std::move(code), std::move(message), broken});
  }
  void add(violation one) { found_.push_back(std::move(one)); }
  bool empty() const { return found_.empty(); }
  std::vector<violation> take() { return std::move(found_); }

 private:
  std::vector<violation> found_;
};

enum class unknown_fields { refuse, ignore };

// Where a codec stands in the document while it reads, and what it found wrong so far. At most 50
// violations are kept: more help nobody.
class reader {
 public:
  explicit reader(unknown_fields policy) : policy_(policy) {}

  bool refuses_unknown() const { return policy_ == unknown_fields::refuse; }
  bool ok() const { return found_.empty(); }

  void fail(std::string code, std::string message) {
    if (found_.size() < 50) found_.push_back({path_, std::move(code), std::move(message)});
  }
  void add(violations&& more) {
    for (auto& v : more.take()) {
      if (found_.size() < 50) found_.push_back(std::move(v));
    }
  }
  std::vector<violation> take() { return std::move(found_); }

  // Goes one member (or element) down for as long as it lives.
  class step {
   public:
    step(reader& in, std::string_view name);
    step(reader& in, std::size_t index);
    ~step() { in_.path_.resize(size_); }
    step(const step&) = delete;
    step& operator=(const step&) = delete;

   private:
    reader& in_;
    std::size_t size_;
  };

 private:
  unknown_fields policy_;
  std::string path_;
  std::vector<violation> found_;
};

}  // namespace oficio::json
