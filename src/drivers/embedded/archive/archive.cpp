#include "drivers/embedded/archive/archive.hpp"

#include "drivers/embedded/archive/queries.hpp"
#include "drivers/embedded/archive/source.hpp"

namespace oficio::embedded {
namespace {

class sqlite_archive final : public archive::reader {
 public:
  sqlite_archive(std::string path, runtime::blocking_pool& pool) : source_(std::move(path), pool) {}

  awaitable<result<archive::overview>> traffic_of(context ctx, archive::overview_query q) override {
    co_return co_await source_.read(
        ctx, [q](connection& c) -> result<archive::overview> { return read_overview(c, q); });
  }
  awaitable<result<std::vector<archive::request_line>>> requests(
      context ctx, archive::request_query q) override {
    co_return co_await source_.read(
        ctx, [q](connection& c) -> result<std::vector<archive::request_line>> {
          return read_requests(c, q);
        });
  }
  awaitable<result<archive::log_page>> logs(context ctx, archive::log_query q) override {
    co_return co_await source_.read(ctx, [q](connection& c) { return read_logs(c, q); });
  }
  awaitable<result<archive::trace>> trace_of(context ctx, std::string trace_id) override {
    co_return co_await source_.read(ctx, [trace_id](connection& c) -> result<archive::trace> {
      return read_trace(c, trace_id);
    });
  }
  awaitable<result<archive::error_page>> errors(context ctx, archive::error_query q) override {
    co_return co_await source_.read(
        ctx, [q](connection& c) -> result<archive::error_page> { return read_errors(c, q); });
  }
  awaitable<result<archive::service_map>> services(context ctx, archive::time_range when) override {
    co_return co_await source_.read(ctx, [when](connection& c) -> result<archive::service_map> {
      return read_services(c, when);
    });
  }
  awaitable<result<archive::browser_figures>> browsers(context ctx,
                                                       archive::time_range when) override {
    co_return co_await source_.read(ctx, [when](connection& c) -> result<archive::browser_figures> {
      return read_browsers(c, when);
    });
  }

 private:
  source source_;
};

}  // namespace

json::object parse_document(const std::string& text) {
  auto parsed = json::parse(text, 64);
  if (!parsed || !parsed->is_object()) return {};
  return std::move(parsed->get_object());
}

std::unique_ptr<archive::reader> make_archive(std::string path, runtime::blocking_pool& pool) {
  return std::make_unique<sqlite_archive>(std::move(path), pool);
}

}  // namespace oficio::embedded
