#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace oficio::sample {

// Chance that falls the same way in every run and on every machine (the standard distributions do
// not promise that). SplitMix64.
class dice {
 public:
  explicit dice(std::uint64_t seed) : state_(seed) {}
  // Dice for one thing alone: what happens to others does not change how they fall.
  dice(std::uint64_t seed, std::string_view kind, std::uint64_t number) : state_(seed) {
    for (char c : kind) mix(static_cast<unsigned char>(c));
    mix(number);
  }

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

  // 0 to limit - 1; limit > 0.
  std::size_t below(std::size_t limit) { return next() % limit; }
  // Both ends included.
  std::int64_t between(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(most - least + 1));
  }
  bool percent(unsigned of_a_hundred) { return next() % 100 < of_a_hundred; }

  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

  // `count` different ones, in the order of the list.
  template <class T>
  std::vector<T> some(const std::vector<T>& from, std::size_t count) {
    std::vector<T> out;
    std::size_t left = from.size();
    for (const auto& one : from) {
      if (count > 0 && below(left) < count) {
        out.push_back(one);
        --count;
      }
      --left;
    }
    return out;
  }

 private:
  void mix(std::uint64_t with) {
    state_ ^= with + 0x9E3779B97F4A7C15U + (state_ << 6U) + (state_ >> 2U);
    state_ = next();
  }

  std::uint64_t state_;
};

}  // namespace oficio::sample
