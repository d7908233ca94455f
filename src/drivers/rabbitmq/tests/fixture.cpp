#include "fixture.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <set>

#include "platform/base/random.hpp"
#include "platform/base/uuid.hpp"

namespace oficio::rabbitmq {

using namespace std::chrono_literals;

void log_of_ids::add(const std::string& id) {
  std::lock_guard lock(guard_);
  ids_.push_back(id);
  grew_.notify_all();  // under the lock: whoever waited may destroy us right after
}

bool log_of_ids::wait_for(std::size_t count, std::chrono::seconds at_most) const {
  std::unique_lock lock(guard_);
  return grew_.wait_for(lock, at_most, [&] { return ids_.size() >= count; });
}

bool log_of_ids::wait_for_all(const std::vector<std::string>& ids,
                              std::chrono::seconds at_most) const {
  std::set<std::string> missing(ids.begin(), ids.end());
  std::size_t looked_at = 0;
  std::unique_lock lock(guard_);
  bool there = grew_.wait_for(lock, at_most, [&] {
    for (; looked_at < ids_.size(); ++looked_at) missing.erase(ids_[looked_at]);
    return missing.empty();
  });
  if (!there) {
    std::cerr << missing.size() << " of " << ids.size() << " events did not come, the first is "
              << *missing.begin() << "\n";
  }
  return there;
}

std::vector<std::string> log_of_ids::ids() const {
  std::lock_guard lock(guard_);
  return ids_;
}

std::size_t log_of_ids::count(const std::string& id) const {
  std::lock_guard lock(guard_);
  return static_cast<std::size_t>(std::ranges::count(ids_, id));
}

rabbitmq_test::rabbitmq_test()
    : exchange_("test-" + random_hex(8)),
      prefix_("test-" + random_hex(4) + "."),
      working_(boost::asio::make_work_guard(io_)) {
  for (int i = 0; i < 3; ++i) threads_.emplace_back([this] { io_.run(); });
}

rabbitmq_test::~rabbitmq_test() {
  working_.reset();
  threads_.clear();
}

config::server_address rabbitmq_test::address(const std::string& more) const {
  return parsed(std::string(std::getenv("OFICIO_TEST_RABBITMQ")) + "?exchange=" + exchange_ + more);
}

bus_ptr rabbitmq_test::open(const std::string& more) {
  auto log = telemetry::make_console_sink(telemetry::format::readable, telemetry::level::warning);
  return make_bus(address(more), io_.get_executor(), clock_, telemetry::logger(log, "test"));
}

void rabbitmq_test::close(const bus_ptr& bus, std::chrono::milliseconds patience) {
  run(bus->stop(patience));
}

std::unique_ptr<connection> rabbitmq_test::bare() {
  access to{.address = address(), .tls = {}, .vhost = address().path, .exchange = exchange_};
  std::size_t host = 0;
  auto c = connect_any(to, host, "test", std::chrono::steady_clock::now() + 10s);
  c->open_channel(1);
  return c;
}

events::queue rabbitmq_test::queue(const std::string& name) const {
  events::queue q;
  q.name = named(name);
  q.patterns = {"#"};
  q.retry_pauses = {20ms, 40ms};
  return q;
}

namespace {

awaitable<result<void>> given(result<void> answer) {
  co_return answer;
}

}  // namespace

events::handler rabbitmq_test::answering(
    std::function<result<void>(const events::envelope&)> answer) {
  return [answer = std::move(answer)](const events::envelope& e, const context&) {
    return given(answer(e));
  };
}

void rabbitmq_test::listen(const bus_ptr& bus, events::queue q, events::handler h) {
  auto done = run(bus->subscribe(std::move(q), std::move(h)));
  ASSERT_TRUE(done) << done.error().detail;
}

void rabbitmq_test::listen(const bus_ptr& bus, const std::string& name, log_of_ids& to) {
  listen(bus, queue(name), answering([&to](const events::envelope& e) {
           to.add(e.id);
           return result<void>{};
         }));
}

events::envelope rabbitmq_test::event(const std::string& subject) {
  events::envelope e;
  auto number = ++events_;
  e.id = uuid_v5(prefix_ + std::to_string(number));
  e.source = "/oficio/test";
  e.type = "test.thing.happened";
  e.subject = subject;
  e.time = clock_.now();
  e.data = {{"version", number}, {"concerns", boost::json::array{}}};
  return e;
}

result<void> rabbitmq_test::publish(const bus_ptr& bus, std::vector<events::envelope> events,
                                    std::chrono::milliseconds patience) {
  return run(bus->publish(context::for_system(patience), std::move(events)));
}

void rabbitmq_test::expect_status(const bus_ptr& bus, const std::string& name, std::size_t waiting,
                                  std::size_t dead) {
  std::string last = "nothing was told";
  bool came = becomes([&] {
    auto all = run(bus->status(context::for_system(5s)));
    if (!all) {
      last = all.error().detail;
      return false;
    }
    for (const auto& q : *all) {
      if (q.name != named(name)) continue;
      last = std::to_string(q.waiting) + " wait, " + std::to_string(q.dead) + " are dead";
      return q.waiting == waiting && q.dead == dead;
    }
    return false;
  });
  EXPECT_TRUE(came) << last << " instead of " << waiting << " and " << dead;
}

bool rabbitmq_test::becomes(const std::function<bool()>& holds, std::chrono::seconds at_most) {
  auto until = std::chrono::steady_clock::now() + at_most;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

void rabbitmq_test::server(const std::string& does) {
  auto command = std::string(std::getenv("OFICIO_TEST_CONTROL")) + " " + does + " rabbitmq";
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

}  // namespace oficio::rabbitmq
