#include "platform/runtime/task_group.hpp"

#include <atomic>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include "platform/runtime/timing.hpp"

namespace oficio::runtime {

namespace asio = boost::asio;

namespace {

struct running_task {
  explicit running_task(const asio::any_io_executor& io) : strand(asio::make_strand(io)) {}
  asio::strand<asio::any_io_executor> strand;
  asio::cancellation_signal cancel;  // touched on the strand only
};

std::string describe(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& e) {
    return e.code() == asio::error::operation_aborted ? std::string() : std::string(e.what());
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "an exception of unknown type";
  }
}

}  // namespace

struct task_group::state {
  asio::any_io_executor io;
  on_error report;
  mutable std::mutex guard;
  std::list<std::shared_ptr<running_task>> tasks;
  std::atomic<bool> stopping{false};
};

task_group::task_group(asio::any_io_executor io, on_error report)
    : state_(std::make_shared<state>()) {
  state_->io = std::move(io);
  state_->report = std::move(report);
}

task_group::~task_group() = default;

void task_group::spawn(std::string name, awaitable<void> task) {
  auto own = std::make_shared<running_task>(state_->io);
  {
    std::lock_guard lock(state_->guard);
    if (state_->stopping) return;
    state_->tasks.push_back(own);
  }
  auto finished = [group = state_, own, name = std::move(name)](std::exception_ptr thrown) {
    if (thrown) {
      auto what = describe(thrown);
      if (!what.empty() && group->report) group->report(name, what);
    }
    std::lock_guard lock(group->guard);
    group->tasks.remove(own);
  };
  asio::co_spawn(own->strand, std::move(task),
                 asio::bind_cancellation_slot(own->cancel.slot(), std::move(finished)));
}

awaitable<bool> task_group::drain(std::chrono::milliseconds at_most) {
  auto until = std::chrono::steady_clock::now() + at_most;
  while (size() > 0) {
    if (std::chrono::steady_clock::now() >= until) co_return false;
    co_await sleep_for(std::chrono::milliseconds(5));
  }
  co_return true;
}

awaitable<bool> task_group::stop(std::chrono::milliseconds at_most) {
  {
    std::lock_guard lock(state_->guard);
    state_->stopping = true;
    for (const auto& task : state_->tasks) {
      asio::post(task->strand, [task] { task->cancel.emit(asio::cancellation_type::all); });
    }
  }
  co_return co_await drain(at_most);
}

std::size_t task_group::size() const {
  std::lock_guard lock(state_->guard);
  return state_->tasks.size();
}

bool task_group::stopping() const {
  return state_->stopping;
}

}  // namespace oficio::runtime
