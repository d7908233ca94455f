#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "platform/http/message.hpp"
#include "platform/runtime/awaitable.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::gateway {

// True if the client takes that coding (Accept-Encoding, where "gzip;q=0" is a no).
bool takes(std::string_view accept_encoding, std::string_view coding);

std::string gzip(std::string_view bytes);

// Compresses answers where that helps and gives nothing away.
//
// The size of a compressed answer tells whether what somebody put in repeats a secret beside it
// (BREACH). So only what is the same for everybody is compressed for people with a session: public
// reads and the built-in files. Answers that set cookies, and auth's, never are.
class compressor {
 public:
  static constexpr std::size_t smallest = 1'024;      // below, the header costs more than it saves
  static constexpr std::size_t in_line = 16 * 1'024;  // more is done on the blocking pool

  explicit compressor(runtime::blocking_pool& pool) : pool_(pool) {}

  awaitable<void> compress(const http::request& asked, http::response& answer);

 private:
  awaitable<std::shared_ptr<const std::string>> packed(const http::request& asked,
                                                       const http::response& answer);
  std::shared_ptr<const std::string> kept(const std::string& key) const;
  void keep(const std::string& key, std::shared_ptr<const std::string> packed);

  runtime::blocking_pool& pool_;
  mutable std::mutex guard_;
  // Built-in files, by path and ETag: compressed once.
  std::unordered_map<std::string, std::shared_ptr<const std::string>> files_;  // under guard_
};

}  // namespace oficio::gateway
