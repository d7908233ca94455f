#include "services/gateway/web_pages.hpp"

#include <algorithm>
#include <memory>

#include "services/gateway/compression.hpp"
#include "services/gateway/embedded_web.hpp"
#include "services/gateway/web_bundle.hpp"

namespace oficio::gateway {
namespace {

// Scripts come from here alone and never stand in a page. The components' library writes its
// variables into style elements.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

// A worker lives by the policy of its own script; it asks for what the pages ask for.
constexpr std::string_view worker_name = "/sw.js";
constexpr std::string_view worker_policy = "default-src 'none'; connect-src 'self'";

constexpr std::string_view page_name = "/index.html";

void choose_form(const web_file& file, const http::request& r, http::response& answer) {
  auto accepted = r.headers.get("Accept-Encoding");
  answer.headers.add("Vary", "Accept-Encoding");
  if (!file.brotli.empty() && takes(accepted, "br")) {
    answer.headers.add("Content-Encoding", "br");
    answer.body = file.brotli;
  } else if (!file.gzip.empty() && takes(accepted, "gzip")) {
    answer.headers.add("Content-Encoding", "gzip");
    answer.body = file.gzip;
  } else {
    answer.body = file.plain;
  }
}

http::response shown(const web_file& file, const http::request& r, int status = 200) {
  http::response answer;
  answer.headers.add("Cache-Control",
                     file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  answer.headers.add("ETag", file.tag);
  if (file.type.starts_with("text/html")) {
    answer.headers.add("Content-Security-Policy", std::string(page_policy));
  } else if (file.path == worker_name) {
    answer.headers.add("Content-Security-Policy", std::string(worker_policy));
  }
  if (status == 200 && r.headers.get("If-None-Match") == file.tag) {
    answer.status = 304;
    return answer;
  }
  answer.status = status;
  answer.headers.add("Content-Type", file.type);
  choose_form(file, r, answer);
  return answer;
}

constexpr std::string_view assets = "/assets/";

// One route for all of them: their names change with every release, and would make as many series
// of figures.
awaitable<result<http::response>> show_asset(std::shared_ptr<const web_bundle> held,
                                             std::string_view name, http::request& r) {
  auto path = std::string(assets) + std::string(name);
  auto found = std::ranges::find(held->files, path, &web_file::path);
  if (found != held->files.end()) co_return shown(*found, r);
  co_return error{errc::not_found, "no_such_route", "There is nothing at this path."};
}

awaitable<result<http::response>> show(std::shared_ptr<const web_bundle>, const web_file& file,
                                       http::request& r) {
  co_return shown(file, r);
}

bool is_for_people(const http::request& r) {
  bool reading = r.method == http::method::get || r.method == http::method::head;
  return reading && r.headers.get("Accept").find("text/html") != std::string_view::npos &&
         !r.target.starts_with("/api/");
}

awaitable<result<http::response>> show_nothing(std::shared_ptr<const web_bundle>,
                                               const web_file& page, http::request& r) {
  if (is_for_people(r)) co_return shown(page, r, 404);
  co_return error{errc::not_found, "no_such_route", "There is nothing at this path."};
}

}  // namespace

void add_web_pages(http::router& routes) {
  auto held = std::make_shared<const web_bundle>(read_web_bundle(web::bundle_bin()));
  auto page = std::ranges::find(held->files, page_name, &web_file::path);
  if (page == held->files.end()) {
    throw std::runtime_error("the web application's bundle has no page");
  }
  for (const auto& file : held->files) {
    if (&file == &*page || file.path.starts_with(assets)) continue;
    routes.get(file.path, [held, &file](http::request& r) { return show(held, file, r); });
  }
  routes.get(std::string(assets) + "{name}",
             [held](http::request& r) { return show_asset(held, r.param("name"), r); });
  for (const auto& pattern : held->pages) {
    routes.get(pattern, [held, page](http::request& r) { return show(held, *page, r); });
  }
  routes.otherwise([held, page](http::request& r) { return show_nothing(held, *page, r); });
}

}  // namespace oficio::gateway
