#pragma once

#include <string>
#include <string_view>

#include "platform/base/identity.hpp"
#include "platform/base/result.hpp"
#include "platform/base/time.hpp"
#include "platform/http/message.hpp"
#include "platform/json/json.hpp"
#include "platform/runtime/awaitable.hpp"

namespace oficio::sample {

// One call of a service's own HTTP routes, made inside the process.
struct call {
  std::string_view service;  // "gigs"
  http::method method = http::method::get;
  std::string path;
  identity who = {};
  json::value body = nullptr;     // null: no body
  std::string content_type = {};  // with `bytes`, instead of a JSON body
  std::string bytes = {};
};

struct answer {
  int status = 0;
  json::value body;
};

// A market behind closed doors whose clock can be set forward: where the sample market happens.
class stage {
 public:
  virtual ~stage() = default;

  virtual time_point now() const = 0;
  // Never goes back: an earlier time changes nothing.
  virtual void set_clock(time_point to) = 0;

  // Any answer, whatever its status.
  virtual awaitable<result<answer>> ask(call c) = 0;

  // Returns when everybody has heard of everything. Errors: timeout.
  virtual awaitable<result<void>> settle() = 0;
  // What time itself has made due.
  virtual awaitable<result<void>> work_on_due() = 0;

  // What the mail that asks to confirm the address would have brought. Empty if there was none.
  virtual std::string mailed_token(const std::string& email) = 0;
  // Makes the account an operator.
  virtual awaitable<result<void>> promote(std::string username) = 0;
};

}  // namespace oficio::sample
