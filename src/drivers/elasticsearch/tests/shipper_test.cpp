// A shipper before a server that does what the test wants.

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <sstream>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <zlib.h>

#include "drivers/elasticsearch/telemetry/templates.hpp"
#include "drivers/elasticsearch/tests/shipping.hpp"
#include "platform/http/server.hpp"
#include "platform/json/json.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::elasticsearch {
namespace {

using testing::ElementsAre;

std::string unpacked(std::string packed) {
  std::string out(16 * 1024 * 1024, '\0');
  z_stream z{};
  inflateInit2(&z, 15 + 16);
  z.next_in = reinterpret_cast<Bytef*>(packed.data());
  z.avail_in = static_cast<uInt>(packed.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  inflate(&z, Z_FINISH);
  out.resize(z.total_out);
  inflateEnd(&z);
  return out;
}

// Takes `_bulk`, and remembers in which order it stored what.
class pretended_server {
 public:
  pretended_server() {
    routes_.put("/_bulk", [this](http::request& r) { return bulk(r); });
    routes_.get("/_index_template/{name}", [](http::request&) { return has_template(); });
    http::server_options o;
    o.max_body_bytes = 8 * 1024 * 1024;
    server_ = http::make_server(io_, o, routes_, telemetry::logger(nullptr, "test"));
    server_->start();
    thread_ = std::jthread([this] { io_.run(); });
  }
  ~pretended_server() { io_.stop(); }

  config::server_address address() const {
    return config::parse_server_address("telemetry",
                                        "http://127.0.0.1:" + std::to_string(server_->port()));
  }
  std::vector<std::string> stored() const {
    std::lock_guard lock(guard_);
    return stored_;
  }

  std::atomic<int> status = 200;      // of whole calls
  std::atomic<bool> busy = false;     // 429 for every other record
  std::atomic<bool> silent = false;   // calls wait for their answer
  std::atomic<int> most = 1'000'000;  // 413 for calls with more records
  std::atomic<int> calls = 0;
  std::atomic<int> waiting = 0;  // of them, for their answer

 private:
  struct waiter {
    explicit waiter(std::atomic<int>& all) : all_(all) { ++all_; }
    ~waiter() { --all_; }
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;
    std::atomic<int>& all_;
  };

  static awaitable<result<http::response>> has_template() {
    co_return http::json_response(200, R"({"index_templates":[{"index_template":{"version":)" +
                                           std::to_string(template_version) + "}}]}");
  }

  awaitable<result<http::response>> bulk(http::request& r) {
    ++calls;
    {
      waiter here(waiting);
      while (silent) co_await runtime::sleep_for(std::chrono::milliseconds(10));
    }
    if (status != 200) co_return http::json_response(status, std::string("{}"));
    std::istringstream lines(unpacked(r.body));
    std::vector<std::string> ids;
    for (std::string action, document;
         std::getline(lines, action) && std::getline(lines, document);) {
      auto parsed = json::parse(document, 16);
      auto& labels = parsed->get_object()["labels"].get_object();
      ids.emplace_back(labels["number"].get_string());
    }
    if (static_cast<int>(ids.size()) > most) co_return http::json_response(413, std::string("{}"));
    co_return http::json_response(200, answer(ids));
  }

  std::string answer(const std::vector<std::string>& ids) {
    std::lock_guard lock(guard_);
    json::array items;
    bool errors = false;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      int outcome = 201;
      if (busy && i % 2 == 1) outcome = 429;
      if (ids[i] == "-1") outcome = 400;
      if (outcome == 201) stored_.push_back(ids[i]);
      errors = errors || outcome != 201;
      items.push_back({{"create", {{"status", outcome}}}});
    }
    return json::to_text({{"errors", errors}, {"items", std::move(items)}});
  }

  mutable std::mutex guard_;
  std::vector<std::string> stored_;  // under guard_
  boost::asio::io_context io_;
  http::router routes_;
  std::unique_ptr<http::server> server_;
  std::jthread thread_;
};

class shipper_test : public shipping_test {
 protected:
  std::unique_ptr<telemetry_shipper> open(shipping_options o) const {
    return make_telemetry_shipper(server_.address(), std::move(o), {nullptr, "test"});
  }
  std::vector<std::string> numbers(int to) const {
    std::vector<std::string> out;
    for (int i = 0; i < to; ++i) out.push_back(std::to_string(i));
    return out;
  }

