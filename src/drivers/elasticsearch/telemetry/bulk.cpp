#include "drivers/elasticsearch/telemetry/bulk.hpp"

#include <stdexcept>

#include <zlib.h>

#include "drivers/elasticsearch/server.hpp"
#include "platform/json/json.hpp"

namespace oficio::elasticsearch {
namespace {

constexpr std::size_t max_depth = 32;

bool is_busy(std::int64_t status) {
  return status == 429 || status >= 500;
}

bool is_stored(std::int64_t status) {
  return status < 300 || status == 409;  // 409: it is there already
}

}  // namespace

std::string bulk_lines(const std::vector<telemetry::record>& records) {
  std::string out;
  for (const auto& r : records) {
    json::object action{{"create", {{"_index", r.stream}, {"_id", r.id}}}};
    out.append(json::to_text(json::value(std::move(action)))).append("\n");
    out.append(r.document).append("\n");
  }
  return out;
}

bulk_outcome read_bulk_answer(std::string_view body, std::size_t count) {
  bulk_outcome out;
  auto parsed = json::parse(body, max_depth);
  if (!parsed.has_value()) return out;
  const auto* errors = find(*parsed, {"errors"});
  const auto* items = find(*parsed, {"items"});
  if (!errors || !errors->is_bool() || !items || !items->is_array() ||
      items->get_array().size() != count) {
    return out;
  }
  out.understood = true;
  if (!errors->get_bool()) return out;
  const auto& all = items->get_array();
  for (std::size_t i = 0; i < count; ++i) {
    auto status = integer_of(find(all[i], {"create", "status"}), 500);
    if (is_stored(status)) continue;
    (is_busy(status) ? out.again : out.refused).push_back(i);
    if (!is_busy(status) && out.reason.empty()) {
      out.reason = text_of(find(all[i], {"create", "error", "type"})) + ": " +
                   text_of(find(all[i], {"create", "error", "reason"}));
    }
  }
  return out;
}

std::string gzip(std::string_view bytes) {
  z_stream z{};
  constexpr int with_gzip_header = 15 + 16;
  if (deflateInit2(&z, 1, Z_DEFLATED, with_gzip_header, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib cannot begin");
  }
  std::string out(deflateBound(&z, bytes.size()), '\0');
  // zlib does not write through this pointer; its type is older than const.
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  int done = deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  if (done != Z_STREAM_END) throw std::runtime_error("zlib cannot end");
  return out;
}

}  // namespace oficio::elasticsearch
