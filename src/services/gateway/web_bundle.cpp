#include "services/gateway/web_bundle.hpp"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/describe.hpp>

#include "platform/json/json.hpp"

namespace oficio::gateway {
namespace {

using place = std::vector<std::int64_t>;  // where in the bytes, and how many

struct packed_file {
  std::string path;
  std::string type;
  std::string etag;
  bool immutable = false;
  place plain;
  std::optional<place> gzip;
  std::optional<place> br;
};
BOOST_DESCRIBE_STRUCT(packed_file, (), (path, type, etag, immutable, plain, gzip, br))

struct index {
  std::vector<std::string> pages;
  std::vector<packed_file> files;
};
BOOST_DESCRIBE_STRUCT(index, (), (pages, files))

std::string_view at(std::string_view bytes, const place& where) {
  bool fits = where.size() == 2 && where[0] >= 0 && where[1] >= 0 &&
              std::cmp_less_equal(where[0], bytes.size()) &&
              std::cmp_less_equal(where[1], bytes.size() - static_cast<std::size_t>(where[0]));
  if (!fits) throw std::runtime_error("the web application's bundle is cut off");
  return bytes.substr(static_cast<std::size_t>(where[0]), static_cast<std::size_t>(where[1]));
}

std::string_view at(std::string_view bytes, const std::optional<place>& where) {
  return where ? at(bytes, *where) : std::string_view{};
}

}  // namespace

web_bundle read_web_bundle(std::string_view bytes) {
  auto line = bytes.find('\n');
  auto parsed = json::parse(bytes.substr(0, line));
  auto read = parsed ? json::from_stored<index>(*parsed) : result<index>(parsed.error());
  if (line == std::string_view::npos || !read) {
    throw std::runtime_error("the web application's bundle has no index");
  }
  auto content = bytes.substr(line + 1);
  web_bundle out{std::move(read->pages), {}};
  for (auto& f : read->files) {
    out.files.push_back({std::move(f.path), std::move(f.type), "W/\"" + f.etag + "\"", f.immutable,
                         at(content, f.plain), at(content, f.gzip), at(content, f.br)});
  }
  return out;
}

}  // namespace oficio::gateway
