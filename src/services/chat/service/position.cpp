#include "services/chat/service/position.hpp"

namespace oficio::chat {

std::string to_text(const documents::query::position& p) {
  return std::string(p.values.at(0).as_string()) + ' ' + p.id;
}

result<documents::query::position> read_position(const std::string& text) {
  auto space = text.find(' ');
  if (space == std::string::npos) {
    return error{errc::bad_request, "bad_cursor", "The cursor does not belong to this list."};
  }
  return documents::query::position{{boost::json::value(text.substr(0, space))},
                                    text.substr(space + 1)};
}

}  // namespace oficio::chat
