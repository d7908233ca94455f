#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace oficio::sample {

// Pictures that were drawn before and only wait to be used: WebP files, as the market keeps them.
// The views last as long as the program.
class pictures {
 public:
  // Reads what the program carries. Throws std::logic_error if that is damaged.
  pictures();

  // A cover for work of that subcategory; empty if there is none.
  std::string_view cover(const std::string& subcategory, std::uint64_t number) const;
  std::string_view face(std::uint64_t number) const;

  std::size_t covers() const;
  std::size_t faces() const { return faces_.size(); }

 private:
  std::map<std::string, std::vector<std::string_view>> covers_;
  std::vector<std::string_view> faces_;
};

}  // namespace oficio::sample
