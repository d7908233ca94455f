#include "platform/files/routes.hpp"

#include <algorithm>
#include <utility>

#include "platform/files/blob_stream.hpp"
#include "platform/http/json_response.hpp"
#include "platform/http/multipart.hpp"
#include "platform/http/query.hpp"

namespace oficio::files {
namespace {

using answer = awaitable<result<http::response>>;

constexpr std::chrono::seconds purge_interval{10};

json::object view_of(const blobs::blob& b, const rules& r) {
  json::object out{{"id", b.id},
                   {"for", r.purpose},
                   {"name", b.name},
                   {"type", b.type},
                   {"size", b.variants.front().size},
                   {"url", "/api/v1/files/" + b.id}};
  if (b.width > 0) {
    out["width"] = b.width;
    out["height"] = b.height;
  }
  if (b.due_at) out["expires_at"] = format_time(*b.due_at);
  return out;
}

error in_form(std::string pointer, std::string code, std::string message) {
  return invalid({{std::move(pointer), std::move(code), std::move(message)}});
}

// The one file of the form.
result<http::form_part> read_file(std::string_view type, std::string_view body) {
  TRY(auto parts, http::read_form(type, body));
  if (parts.empty()) return in_form("/file", "required", "is required");
  for (const auto& p : parts) {
    if (p.name != "file") return in_form("/" + p.name, "unknown", "is not a known field");
  }
  if (parts.size() > 1) return in_form("/file", "too_many", "takes one file at a time");
  if (!parts.front().is_file) return in_form("/file", "type", "must be a file");
  return std::move(parts.front());
}

answer upload(shelf& to, http::request& r) {
  http::query_reader query(r);
  auto purpose = query.choice("for", {to.what().purpose});
  CO_TRY_VOID(query.done());
  if (!purpose) co_return in_form("?for", "required", "is required");
  auto body = std::make_shared<const std::string>(std::move(r.body));
  CO_TRY(auto part, read_file(r.headers.get("Content-Type"), *body));
  sent_file file{std::move(part.file_name), {body, part.bytes}};
  CO_TRY(auto kept, co_await to.take(r.ctx, std::move(file)));
  auto out = http::json_response(201, view_of(kept, to.what()));
  out.headers.set("Location", "/api/v1/files/" + kept.id);
  co_return out;
}

// Whether If-None-Match names that tag (RFC 9110, 13.1.2).
bool is_known(std::string_view list, std::string_view tag) {
  if (list == "*") return true;
  while (!list.empty()) {
    auto end = std::min(list.find(','), list.size());
    auto one = list.substr(0, end);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

void describe(http::headers& to, const blobs::blob& b, const rules& r) {
  to.set("Content-Type", b.type);
  // A picture without a size is one that is too large to be looked at by the way.
  bool shown = is_picture(b.type) && b.width > 0;
  to.set("Content-Disposition", disposition(b.name, !shown));
  to.set("X-Content-Type-Options", "nosniff");
  to.set("Content-Security-Policy", "sandbox; default-src 'none'");
  // What belongs to two people must be asked for each time: they may lose the right to it.
  to.set("Cache-Control", r.open ? "public, max-age=31536000, immutable" : "private, no-cache");
  if (r.open) to.set("Cross-Origin-Resource-Policy", "cross-origin");
}

answer download(shelf& from, http::request& r) {
  http::query_reader query(r);
  auto size = query.choice("size", {small_variant});
  CO_TRY_VOID(query.done());
  if (!from.what().open && r.ctx.who.is_visitor()) {
    co_return error{errc::unauthorized, "not_signed_in", "Sign in to see this file."};
  }
  CO_TRY(auto b, co_await from.look(r.ctx, r.param("id")));
  // A file that has no small form is shown as it is.
  const auto* wanted = b.find(size.value_or(""));
  if (!wanted) wanted = &b.variants.front();
  http::response out;
  describe(out.headers, b, from.what());
  auto tag = '"' + wanted->digest.substr(0, 32) + '"';
  out.headers.set("ETag", tag);
  if (is_known(r.headers.get("If-None-Match"), tag)) {
    out.status = 304;
    out.headers.remove("Content-Type");
    out.headers.remove("Content-Disposition");
    co_return out;
  }
  if (r.method == http::method::head) {
    out.headers.set("Content-Length", std::to_string(wanted->size));
    co_return out;
  }
  if (is_streamed(*wanted)) {
    out.headers.set("Content-Length", std::to_string(wanted->size));
    out.stream = stream_of(from, r.ctx, b, *wanted);
  } else {
    CO_TRY(out.body, co_await from.read(r.ctx, b, wanted->name));
  }
  co_return out;
}

}  // namespace

void add_routes(http::router& to, shelf& from) {
  to.post("/files", hosting::signed_in([&from](http::request& r) { return upload(from, r); }));
  to.get("/files/{id}", [&from](http::request& r) { return download(from, r); });
}

hosting::timer_job purging(std::string service, shelf& from) {
  return {std::move(service) + " files", purge_interval,
          [&from](const context& ctx) { return from.purge(ctx); }};
}

hosting::subscription settling(std::string queue, std::vector<std::string> patterns, shelf& from,
                               files_used used_by) {
  events::queue q{.name = std::move(queue), .patterns = std::move(patterns)};
  auto settle = [&from, used_by = std::move(used_by)](events::envelope e,
                                                      context ctx) -> awaitable<result<void>> {
    CO_TRY(auto used, co_await used_by(ctx, e.subject));
    co_return co_await from.settle(ctx, e.subject, std::move(used));
  };
  return {std::move(q),
          [settle = std::move(settle)](const events::envelope& e, const context& ctx) {
            return settle(e, ctx);
          }};
}

}  // namespace oficio::files
