#include "drivers/elasticsearch/position.hpp"

#include <bit>
#include <cmath>

namespace oficio::elasticsearch {
namespace {

error bad_cursor() {
  return {errc::bad_request, "bad_cursor", "The position does not belong to this search."};
}

}  // namespace

order order_of(const search::query& q, const std::string& number_path) {
  json::object by_id{{"id", {{"order", "desc"}}}};  // newest first among equals
  if (!q.sort.field.empty()) {
    const char* direction = q.sort.descending ? "desc" : "asc";
    json::object by_number{{number_path, {{"order", direction}, {"missing", "_last"}}}};
    return {q.sort.field + " " + direction, {std::move(by_number), std::move(by_id)}};
  }
  if (q.text.empty()) return {"newest", {std::move(by_id)}};
  return {"relevance", {json::object{{"_score", {{"order", "desc"}}}}, std::move(by_id)}};
}

// A score goes by its bits: it must come back as the very same number.
std::string write_position(const order& by, const json::array& values) {
  json::array out{by.name};
  for (const auto& v : values) {
    if (v.is_double()) {
      out.emplace_back(std::bit_cast<std::int64_t>(v.get_double()));
    } else {
      out.push_back(v);
    }
  }
  return json::to_text(json::value(std::move(out)));
}

result<json::array> read_position(const order& by, const std::string& text) {
  auto parsed = json::parse(text);
  auto* parts = parsed ? parsed->if_array() : nullptr;
  if (!parts || parts->size() != by.sort.size() + 1) return bad_cursor();
  const auto* name = parts->front().if_string();
  if (!name || *name != by.name || !parts->back().is_string()) return bad_cursor();
  json::array out(parts->begin() + 1, parts->end());
  if (out.size() == 1) return out;
  if (!out.front().is_int64()) return bad_cursor();
  if (by.name == "relevance") {
    auto score = std::bit_cast<double>(out.front().get_int64());
    if (!std::isfinite(score)) return bad_cursor();
    out.front() = score;
  }
  return out;
}

}  // namespace oficio::elasticsearch
