#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <soci/session.h>

#include "platform/base/context.hpp"

namespace oficio::sql {

// A bounded number of sessions, made when first needed and leased until a deadline (SOCI's own pool
// measures its patience on the wall clock and cannot replace a broken session).
class session_pool {
 public:
  using maker = std::function<std::unique_ptr<soci::session>()>;

  // A session in use. It goes back when the lease ends, unless it was discarded.
  class lease {
   public:
    lease() = default;  // none: the deadline passed
    lease(session_pool& from, std::unique_ptr<soci::session> s)
        : from_(&from), session_(std::move(s)) {}
    lease(lease&& other) noexcept
        : from_(std::exchange(other.from_, nullptr)), session_(std::move(other.session_)) {}
    lease& operator=(lease&&) = delete;
    ~lease() {
      if (from_) from_->give_back(std::move(session_));
    }

    explicit operator bool() const { return session_ != nullptr; }
    soci::session& operator*() const { return *session_; }
    // Closes a broken session; the next lease makes a new one.
    void discard() { session_.reset(); }

   private:
    session_pool* from_ = nullptr;
    std::unique_ptr<soci::session> session_;
  };

  session_pool(std::size_t size, maker make) : size_(size), free_(size), make_(std::move(make)) {}

  // Blocks. An empty lease if none came free in time. Throws what the maker throws.
  lease take(steady_time deadline);

  std::size_t size() const { return size_; }
  std::size_t leased() const;

 private:
  void give_back(std::unique_ptr<soci::session> s);

  const std::size_t size_;
  mutable std::mutex guard_;
  std::condition_variable freed_;
  std::size_t free_;  // sessions that may be leased now, whether they are made already or not
  std::vector<std::unique_ptr<soci::session>> idle_;
  maker make_;
};

}  // namespace oficio::sql
