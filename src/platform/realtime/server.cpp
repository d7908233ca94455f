#include "platform/realtime/server.hpp"

#include <stdexcept>

#include "platform/json/violations.hpp"
#include "platform/realtime/connection.hpp"
#include "platform/realtime/engine.hpp"
#include "platform/realtime/server_core.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::realtime {

items success(json::value data) {
  return items::of(json::value(json::object{{"ok", true}, {"data", std::move(data)}}));
}

items failure(const error& why) {
  json::object told{{"code", why.code}, {"detail", why.detail}};
  if (why.kind == errc::internal) told = {{"code", "internal"}, {"detail", "It did not work."}};
  if (!why.violations.empty()) {
    told.emplace("errors", json::write_violations(why.violations));
  }
  return items::of(json::value(json::object{{"ok", false}, {"error", std::move(told)}}));
}

server::server(boost::asio::io_context& io, server_options options, telemetry::logger log) {
  auto of_engine = options.engine;
  core_ = std::make_shared<server_core>(io, std::move(options), std::move(log));
  engine_ = std::make_unique<engine>(io, std::move(of_engine),
                                     [core = core_](const std::shared_ptr<session>& s) {
                                       auto made = std::make_shared<connection>(core, s);
                                       made->begin();
                                       return made;
                                     });
}

server::~server() {
  core_->connects.stop();
}

void server::mount(http::router& routes, const std::string& path) {
  engine_->mount(routes, path);
}

space& server::of(const std::string& name) {
  if (!name.starts_with('/') || name.find(',') != std::string::npos) {
    throw std::logic_error("a namespace must begin with / and have no comma: " + name);
  }
  auto& place = core_->spaces[name];
  if (!place) place = std::make_unique<space>(*core_, name);
  return *place;
}

std::size_t server::connections() const {
  return engine_->sessions();
}

awaitable<void> server::stop(std::chrono::milliseconds at_most) {
  auto until = std::chrono::steady_clock::now() + at_most;
  co_await engine_->stop(at_most);
  while (core_->running > 0 && std::chrono::steady_clock::now() < until) {
    co_await runtime::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace oficio::realtime
