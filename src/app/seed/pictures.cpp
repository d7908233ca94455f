#include "app/seed/pictures.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "app/seed/embedded.hpp"

namespace oficio::sample {
namespace {

// The file is a list of lines, "name size", an empty line, and then the pictures one after another.
std::string_view take_line(std::string_view& from) {
  auto end = from.find('\n');
  if (end == std::string_view::npos) throw std::logic_error("the sample pictures are cut off");
  auto line = from.substr(0, end);
  from.remove_prefix(end + 1);
  return line;
}

}  // namespace

pictures::pictures() {
  auto rest = embedded::pictures_bin();
  std::vector<std::pair<std::string, std::size_t>> entries;
  for (auto line = take_line(rest); !line.empty(); line = take_line(rest)) {
    auto space = line.find(' ');
    std::size_t size = 0;
    auto digits = line.substr(std::min(space, line.size() - 1) + 1);
    if (space == std::string_view::npos ||
        std::from_chars(digits.data(), digits.data() + digits.size(), size).ec != std::errc{}) {
      throw std::logic_error("the list of sample pictures cannot be read");
    }
    entries.emplace_back(line.substr(0, space), size);
  }
  for (const auto& [name, size] : entries) {
    if (rest.size() < size) throw std::logic_error("the sample pictures are cut off");
    auto& list = name == "face" ? faces_ : covers_[name];
    list.push_back(rest.substr(0, size));
    rest.remove_prefix(size);
  }
}

std::string_view pictures::cover(const std::string& subcategory, std::uint64_t number) const {
  auto found = covers_.find(subcategory);
  if (found == covers_.end()) return {};
  return found->second[number % found->second.size()];
}

std::string_view pictures::face(std::uint64_t number) const {
  return faces_.empty() ? std::string_view{} : faces_[number % faces_.size()];
}

std::size_t pictures::covers() const {
  std::size_t sum = 0;
  for (const auto& [name, list] : covers_) sum += list.size();
  return sum;
}

}  // namespace oficio::sample
