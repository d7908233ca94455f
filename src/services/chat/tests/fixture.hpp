#pragma once

#include <filesystem>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "drivers/embedded/events/bus.hpp"
#include "drivers/pictures/vips.hpp"
#include "platform/base/uuid.hpp"
#include "platform/events/relay.hpp"
#include "platform/json/json.hpp"
#include "services/chat/module.hpp"
#include "services/chat/service.hpp"

namespace oficio::chat {

// The whole service on a database and a bus of its own in a temporary folder.
class chat_test : public testing::Test {
 protected:
  chat_test();
  ~chat_test() override;

  template <class T>
  T run(awaitable<T> work) {
    return boost::asio::co_spawn(boost::asio::make_strand(app_.io()), std::move(work),
                                 boost::asio::use_future)
        .get();
  }

  struct answer {
    int status = 0;
    json::value body;
    const json::value& operator[](std::string_view name) const { return body.as_object().at(name); }
    std::string text(std::string_view name) const { return std::string((*this)[name].as_string()); }
  };
  answer ask(http::method m, const std::string& target, const identity& who,
             const std::string& body = {}, const std::string& idempotency_key = {});
  answer get(const std::string& target, const identity& who) {
    return ask(http::method::get, target, who);
  }
  answer post(const std::string& target, const identity& who, const std::string& body) {
    return ask(http::method::post, target, who, body);
  }

  // Subscribes the service to the bus.
  void listen();
  // Publishes what the service has raised; the events in order.
  std::vector<events::envelope> relay();
  void tell(const std::string& type, json::object data, std::int64_t version);
  // An event that the copy of profiles has taken in.
  void register_account(const identity& who);

  // The conversation of ana and ben, begun by ana.
  std::string begin();
  answer say(const std::string& conversation, const identity& who, const std::string& text);
  std::int64_t unread(const std::string& conversation, const identity& who);

  identity ana_{.sub = uuid_v5("ana"), .username = "Ana"};
  identity ben_{.sub = uuid_v5("ben"), .username = "Ben"};
  identity eva_{.sub = uuid_v5("eva"), .username = "Eva"};

  wall_clock clock_;
  telemetry::logger log_{nullptr, "test"};
  std::filesystem::path folder_;
  runtime::application app_{{.io_threads = 2}};
  std::unique_ptr<documents::database> database_;
  std::unique_ptr<pictures::studio> studio_ = pictures::make_vips_studio();
  std::shared_ptr<events::bus> bus_;
  hosting::service service_;

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> working_;
  std::vector<std::jthread> threads_;
};

}  // namespace oficio::chat
