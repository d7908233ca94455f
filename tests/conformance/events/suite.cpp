#include "suite.hpp"

#include "platform/base/random.hpp"
#include "platform/base/uuid.hpp"

namespace oficio::conformance {

using namespace std::chrono_literals;

void recorder::add(const events::envelope& e) {
  std::lock_guard lock(guard_);
  ids_.push_back(e.id);
  grew_.notify_all();  // under the lock: whoever waited may destroy us right after
}

std::vector<std::string> recorder::wait_for(std::size_t count) {
  std::unique_lock lock(guard_);
  bool there = grew_.wait_for(lock, 20s, [&] { return ids_.size() >= count; });
  EXPECT_TRUE(there) << "only " << ids_.size() << " of " << count << " events came";
  return ids_;
}

std::vector<std::string> recorder::ids() const {
  std::lock_guard lock(guard_);
  return ids_;
}

bus_conformance::bus_conformance()
    : place_(GetParam()()),
      prefix_("test-" + random_hex(4) + "."),
      working_(boost::asio::make_work_guard(io_)) {
  for (int i = 0; i < 3; ++i) threads_.emplace_back([this] { io_.run(); });
  open();
}

bus_conformance::~bus_conformance() {
  if (bus_) close();
  working_.reset();
  threads_.clear();
}

void bus_conformance::open() {
  bus_ = place_->open(io_.get_executor());
}

void bus_conformance::close() {
  run(bus_->stop(5s));
  bus_.reset();
}

events::queue bus_conformance::queue(const std::string& name,
                                     std::vector<std::string> patterns) const {
  events::queue q;
  q.name = named(name);
  q.patterns = std::move(patterns);
  q.retry_pauses = {20ms, 40ms};
  return q;
}

void bus_conformance::subscribe(events::queue q, events::handler h) {
  auto done = run(bus_->subscribe(std::move(q), std::move(h)));
  ASSERT_TRUE(done) << done.error().detail;
}

void bus_conformance::listen(const std::string& name, std::vector<std::string> patterns,
                             recorder& to) {
  subscribe(queue(name, std::move(patterns)), answering([&to](const events::envelope& e) {
              to.add(e);
              return result<void>{};
            }));
}

void bus_conformance::publish(std::vector<events::envelope> events) {
  auto done = run(bus_->publish(context::for_system(20s), std::move(events)));
  ASSERT_TRUE(done) << done.error().detail;
}

events::envelope bus_conformance::event(const std::string& type, const std::string& subject) {
  events::envelope e;
  e.id = uuid_v5(prefix_ + std::to_string(++events_));
  e.source = "/oficio/test";
  e.type = type;
  e.subject = subject;
  e.time = place_->clock.now();
  e.traceparent = trace_context::start().header();
  e.data = {{"version", events_}, {"concerns", boost::json::array{}}};
  return e;
}

events::queue_status bus_conformance::status(const std::string& name) {
  auto all = run(bus_->status(context::for_system()));
  for (auto& q : *all) {
    if (q.name == named(name)) return q;
  }
  return {};
}

void bus_conformance::expect_status(const std::string& name, std::size_t waiting,
                                    std::size_t dead) {
  auto until = std::chrono::steady_clock::now() + 20s;
  auto now = status(name);
  while ((now.waiting != waiting || now.dead != dead) && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(5ms);
    now = status(name);
  }
  EXPECT_EQ(now.waiting, waiting);
  EXPECT_EQ(now.dead, dead);
}

namespace {

awaitable<result<void>> given(result<void> answer) {
  co_return answer;
}

}  // namespace

events::handler answering(std::function<result<void>(const events::envelope&)> answer) {
  return [answer = std::move(answer)](const events::envelope& e, const context&) {
    return given(answer(e));
  };
}

}  // namespace oficio::conformance
