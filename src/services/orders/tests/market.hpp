#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "drivers/pictures/vips.hpp"
#include "platform/documents/driver.hpp"
#include "platform/hosting/service.hpp"
#include "platform/payments/provider.hpp"
#include "platform/runtime/application.hpp"
#include "services/orders/module.hpp"
#include "unreliable_provider.hpp"

namespace oficio::orders::testing_help {

inline std::string text_of(const boost::json::value& v) {
  return std::string(v.as_string());
}

inline constexpr const char* webhook_key = "the provider's and ours";

// An id as if made at that time. (uuid_v7() never goes back, and other tests have moved time.)
std::string id_made_at(time_point when);

// The service in a process of its own making: real router, real embedded database, sandbox
// payments. Identities are given directly, events are handed in by hand, and time moves when told.
class market : public testing::Test {
 protected:
  market();
  ~market() override;

  struct reply {
    int status = 0;
    boost::json::object body;
    http::headers headers;
    std::string code() const;  // of a problem
    std::string id() const;
  };
  using fields = std::vector<std::pair<std::string, std::string>>;

  template <class T>
  std::future<T> spawn(awaitable<T> work) {
    return boost::asio::co_spawn(boost::asio::make_strand(io_), std::move(work),
                                 boost::asio::use_future);
  }
  template <class T>
  T run(awaitable<T> work) {
    return spawn(std::move(work)).get();
  }

  std::future<reply> send(identity who, http::method m, std::string target, std::string body = "",
                          fields headers = {});
  reply post(const identity& who, const std::string& target, const std::string& body = "",
             fields headers = {}) {
    return send(who, http::method::post, target, body, std::move(headers)).get();
  }
  reply get(const identity& who, const std::string& target) {
    return send(who, http::method::get, target).get();
  }

  // Hands the service an event as the bus would.
  result<void> tell(const std::string& type, std::int64_t version, boost::json::object data);
  // A gig of the seller's with basic (100.00, 3 days) and premium (250.00, 7 days).
  void publish_gig(const std::string& id, std::int64_t version = 1, std::int64_t basic = 10'000,
                   bool active = true);
  // The service once more, on the same database: what another process would be.
  hosting::service another_instance();
  // What the timer does.
  void work_on_due();

  std::string place(std::int64_t expected = 10'550);
  std::string paid_order();
  std::string order_in_progress();
  std::string delivered_order();
  reply pay(const std::string& order_id, const std::string& card = "4242424242424242",
            fields headers = {});

  // All events that the service raised since the last call, oldest first.
  std::vector<events::envelope> raised();
  std::vector<std::string> raised_types();

  // What the payment provider's own books say.
  std::int64_t charges();
  std::int64_t balance();

  std::string folder_;
  wall_clock clock_;
  identity buyer_{.sub = "buyer-id", .username = "bea"};
  identity seller_{.sub = "seller-id", .username = "sol"};
  identity stranger_{.sub = "stranger-id", .username = "eve"};
  const std::string gig_ = "0190a0a0-0000-7000-8000-000000000001";

 private:
  awaitable<reply> handle(identity who, http::method m, std::string target, std::string body,
                          fields headers);

  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_;
  std::vector<std::thread> threads_;
  runtime::application app_;
  runtime::blocking_pool pool_;
  std::unique_ptr<documents::database> database_;
  std::unique_ptr<pictures::studio> studio_ = pictures::make_vips_studio();

 protected:
  std::unique_ptr<unreliable_provider> provider_;
  hosting::service service_;
};

}  // namespace oficio::orders::testing_help
