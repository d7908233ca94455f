#include "drivers/embedded/sqlite/file.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace oficio::embedded {
namespace {

constexpr std::size_t max_group = 256;      // writes in one transaction
constexpr std::size_t max_waiting = 4'096;  // beyond, writes are refused

const error& late() {
  static const error e{errc::timeout, "deadline_exceeded", "There was no time left to write."};
  return e;
}

}  // namespace

struct file::readers {
  std::mutex guard;
  std::vector<std::unique_ptr<connection>> idle;
};

// The writing thread and its queue.
struct file::writer {
  explicit writer(const std::string& path)
      : to(path, open_mode::read_write), thread([this] { work(); }) {}

  ~writer() {
    {
      std::lock_guard lock(guard);
      ending = true;
    }
    wake.notify_one();
    thread.join();
  }

  void work() {
    for (;;) {
      std::vector<job> group;
      {
        std::unique_lock lock(guard);
        wake.wait(lock, [this] { return ending || !waiting.empty(); });
        if (waiting.empty()) return;
        while (!waiting.empty() && group.size() < max_group) {
          group.push_back(std::move(waiting.front()));
          waiting.pop_front();
        }
      }
      std::lock_guard lock(use);
      commit(group);
    }
  }

  void commit(std::vector<job>& group) {
    std::optional<error> failure;
    std::vector<bool> begun(group.size(), false);
    try {
      to.execute("BEGIN IMMEDIATE");
      for (std::size_t i = 0; i < group.size(); ++i) {
        begun[i] = std::chrono::steady_clock::now() < group[i].deadline;
        if (begun[i]) run(group[i]);
      }
      to.execute("COMMIT");
    } catch (const sqlite_error& e) {
      failure = unavailable(e);
      roll_back();
    }
    for (std::size_t i = 0; i < group.size(); ++i) {
      // One whose time passed while it waited was not begun, whatever became of the others.
      bool missed = !begun[i] && !failure;
      group[i].finish(missed ? &late() : failure ? &*failure : nullptr);
    }
  }

  void run(job& j) {
    to.prepare("SAVEPOINT one").run();
    if (!j.run(to)) to.execute("ROLLBACK TO one");
    to.prepare("RELEASE one").run();
  }

  void roll_back() {
    try {
      to.execute("ROLLBACK");
    } catch (const sqlite_error&) {
      // There was no transaction: SQLite had rolled it back itself.
    }
  }

  connection to;
  std::mutex use;  // the connection: held by the thread for a group, or by set_up()
  std::mutex guard;
  std::condition_variable wake;
  std::deque<job> waiting;
  bool ending = false;
  std::thread thread;
};

file::lease::lease(file& from) : from_(from) {
  {
    std::lock_guard lock(from_.readers_->guard);
    if (!from_.readers_->idle.empty()) {
      reader_ = std::move(from_.readers_->idle.back());
      from_.readers_->idle.pop_back();
    }
  }
  if (!reader_) reader_ = std::make_unique<connection>(from_.path_, open_mode::read_only);
}

file::lease::~lease() {
  std::lock_guard lock(from_.readers_->guard);
  from_.readers_->idle.push_back(std::move(reader_));
}

file::file(std::string path, runtime::blocking_pool& pool)
    : path_(std::move(path)),
      pool_(pool),
      writer_(std::make_unique<writer>(path_)),
      readers_(std::make_unique<readers>()) {}

file::~file() = default;

void file::set_up(const std::string& sql) {
  std::lock_guard lock(writer_->use);
  writer_->to.execute(sql);
}

void file::push(job j) {
  const error* refused = nullptr;
  static const error overloaded{
      errc::unavailable, "overloaded", "Too many writes are waiting.", {}, std::chrono::seconds(1)};
  if (std::chrono::steady_clock::now() >= j.deadline) refused = &late();
  if (!refused) {
    std::lock_guard lock(writer_->guard);
    if (writer_->waiting.size() >= max_waiting) {
      refused = &overloaded;
    } else {
      writer_->waiting.push_back(std::move(j));
    }
  }
  if (refused) {
    j.finish(refused);
  } else {
    writer_->wake.notify_one();
  }
}

void file::write_later(std::function<void(connection&)> work) {
  push({steady_time::max(),
        [work = std::move(work)](connection& c) {
          try {
            work(c);
            return true;
          } catch (const std::exception&) {
            return false;  // it may be lost, and must not end the writing thread
          }
        },
        [](const error*) {}});
}

error file::unavailable(const sqlite_error& e) {
  if (e.is_unique_violation()) return {errc::conflict, "duplicate", e.what()};
  return {errc::unavailable, "database_unavailable", e.what(), {}, std::chrono::seconds(1)};
}

}  // namespace oficio::embedded
