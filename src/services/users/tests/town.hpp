#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "drivers/pictures/vips.hpp"
#include "platform/base/random.hpp"
#include "platform/documents/driver.hpp"
#include "platform/json/json.hpp"
#include "services/users/module.hpp"
#include "tests/conformance/fragile_cache.hpp"

namespace oficio::users {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct reply {
  int status = 0;
  json::value body;
  http::headers headers;
  std::string text;  // the body as it came

  std::string code() const;
  std::vector<std::string> pointers() const;  // of a problem's errors, sorted
};

using header_list = std::vector<std::pair<std::string, std::string>>;

// The service, whole, on a database of its own; events are handed to it as the bus would.
class town : public testing::Test {
 protected:
  town();
  ~town() override;

  template <class T>
  T run(awaitable<T> work) {
    return asio::co_spawn(asio::make_strand(io_), std::move(work), asio::use_future).get();
  }

  reply ask(http::method m, const std::string& target, const identity& who,
            const std::string& body = "", const header_list& headers = {});
  reply get(const std::string& target, const identity& who = {}) {
    return ask(http::method::get, target, who);
  }

  // Somebody with a session, of whom auth has told if `known`.
  identity somebody(const std::string& username, bool known = true);
  identity seller(const std::string& username);

  // Hands the event to the handlers that listen for it.
  result<void> tell(const std::string& type, json::object data, std::int64_t version = 1,
                    bool republished = false);
  result<void> tell_again();  // the last one
  result<void> tell_account(const identity& who, std::int64_t version, const std::string& email,
                            bool verified = true);

  // What waits to be published of that type, oldest first.
  std::vector<events::envelope> raised(const std::string& type);

  std::filesystem::path folder_;
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::thread thread_;
  runtime::blocking_pool pool_{"test", 2, 1'000};
  runtime::application app_{{}};
  wall_clock clock_;
  cache::conformance::fragile_cache cache_;
  std::unique_ptr<documents::database> database_;
  std::unique_ptr<pictures::studio> studio_ = pictures::make_vips_studio();
  hosting::service service_;
  std::pair<events::envelope, std::vector<const hosting::subscription*>> last_;
};

extern const char* const seller_form;

}  // namespace oficio::users
