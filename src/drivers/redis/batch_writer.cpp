#include "drivers/redis/batch_writer.hpp"

#include <chrono>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace oficio::redis {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds idle_after{5};

}  // namespace

awaitable<void> batch_writer::run(std::shared_ptr<connection> to, std::function<void()> idle) {
  std::string batch;
  while (to->is_open()) {
    if (out_.empty()) {
      boost::system::error_code woken;
      woken_.expires_after(idle_after);
      co_await woken_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
      if (!woken && to->is_open()) idle();
      continue;
    }
    batch.clear();
    batch.swap(out_);
    auto written = co_await to->write(batch);
    if (written.has_error()) to->close();
  }
}

}  // namespace oficio::redis
