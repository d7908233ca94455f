#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/base/result.hpp"

struct redisReader;

namespace oficio::redis {

// What Redis answered to one command, or pushed to a subscriber.
struct reply {
  enum class type { nothing, text, number, list, failure };

  type is = type::nothing;
  std::string text;  // of a text, a status or a failure ("ERR …")
  std::int64_t number = 0;
  std::vector<reply> items;

  bool failed() const { return is == type::failure; }
};

// One command as it travels; arguments may be any bytes.
std::string command(std::initializer_list<std::string_view> words);

// Reads replies out of what arrives, in pieces of any size.
class reply_reader {
 public:
  reply_reader();

  void feed(std::string_view bytes);
  // The next whole reply into `out`; false if more must arrive first.
  // Errors: bad_upstream `not_redis`.
  result<bool> next(reply& out);

 private:
  struct release {
    void operator()(redisReader* r) const;
  };
  std::unique_ptr<redisReader, release> reader_;
};

}  // namespace oficio::redis