  pretended_server server_;
};

TEST_F(shipper_test, what_is_offered_arrives_in_order_in_few_calls) {
  auto s = open(quick());
  for (int i = 0; i < 1'200; ++i) offer_surely(*s, line(i));
  ASSERT_TRUE(s->flush(std::chrono::minutes(1)));
  EXPECT_EQ(server_.stored(), numbers(1'200));
  EXPECT_LE(server_.calls, 10);
  EXPECT_EQ(s->now().kept, 1'200U);
  EXPECT_EQ(s->now().dropped, 0U);
}

TEST_F(shipper_test, what_comes_while_the_server_is_ill_waits_on_the_disk_and_follows_in_order) {
  server_.status = 503;
  auto o = quick();
  o.batch =
      1'000;  // else what hurries to the disk while a call fails stands before what was called
  auto s = open(o);
  for (int i = 0; i < 3'000; ++i) offer_surely(*s, line(i));
  ASSERT_TRUE(eventually([&] { return s->now().spilled > 0 && s->now().waiting == 0; }));
  EXPECT_EQ(s->now().kept, 0U);
  server_.status = 200;
  for (int i = 3'000; i < 3'500; ++i) offer_surely(*s, line(i));
  ASSERT_TRUE(s->flush(std::chrono::minutes(1)));
  EXPECT_EQ(server_.stored(), numbers(3'500));
  EXPECT_TRUE(eventually([&] { return s->now().spilled == 0; }));
}

TEST_F(shipper_test, what_comes_while_a_call_hangs_goes_to_the_disk_and_none_is_dropped) {
  auto o = quick();
  o.batch = 50;
  o.room.records = 400;
  o.call_limit = std::chrono::minutes(10);
  auto s = open(o);
  server_.silent = true;
  for (int i = 0; i < 2'000; ++i) {
    if (i % 50 == 0) ASSERT_TRUE(eventually([&] { return s->now().waiting < 300; })) << i;
    EXPECT_TRUE(s->offer(line(i)));
  }
  EXPECT_GT(s->now().spilled, 0U);
  EXPECT_EQ(server_.calls, 1);
  EXPECT_EQ(server_.waiting, 1) << "the first call has not hung all the time";
  server_.silent = false;
  ASSERT_TRUE(s->flush(std::chrono::minutes(1)));
  EXPECT_EQ(s->now().kept, 2'000U);
  EXPECT_EQ(s->now().dropped, 0U);
}

TEST_F(shipper_test, single_records_that_are_too_much_come_again) {
  server_.busy = true;
  auto s = open(quick());
  for (int i = 0; i < 100; ++i) offer_surely(*s, line(i));
  ASSERT_TRUE(eventually([&] { return s->now().kept >= 50; }));
  server_.busy = false;
  ASSERT_TRUE(s->flush(std::chrono::minutes(1)));
  auto stored = server_.stored();
  EXPECT_EQ(stored.size(), 100U);
  EXPECT_EQ(std::set<std::string>(stored.begin(), stored.end()).size(), 100U);
}

TEST_F(shipper_test, a_record_that_the_server_will_never_take_stops_nobody) {
  auto s = open(quick());
  for (int number : {1, -1, 2}) offer_surely(*s, line(number));
  ASSERT_TRUE(s->flush(std::chrono::minutes(1)));
  EXPECT_THAT(server_.stored(), ElementsAre("1", "2"));
  EXPECT_EQ(s->now().refused, 1U);
}

TEST_F(shipper_test, calls_that_are_too_large_are_halved) {
  server_.most = 70;
  auto s = open(quick());
  for (int i = 0; i < 300; ++i) offer_surely(*s, line(i));
  ASSERT_TRUE(s->flush(std::chrono::minutes(1)));
  EXPECT_EQ(server_.stored(), numbers(300));
}

TEST_F(shipper_test, the_disk_takes_no_more_than_it_may_and_the_rest_is_counted) {
  server_.status = 503;
  auto o = quick();
  o.max_spill_bytes = 2 * 1024 * 1024;
  auto s = open(o);
  constexpr int all = 20'000;  // about 8 MiB
  for (int i = 0; i < all; ++i) {
    offer_surely(*s, line(i));
    if (i % 1'000 == 0) EXPECT_LE(s->now().spilled, o.max_spill_bytes);
  }
  ASSERT_TRUE(eventually([&] { return s->now().waiting == 0; }));
  server_.status = 200;
  ASSERT_TRUE(eventually([&] { return s->now().spilled == 0; }));
  auto stored = server_.stored();
  EXPECT_GT(s->now().dropped, 5'000U);
  EXPECT_EQ(stored.size() + s->now().dropped, static_cast<std::size_t>(all));
  // The newest are there; not always last, for what a failed call had comes after the others.
  EXPECT_THAT(stored, testing::Contains(std::to_string(all - 1)));
}

TEST_F(shipper_test, what_was_left_on_the_disk_is_sent_after_the_next_start) {
  server_.status = 503;
  {
    auto s = open(quick());
    for (int i = 0; i < 700; ++i) offer_surely(*s, line(i));
  }
  server_.status = 200;
  auto s = open(quick());
  ASSERT_TRUE(eventually([&] { return server_.stored().size() == 700; }));
  EXPECT_EQ(server_.stored(), numbers(700));
}

TEST_F(shipper_test, offering_never_waits_whatever_the_server_does) {
  server_.status = 503;
  auto o = quick();
  o.room.records = 100;
  auto s = open(o);
  int refused = 0;
  for (int i = 0; i < 50'000; ++i) refused += s->offer(line(1)) ? 0 : 1;
  EXPECT_EQ(s->now().taken, 50'000U);
  EXPECT_GE(s->now().dropped, static_cast<std::uint64_t>(refused));
}

}  // namespace
}  // namespace oficio::elasticsearch
