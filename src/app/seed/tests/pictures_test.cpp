#include "app/seed/pictures.hpp"

#include <gtest/gtest.h>

#include "app/seed/library.hpp"

namespace oficio::sample {
namespace {

bool is_lossy_webp(std::string_view bytes) {
  return bytes.size() > 30 && bytes.substr(0, 4) == "RIFF" && bytes.substr(8, 8) == "WEBPVP8 ";
}

TEST(Pictures, there_is_a_cover_for_each_subcategory_and_it_is_small) {
  pictures art;
  auto texts = load_library();
  EXPECT_GE(art.covers(), texts.trades.size() * 4);
  for (const auto& one : texts.trades) {
    for (std::uint64_t i = 0; i < 6; ++i) {
      auto cover = art.cover(one.subcategory, i);
      EXPECT_TRUE(is_lossy_webp(cover)) << one.subcategory;
      EXPECT_LT(cover.size(), 20'000U) << one.subcategory;
    }
  }
  EXPECT_TRUE(art.cover("nothing-like-that", 0).empty());
}

TEST(Pictures, there_are_many_faces) {
  pictures art;
  EXPECT_GE(art.faces(), 100U);
  for (std::uint64_t i = 0; i < art.faces(); ++i) EXPECT_TRUE(is_lossy_webp(art.face(i)));
}

}  // namespace
}  // namespace oficio::sample
