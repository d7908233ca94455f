#include "platform/json/reader.hpp"

namespace oficio::json {

reader::step::step(reader& in, std::string_view name) : in_(in), size_(in.path_.size()) {
  in_.path_ += '/';
  for (char c : name) {  // RFC 6901: ~ and / are escaped
    if (c == '~') {
      in_.path_ += "~0";
    } else if (c == '/') {
      in_.path_ += "~1";
    } else {
      in_.path_ += c;
    }
  }
}

reader::step::step(reader& in, std::size_t index) : in_(in), size_(in.path_.size()) {
  in_.path_ += '/' + std::to_string(index);
}

}  // namespace oficio::json
