#include "platform/realtime/items.hpp"

namespace oficio::realtime {

items& items::add_json(std::string_view value) {
  if (value.empty()) return *this;
  if (!text_.empty()) text_.push_back(',');
  text_.append(value);
  return *this;
}

items& items::add_bytes(bytes value) {
  auto number = attachments_.size();
  attachments_.push_back(std::move(value));
  return add_json("{\"_placeholder\":true,\"num\":" + std::to_string(number) + "}");
}

args::args(std::string_view text, const scanned& found, std::size_t first,
           std::vector<bytes> attached)
    : text_(text), attachments_(std::move(attached)) {
  slices_.assign(found.elements.begin() + static_cast<std::ptrdiff_t>(first), found.elements.end());
}

args& args::operator=(const args& other) {
  if (this == &other) return *this;
  owns_ = other.owns_;
  own_ = other.own_;
  text_ = owns_ ? std::string_view(own_) : other.text_;
  slices_ = other.slices_;
  attachments_ = other.attachments_;
  return *this;
}

args& args::operator=(args&& other) noexcept {
  if (this == &other) return *this;
  owns_ = other.owns_;
  own_ = std::move(other.own_);
  text_ = owns_ ? std::string_view(own_) : other.text_;
  slices_ = std::move(other.slices_);
  attachments_ = std::move(other.attachments_);
  return *this;
}

std::string_view args::text(std::size_t i) const {
  return i < slices_.size() ? slices_[i].of(text_) : "null";
}

bytes args::binary(std::size_t i) const {
  auto number = placeholder_of(text(i));
  if (number < 0 || static_cast<std::size_t>(number) >= attachments_.size()) return nullptr;
  return attachments_[static_cast<std::size_t>(number)];
}

items args::from(std::size_t first) const {
  items out;
  if (first >= slices_.size()) return out;
  auto begin = slices_[first].begin;
  auto end = slices_.back().begin + slices_.back().size;
  out.text_ = text_.substr(begin, end - begin);
  out.attachments_ = attachments_;
  return out;
}

args args::kept() const {
  args out(*this);
  if (!owns_) {
    out.owns_ = true;
    out.own_ = std::string(text_);
    out.text_ = out.own_;
  }
  return out;
}

error args::missing(std::size_t i) {
  return {errc::bad_request, "missing_argument",
          "The event has no argument " + std::to_string(i + 1) + "."};
}

}  // namespace oficio::realtime
