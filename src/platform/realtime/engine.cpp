#include "platform/realtime/engine.hpp"

#include "platform/realtime/engine_core.hpp"
#include "platform/realtime/requests.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::realtime {

engine::engine(
    boost::asio::io_context& io, engine_options options,
    std::function<std::shared_ptr<session_user>(const std::shared_ptr<session>&)> make_user)
    : core_(std::make_shared<engine_core>(io, std::move(options), std::move(make_user))) {
  if (auto* to = core_->options.metrics) {
    told_ = to->on_read([core = core_.get()](telemetry::reading& r) {
      r.level("oficio_realtime_sessions", "Open sessions", {}, static_cast<double>(core->size()));
    });
  }
}

engine::~engine() {
  core_->stopping = true;
  core_->stop_deadlines();
  for (const auto& s : core_->all()) s->drop(end_reason::server_closed);
}

void engine::mount(http::router& routes, const std::string& path) {
  using http::method;
  for (auto m : {method::get, method::head, method::post, method::put, method::patch, method::del,
                 method::options}) {
    routes.add(m, path, [core = core_](http::request& r) { return answer(core, r); });
  }
}

std::size_t engine::sessions() const {
  return core_->size();
}

awaitable<void> engine::stop(std::chrono::milliseconds at_most) {
  auto until = std::chrono::steady_clock::now() + at_most;
  core_->stopping = true;
  for (const auto& s : core_->all()) s->close(end_reason::server_stops);
  while ((core_->size() > 0 || core_->lines > 0) && std::chrono::steady_clock::now() < until) {
    co_await runtime::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace oficio::realtime
