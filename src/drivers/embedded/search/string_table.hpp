#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace oficio::embedded {

// Texts, each once, numbered from 0 in the order in which they came: about its bytes and 20 more
// for each, where a map of strings takes a hundred.
class string_table {
 public:
  // Its number, new or known.
  std::uint32_t learn(std::string_view text);
  std::optional<std::uint32_t> find(std::string_view text) const;
  // Until the next learn().
  std::string_view text(std::uint32_t number) const {
    return {bytes_.data() + begins_[number], begins_[number + 1] - begins_[number]};
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(begins_.size() - 1); }
  void shrink();  // gives back what is kept for growth

 private:
  static constexpr std::uint32_t nothing = static_cast<std::uint32_t>(-1);

  struct slot {
    std::uint32_t number = nothing;
    std::uint32_t hash = 0;  // tells most texts apart without a look at them
  };

  std::size_t slot_of(std::string_view text, std::uint32_t hash) const;
  void grow();

  std::vector<char> bytes_;
  std::vector<std::uint32_t> begins_{0};
  std::vector<slot> slots_ = std::vector<slot>(16);
};

}  // namespace oficio::embedded
