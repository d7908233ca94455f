#include "drivers/embedded/search/position.hpp"

#include <bit>
#include <cmath>

#include "platform/json/json.hpp"

namespace oficio::embedded {
namespace {

error bad_cursor() {
  return {errc::bad_request, "bad_cursor", "The position does not belong to this search."};
}

}  // namespace

bool stands_before(const sort_value& a, std::string_view a_id, const sort_value& b,
                   std::string_view b_id) {
  if (a.missing != b.missing) return b.missing;
  if (a.score != b.score) return a.score > b.score;
  if (a.number != b.number) return a.number > b.number;
  return a_id > b_id;
}

// The score goes by its bits: it must come back as the very same number.
std::string write_position(const position& p, const std::string& order) {
  return json::to_text(json::value(json::array{
      order, p.value.missing, std::bit_cast<std::int64_t>(p.value.score), p.value.number, p.id}));
}

result<position> read_position(const std::string& text, const std::string& order) {
  auto parsed = json::parse(text);
  auto* parts = parsed ? parsed->if_array() : nullptr;
  if (!parts || parts->size() != 5) return bad_cursor();
  auto* name = (*parts)[0].if_string();
  auto* missing = (*parts)[1].if_bool();
  auto* bits = (*parts)[2].if_int64();
  auto* number = (*parts)[3].if_int64();
  auto* id = (*parts)[4].if_string();
  if (!name || !missing || !bits || !number || !id || *name != order) return bad_cursor();
  auto score = std::bit_cast<double>(*bits);
  if (!std::isfinite(score)) return bad_cursor();
  return position{{*missing, score, *number}, {id->data(), id->size()}};
}

}  // namespace oficio::embedded
