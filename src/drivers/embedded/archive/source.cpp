#include "drivers/embedded/archive/source.hpp"

#include <sqlite3.h>

namespace oficio::embedded {
namespace {

constexpr int instructions = 20'000;  // some milliseconds

}  // namespace

watched::watched(connection& of, steady_time deadline) : of_(of), deadline_(deadline) {
  sqlite3_progress_handler(of_.handle(), instructions, &watched::is_late, this);
}

watched::~watched() {
  sqlite3_progress_handler(of_.handle(), 0, nullptr, nullptr);
}

int watched::is_late(void* self) {
  return std::chrono::steady_clock::now() >= static_cast<watched*>(self)->deadline_ ? 1 : 0;
}

std::unique_ptr<connection> source::lend() {
  {
    std::lock_guard lock(guard_);
    if (!idle_.empty()) {
      auto one = std::move(idle_.back());
      idle_.pop_back();
      return one;
    }
  }
  return std::make_unique<connection>(path_, open_mode::read_only);
}

void source::give_back(std::unique_ptr<connection> one) {
  std::lock_guard lock(guard_);
  idle_.push_back(std::move(one));
}

error source::why(const sqlite_error& e) {
  if ((e.code() & 0xff) == SQLITE_INTERRUPT) {
    return {errc::timeout, "deadline_exceeded", "There is too much to read in so short a time."};
  }
  return {errc::unavailable, "archive_unavailable", e.what(), {}, std::chrono::seconds(1)};
}

}  // namespace oficio::embedded
