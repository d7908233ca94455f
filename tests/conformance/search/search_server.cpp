#include "conformance/search/search_server.hpp"

#include <cstdlib>
#include <stdexcept>

#include "conformance/support.hpp"
#include "drivers/elasticsearch/address.hpp"

namespace oficio::search::conformance {
namespace {

std::string url() {
  const char* given = std::getenv("OFICIO_TEST_ELASTICSEARCH");
  if (!given) throw std::runtime_error("OFICIO_TEST_ELASTICSEARCH is not set");
  std::string out(given);
  while (out.ends_with('/')) out.pop_back();
  return out;
}

}  // namespace

search_server::search_server() {
  auto at = elasticsearch::read_place(address("any"));
  raw_ = std::make_unique<elasticsearch::server>(http::make_http_upstream(io_, at.nodes, {}),
                                                 at.authorization);
  thread_ = std::jthread([this] { io_.run(); });
}

search_server::~search_server() {
  work_.reset();
  io_.stop();
  thread_.join();
}

config::server_address search_server::address(const std::string& prefix,
                                              const std::string& options) const {
  return config::parse_server_address("search", url() + "/" + prefix + options);
}

std::unique_ptr<index> search_server::open(const std::string& prefix, schema s) {
  return elasticsearch::make_index(address(prefix), std::move(s), io_);
}

elasticsearch::answer search_server::ask(http::method method, const std::string& target,
                                         json::value body) {
  context ctx;
  auto send = [&]() -> awaitable<result<elasticsearch::answer>> {
    switch (method) {
      case http::method::put:
        return raw_->put(ctx, target, std::move(body));
      case http::method::del:
        return raw_->remove(ctx, target);
      case http::method::post:
        return raw_->post(ctx, target, std::move(body));
      default:
        return raw_->get(ctx, target, std::move(body));
    }
  };
  return oficio::conformance::run(send()).value();
}

void search_server::forget(const std::string& prefix) {
  auto there = ask(http::method::get, "/" + prefix + "-*/_settings/index.uuid");
  if (!there.good() || !there.body.is_object()) return;
  for (const auto& one : there.body.get_object()) {
    ask(http::method::del, "/" + std::string(one.key()));
  }
}

}  // namespace oficio::search::conformance
