#include "services/gateway/ops/views.hpp"

#include <algorithm>
#include <array>

#include "platform/base/uuid.hpp"
#include "platform/http/json_response.hpp"
#include "platform/security/cursor.hpp"
#include "services/gateway/health.hpp"
#include "services/gateway/operators.hpp"
#include "services/gateway/ops/range.hpp"
#include "services/gateway/ops/shown.hpp"

namespace oficio::gateway {
namespace {

using answer = awaitable<result<http::response>>;

constexpr std::array<std::string_view, 4> levels{"debug", "info", "warn", "error"};

// "warn" asks for errors, too.
std::vector<std::string> levels_from(const std::string& lowest) {
  auto found = std::ranges::find(levels, lowest);
  return {found, levels.end()};
}

bool is_trace_id(std::string_view text) {
  return text.size() == 32 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// A question over too long a time must not keep a thread that clients wait for.
context hurried(const context& ctx) {
  constexpr std::chrono::seconds longest{8};
  auto out = ctx;
  out.deadline = std::min(ctx.deadline, std::chrono::steady_clock::now() + longest);
  return out;
}

constexpr std::size_t longest_cursor = 4'096;

// Where a page of errors begins: milliseconds of the list's range, and how many were shown.
struct error_place {
  archive::time_range when;
  std::size_t skip = 0;
};

std::string text_of(const error_place& p) {
  return json::to_text(json::value(json::array{p.when.from.time_since_epoch().count(),
                                               p.when.to.time_since_epoch().count(), p.skip}));
}

result<error_place> read_error_place(const std::string& text) {
  TRY(auto parsed, json::parse(text));
  TRY(auto numbers, json::from_stored<std::vector<std::int64_t>>(std::move(parsed)));
  if (numbers.size() != 3 || numbers[2] < 0) {
    return error{errc::bad_request, "bad_cursor", "This is no position in such a list."};
  }
  auto at = [](std::int64_t ms) { return time_point(std::chrono::milliseconds(ms)); };
  return error_place{{at(numbers[0]), at(numbers[1])}, static_cast<std::size_t>(numbers[2])};
}

http::response json_answer(const json::value& v) {
  return http::json_response(200, json::to_text(v));
}

class views {
 public:
  views(forwarder& to, archive::reader* from, const wall_clock& clock, std::string cursor_key)
      : to_(to), from_(from), clock_(clock), cursors_(std::move(cursor_key)) {}

  answer overview(http::request& r) {
    CO_TRY_VOID(co_await admit_operator(to_, r, {"GET", "/ops/overview", ""}));
    http::query_reader query(r);
    CO_TRY(auto when, read_range(query, clock_.now()));
    archive::overview_query q{.when = when};
    q.service = query.text("service").value_or("");
    CO_TRY_VOID(query.done());
    q.step = step_of(q.when);
    CO_TRY(auto* from, archive_of());
    CO_TRY(auto got, co_await from->traffic_of(hurried(r.ctx), q));
    co_return http::json_response(
        200, overview_shown{q.when.from, q.when.to, q.step.count(), std::move(got.series),
                            std::move(got.services), std::move(got.routes)});
  }

  answer requests(http::request& r) {
    CO_TRY_VOID(co_await admit_operator(to_, r, {"GET", "/ops/requests", ""}));
    http::query_reader query(r);
    CO_TRY(auto q, read_request_query(query));
    CO_TRY(auto* from, archive_of());
    auto asked = q.when;
    // Who has an id need not know when that was: the id does, unless a clock was wrong then.
    auto told = uuid_time(q.request_id);
    if (told) q.when = around(*told);
    CO_TRY(auto got, co_await from->requests(hurried(r.ctx), q));
    if (told && got.empty()) {
      q.when = asked;
      CO_TRY(got, co_await from->requests(hurried(r.ctx), q));
    }
    co_return http::json_response(200, requests_shown{std::move(got)});
  }

  answer logs(http::request& r) {
    CO_TRY_VOID(co_await admit_operator(to_, r, {"GET", "/ops/logs", ""}));
    http::query_reader query(r);
    CO_TRY(auto q, read_log_query(query));
    CO_TRY(auto* from, archive_of());
    auto scope = scope_of(q);
    if (!q.after.empty()) {
      CO_TRY(q.after, cursors_.open(scope, q.after));
    }
    CO_TRY(auto page, co_await from->logs(hurried(r.ctx), q));
    std::optional<std::string> next;
    if (!page.next.empty()) next = cursors_.sign(scope, page.next);
    co_return json_answer(shown(page, std::move(next)));
  }

  answer trace(http::request& r) {
    CO_TRY_VOID(co_await admit_operator(to_, r, {"GET", "/ops/traces/{id}", ""}));
    CO_TRY_VOID(http::query_reader(r).done());
    auto id = r.param("id");
    if (!is_trace_id(id)) co_return not_found("The trace");
    CO_TRY(auto* from, archive_of());
    CO_TRY(auto got, co_await from->trace_of(hurried(r.ctx), id));
    if (got.entries.empty()) co_return not_found("The trace");
    co_return json_answer(shown(id, std::move(got)));
  }

  answer errors(http::request& r) {
    CO_TRY_VOID(co_await admit_operator(to_, r, {"GET", "/ops/errors", ""}));
    http::query_reader query(r);
    CO_TRY(auto q, read_error_query(query));
    CO_TRY(auto* from, archive_of());
    CO_TRY(auto page, co_await from->errors(hurried(r.ctx), q));
    std::optional<std::string> next;
    if (page.more) {
      q.skip += page.items.size();
      next = cursors_.sign(scope_of(q), text_of(error_place{q.when, q.skip}));
    }
    co_return http::json_response(200, errors_shown{std::move(page.items), std::move(next)});
  }

  // Whether services are well is known also where nothing is recorded.
  answer services(http::request& r) {
    CO_TRY_VOID(co_await admit_operator(to_, r, {"GET", "/ops/services", ""}));
    http::query_reader query(r);
    CO_TRY(auto when, read_range(query, clock_.now()));
    CO_TRY_VOID(query.done());
    archive::service_map map;
    if (from_) {
      CO_TRY(map, co_await from_->services(hurried(r.ctx), when));
    }
    auto health = co_await states_of(r.ctx, to_.services());
    health["gateway"] = "ok";
    co_return http::json_response(200, shown(map, health));
  }

  answer browser(http::request& r) {
    CO_TRY_VOID(co_await admit_operator(to_, r, {"GET", "/ops/browser", ""}));
    http::query_reader query(r);
    CO_TRY(auto when, read_range(query, clock_.now()));
    CO_TRY_VOID(query.done());
    CO_TRY(auto* from, archive_of());
    CO_TRY(auto got, co_await from->browsers(hurried(r.ctx), when));
    archive::error_query faults{.when = when, .service = "web"};
    CO_TRY(auto errors, co_await from->errors(hurried(r.ctx), faults));
    co_return http::json_response(
        200, browser_shown{got.loads, std::move(got.vitals), std::move(got.pages),
                           std::move(errors.items)});
  }

 private:
  result<archive::reader*> archive_of() const {
    if (from_) return from_;
    return error{errc::unavailable, "nothing_recorded",
                 "This market records nothing of itself: see the setting telemetry."};
  }

  result<archive::request_query> read_request_query(http::query_reader& query) const {
    TRY(auto when, read_range(query, clock_.now()));
    archive::request_query q{.when = when};
    q.service = query.text("service").value_or("");
    q.route = query.text("route", 300).value_or("");
    q.request_id = query.text("request_id").value_or("");
    q.failed = query.flag("failed").value_or(false);
    q.slowest_first = query.choice("order", {"latest", "slowest"}).value_or("latest") == "slowest";
    q.limit = query.limit(50);
    TRY_VOID(query.done());
    return q;
  }

  result<archive::log_query> read_log_query(http::query_reader& query) const {
    TRY(auto when, read_range(query, clock_.now()));
    archive::log_query q{.when = when};
    q.service = query.text("service").value_or("");
    q.text = query.text("text").value_or("");
    q.trace_id = query.text("trace_id").value_or("");
    auto level = query.choice("level", {levels.begin(), levels.end()});
    if (level && *level != "debug") q.levels = levels_from(*level);
    q.limit = query.limit(50);
    q.after = query.text("cursor", longest_cursor).value_or("");
    TRY_VOID(query.done());
    return q;
  }

  // With a cursor the range is that of the first page: how frequent errors are is their order.
  result<archive::error_query> read_error_query(http::query_reader& query) const {
    TRY(auto when, read_range(query, clock_.now()));
    archive::error_query q{.when = when};
    q.service = query.text("service").value_or("");
    q.limit = query.limit(50);
    auto cursor = query.text("cursor", longest_cursor).value_or("");
    TRY_VOID(query.done());
    if (cursor.empty()) return q;
    TRY(auto text, cursors_.open(scope_of(q), cursor));
    TRY(auto place, read_error_place(text));
    q.when = place.when;
    q.skip = place.skip;
    return q;
  }

  static std::string scope_of(const archive::error_query& q) {
    return json::to_text(json::value(json::array{"ops/errors", q.service}));
  }

  // Not the time: a range that ends now is another one with the next page.
  static std::string scope_of(const archive::log_query& q) {
    auto lowest = q.levels.empty() ? std::string() : q.levels.front();
    return json::to_text(
        json::value(json::array{"ops/logs", q.service, q.text, q.trace_id, lowest}));
  }

  forwarder& to_;
  archive::reader* from_;
  const wall_clock& clock_;
  security::cursor_signer cursors_;
};

}  // namespace

void add_ops_views(http::router& routes, forwarder& to, archive::reader* from,
                   const wall_clock& clock, std::string cursor_key) {
  auto all = std::make_shared<views>(to, from, clock, std::move(cursor_key));
  auto get = [&](const char* path, answer (views::*how)(http::request&)) {
    routes.get("/api/v1/ops/" + std::string(path),
               [all, how](http::request& r) { return (all.get()->*how)(r); });
  };
  get("overview", &views::overview);
  get("requests", &views::requests);
  get("logs", &views::logs);
  get("traces/{id}", &views::trace);
  get("errors", &views::errors);
  get("services", &views::services);
  get("browser", &views::browser);
}

}  // namespace oficio::gateway
