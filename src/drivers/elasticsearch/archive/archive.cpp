#include "drivers/elasticsearch/archive/archive.hpp"

#include "drivers/elasticsearch/address.hpp"
#include "drivers/elasticsearch/archive/questions.hpp"
#include "drivers/elasticsearch/server.hpp"

namespace oficio::elasticsearch {
namespace {

constexpr std::size_t max_answer_bytes = 32 * 1024 * 1024;

error renamed(error e) {
  if (e.kind == errc::unavailable) e.code = "archive_unavailable";
  return e;
}

class elastic_archive final : public archive::reader {
 public:
  elastic_archive(std::unique_ptr<http::upstream> to, std::string authorization,
                  const std::string& environment)
      : server_(std::move(to), std::move(authorization)),
        traces_("traces-apm-" + environment),
        pages_("traces-apm.rum-" + environment),
        errors_("logs-apm.error-" + environment),
        logs_("logs-oficio.*-" + environment) {}

  awaitable<result<archive::overview>> traffic_of(context ctx, archive::overview_query q) override {
    CO_TRY(auto said, co_await ask(ctx, traces_, ask_overview(q)));
    co_return read_overview(said, q);
  }

  awaitable<result<std::vector<archive::request_line>>> requests(
      context ctx, archive::request_query q) override {
    CO_TRY(auto said, co_await ask(ctx, traces_, ask_requests(q)));
    co_return read_requests(said);
  }

  awaitable<result<archive::log_page>> logs(context ctx, archive::log_query q) override {
    CO_TRY(auto question, ask_logs(q));
    CO_TRY(auto said, co_await ask(ctx, logs_, std::move(question)));
    co_return read_logs(said, q);
  }

  awaitable<result<archive::trace>> trace_of(context ctx, std::string trace_id) override {
    auto all = traces_ + "," + pages_ + "," + errors_ + "," + logs_;
    CO_TRY(auto said, co_await ask(ctx, std::move(all), ask_trace(trace_id)));
    co_return read_trace(said);
  }

  awaitable<result<archive::error_page>> errors(context ctx, archive::error_query q) override {
    if (q.skip >= archive::most_error_groups) co_return archive::error_page{};
    CO_TRY(auto said, co_await ask(ctx, errors_, ask_errors(q)));
    co_return read_errors(said, q);
  }

  awaitable<result<archive::service_map>> services(context ctx, archive::time_range when) override {
    CO_TRY(auto nodes, co_await ask(ctx, traces_, ask_nodes(when)));
    CO_TRY(auto edges, co_await ask(ctx, traces_ + "," + pages_, ask_edges(when)));
    co_return archive::service_map{read_nodes(nodes), read_edges(edges)};
  }

  awaitable<result<archive::browser_figures>> browsers(context ctx,
                                                       archive::time_range when) override {
    CO_TRY(auto said, co_await ask(ctx, pages_, ask_browsers(when)));
    co_return read_browsers(said);
  }

 private:
  awaitable<result<json::value>> ask(const context& ctx, std::string streams,
                                     json::object question) {
    auto target = "/" + streams + "/_search?ignore_unavailable=true&allow_no_indices=true";
    auto said = co_await server_.get(ctx, std::move(target), json::value(std::move(question)));
    if (!said) co_return renamed(std::move(said).error());
    if (!said->good()) co_return renamed(refused(said->status, said->body));
    co_return std::move(said->body);
  }

  server server_;
  const std::string traces_;
  const std::string pages_;
  const std::string errors_;
  const std::string logs_;
};

}  // namespace

std::unique_ptr<archive::reader> make_archive(const config::server_address& address,
                                              std::string environment,
                                              boost::asio::io_context& io) {
  auto own = address;
  own.options.erase("spill_mb");  // what those who write may keep meanwhile
  auto at = read_place(own);
  http::client_options options;
  options.trust = at.trust;
  options.max_answer_bytes = max_answer_bytes;
  std::unique_ptr<http::upstream> to;
  try {
    to = http::make_http_upstream(io, at.nodes, options);
  } catch (const std::exception& e) {
    address.refuse(e.what());
  }
  return std::make_unique<elastic_archive>(std::move(to), at.authorization, environment);
}

}  // namespace oficio::elasticsearch
