#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include <mongoc/mongoc.h>

#include "drivers/mongodb/address.hpp"
#include "drivers/mongodb/bson.hpp"
#include "drivers/mongodb/deadline.hpp"
#include "platform/base/context.hpp"
#include "platform/base/result.hpp"

namespace oficio::mongodb {

// What libmongoc's own threads find out about the servers. Thread-safe.
class server_watch {
 public:
  // Registers itself with the pool, before its first client is taken; must outlive it.
  void observe(mongoc_client_pool_t* pool);

  // Waits until a server can be written to: at most until `until`, and not at all if somebody has
  // already waited a second for the server that was lost. False if there is none.
  bool wait_writable(steady_time until, std::chrono::milliseconds patience);
  // Does it keep what it confirmed to others too, so that reads can see only what will stay?
  bool replicated() const;
  // Why there is none, in words.
  std::string why() const;

 private:
  void changed(const mongoc_topology_description_t* to);
  void failed(std::string why);

  mutable std::mutex guard_;
  std::condition_variable found_;
  bool writable_ = false;
  bool replicated_ = false;
  bool waited_ = false;  // in vain, since the loss
  std::string why_ = "it has not answered yet";
};

// The server, or the servers of a replica set, and a bounded number of connections to them.
class servers {
 public:
  explicit servers(server_options options);
  ~servers();
  servers(const servers&) = delete;
  servers& operator=(const servers&) = delete;

  // A connection for one call, which ends by `until`. Used by one thread.
  class call {
   public:
    call(servers& of, mongoc_client_t* client, steady_time until);
    ~call();
    call(const call&) = delete;
    call& operator=(const call&) = delete;

    mongoc_client_t* client() const { return client_; }
    const std::string& database() const { return of_.options_.database; }
    steady_time until() const { return until_; }
    // What goes with reads and with writes: how surely, and how long the server may take.
    document read_options() const;
    document write_options() const;
    // What the failure means to our caller.
    error failure(const bson_error_t& e) const;

   private:
    std::int64_t left() const;  // ms, at least 1

    servers& of_;
    mongoc_client_t* client_;
    steady_time until_;
    call_deadline deadline_;
  };

  // Runs `work(call&) -> result<T>`. Blocks. Errors: what work returns; unavailable
  // `database_unavailable` when there is no server, `overloaded` and timeout when no connection
  // comes free in time.
  template <class Work>
  auto run(steady_time until, Work&& work) -> std::invoke_result_t<Work&, call&> {
    TRY(auto* client, take(until, std::chrono::seconds(1)));
    call one(*this, client, until);
    return work(one);
  }

  // Waits for a server at start, and for it to let us in. Throws wrong_setting.
  void expect(std::chrono::milliseconds patience);

  std::string why() const;

 private:
  result<mongoc_client_t*> take(steady_time until, std::chrono::milliseconds patience);
  void give_back(mongoc_client_t* client);
  error unavailable() const;

  server_options options_;
  server_watch watch_;
  mongoc_client_pool_t* pool_ = nullptr;
  std::mutex guard_;
  std::condition_variable freed_;
  std::size_t free_;
  mutable std::mutex trouble_guard_;
  mutable std::string trouble_;  // what the last failed call met
};

}  // namespace oficio::mongodb
