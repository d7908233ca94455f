#pragma once

#include <mongoc/mongoc.h>

#include "drivers/mongodb/address.hpp"
#include "platform/base/context.hpp"

namespace oficio::mongodb {

// Until when the calls may last that this thread makes while it lives: libmongoc itself has one
// time-out for all calls, set once.
class call_deadline {
 public:
  explicit call_deadline(steady_time until);
  ~call_deadline();
  call_deadline(const call_deadline&) = delete;
  call_deadline& operator=(const call_deadline&) = delete;

 private:
  steady_time before_;
};

// Makes the client's connections such that all they do, from connecting on, ends by the deadline of
// the thread that uses them. `tls` must outlive the client.
void obey_deadlines(mongoc_client_t* client, const tls_options& tls);

}  // namespace oficio::mongodb
