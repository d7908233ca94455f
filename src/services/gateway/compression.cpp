#include "services/gateway/compression.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include <zlib.h>

#include "services/gateway/answers.hpp"

namespace oficio::gateway {
namespace {

constexpr std::size_t most_files = 64;
constexpr int level = 5;

// zlib's state is a quarter of a megabyte: each thread makes one, once.
class deflater {
 public:
  deflater() {
    if (deflateInit2(&stream_, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::runtime_error("zlib has no memory");
    }
  }
  ~deflater() { deflateEnd(&stream_); }
  deflater(const deflater&) = delete;
  deflater& operator=(const deflater&) = delete;

  std::string run(std::string_view bytes) {
    deflateReset(&stream_);
    std::string out(deflateBound(&stream_, bytes.size()), '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    if (deflate(&stream_, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("zlib failed");
    out.resize(out.size() - stream_.avail_out);
    return out;
  }

 private:
  z_stream stream_{};
};

bool is_text(std::string_view type) {
  type = type.substr(0, type.find(';'));
  constexpr std::array<std::string_view, 9> texts{"application/json",
                                                  "application/problem+json",
                                                  "text/html",
                                                  "text/css",
                                                  "text/javascript",
                                                  "text/plain",
                                                  "application/javascript",
                                                  "image/svg+xml",
                                                  "application/yaml"};
  return std::ranges::find(texts, type) != texts.end();
}

// What the gateway itself brings along: pages, scripts, styles, the API's description.
bool is_file(const http::request& r) {
  return !r.route.starts_with("/api/") && !r.route.starts_with("/dev/");
}

bool may_be_compressed(const http::request& asked, const http::response& answer) {
  if (answer.status < 200 || answer.status == 206 || !is_text(answer.headers.get("Content-Type")) ||
      answer.headers.has("Content-Encoding") || answer.headers.has("Set-Cookie")) {
    return false;
  }
  if (is_public_read(asked) || is_file(asked)) return true;
  return asked.ctx.who.is_visitor() && asked.route.starts_with("/api/") &&
         !asked.route.starts_with("/api/v1/auth/");
}

double weight_of(std::string_view parameters) {
  auto at = parameters.find("q=");
  if (at == std::string_view::npos) return 1;
  return parameters.substr(at + 2).find_first_of("123456789") == std::string_view::npos ? 0 : 1;
}

}  // namespace

bool takes(std::string_view list, std::string_view coding) {
  std::optional<bool> named;
  bool any = false;
  while (!list.empty()) {
    auto end = std::min(list.find(','), list.size());
    auto one = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    auto semicolon = std::min(one.find(';'), one.size());
    auto name = one.substr(0, semicolon);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    bool wanted = weight_of(one.substr(semicolon)) > 0;
    if (http::equal_ignoring_case(name, coding) ||
        (coding == "gzip" && http::equal_ignoring_case(name, "x-gzip"))) {
      named = wanted;
    } else if (name == "*") {
      any = wanted;
    }
  }
  return named.value_or(any);
}

std::string gzip(std::string_view bytes) {
  thread_local deflater shared;
  return shared.run(bytes);
}

awaitable<void> compressor::compress(const http::request& asked, http::response& answer) {
  if (!may_be_compressed(asked, answer)) co_return;
  vary_by(answer, "Accept-Encoding");
  if (answer.body.size() < smallest || !takes(asked.headers.get("Accept-Encoding"), "gzip"))
    co_return;
  auto small = co_await packed(asked, answer);
  if (!small || small->size() >= answer.body.size()) co_return;
  answer.body = *small;
  answer.headers.set("Content-Encoding", "gzip");
  // Other bytes: a strong tag would claim that they are the same.
  auto tag = std::string(answer.headers.get("ETag"));
  if (!tag.empty() && !tag.starts_with("W/")) answer.headers.set("ETag", "W/" + tag);
}

// Null if it cannot be had now: then the answer goes as it is.
awaitable<std::shared_ptr<const std::string>> compressor::packed(const http::request& asked,
                                                                 const http::response& answer) {
  std::string key;
  if (is_file(asked) && answer.headers.has("ETag")) {
    key.append(asked.route).append(" ").append(answer.headers.get("ETag"));
    if (auto found = kept(key)) co_return found;
  }
  std::shared_ptr<const std::string> made;
  if (answer.body.size() <= in_line) {
    made = std::make_shared<const std::string>(gzip(answer.body));
  } else {
    auto done = co_await pool_.run(
        asked.ctx, [&answer]() -> result<std::string> { return gzip(answer.body); });
    if (!done.has_value()) co_return nullptr;
    made = std::make_shared<const std::string>(std::move(*done));
  }
  if (!key.empty()) keep(key, made);
  co_return made;
}

std::shared_ptr<const std::string> compressor::kept(const std::string& key) const {
  std::lock_guard lock(guard_);
  auto found = files_.find(key);
  return found == files_.end() ? nullptr : found->second;
}

void compressor::keep(const std::string& key, std::shared_ptr<const std::string> packed) {
  std::lock_guard lock(guard_);
  if (files_.size() < most_files) files_.emplace(key, std::move(packed));
}

}  // namespace oficio::gateway
