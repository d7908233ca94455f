#include "platform/pictures/bare.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include "picture_samples.hpp"

namespace oficio::pictures {
namespace {

using namespace std::string_literals;

const auto saves = {".png",  ".png[interlace]", ".jpg", ".jpg[interlace]",
                    ".webp", ".webp[lossless]"};
constexpr auto place = "my home";  // what the samples' camera notes

// Whether the words are anywhere in it.
bool tells(const std::string& file, const std::string& text) {
  return file.find(text) != file.npos;
}

std::string big_endian(std::size_t number) {
  return {static_cast<char>(number >> 24U), static_cast<char>(number >> 16U),
          static_cast<char>(number >> 8U), static_cast<char>(number)};
}

std::string png_chunk(const std::string& name, const std::string& content) {
  auto named = name + content;
  auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(named.data()), static_cast<uInt>(named.size()));
  return big_endian(content.size()) + named + big_endian(sum);
}

constexpr std::size_t behind_header = 8 + 12 + 13;  // of a PNG

// A picture as a camera makes it; libvips writes no EXIF into a PNG.
std::string taken(const std::string& save, int side = 1) {
  auto made = samples::make(320, 200, save, 3, side);
  if (!save.starts_with(".png")) return made;
  auto exif = "MM\0*\0\0\0\x08\0\x02"s + "\x01\x0f\0\x02\0\0\0\x08\0\0\0\x26"s +
              "\x01\x12\0\x03\0\0\0\x01\0"s + static_cast<char>(side) + "\0\0"s + "\0\0\0\0"s +
              place + "\0"s;
  return made.insert(behind_header, png_chunk("eXIf", exif));
}

// Which side is up, by the EXIF data that bare() leaves.
int side_of(const std::string& file) {
  auto at = file.find("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"s);
  return at == file.npos ? 1 : file.at(at + 18);
}

std::string jpeg_segment(char marker, const std::string& content) {
  auto size = content.size() + 2;
  return "\xff"s + marker + static_cast<char>(size >> 8U) + static_cast<char>(size) + content;
}

TEST(bare, leaves_the_pixels_and_nothing_else) {
  for (const auto* save : saves) {
    auto sent = taken(save);
    ASSERT_TRUE(samples::look(sent).has_metadata || tells(sent, place)) << save;
    auto got = bare(sent);
    ASSERT_TRUE(got) << save;
    EXPECT_FALSE(samples::look(*got).has_metadata) << save;
    EXPECT_FALSE(tells(*got, place)) << save;
    EXPECT_LT(got->size(), sent.size()) << save;
    EXPECT_EQ(samples::pixels_of(*got), samples::pixels_of(sent)) << save;
    EXPECT_EQ(bare(*got), got) << save;
  }
}

TEST(bare, keeps_which_side_is_up) {
  for (const auto* save : saves) {
    for (int side : {3, 6, 8}) {
      auto got = bare(taken(save, side)).value_or("");
      EXPECT_EQ(side_of(got), side) << save;
      bool is_png = std::string_view(save).starts_with(".png");
      if (!is_png) EXPECT_EQ(samples::look(got).side_up, side) << save;
      EXPECT_FALSE(tells(got, place)) << save;
      EXPECT_EQ(bare(got), got) << save;
    }
  }
}

TEST(bare, keeps_colour_profiles_unless_they_are_not_wanted) {
  for (const auto* save : {".png[profile=srgb]", ".jpg[profile=srgb]", ".webp[profile=srgb]"}) {
    auto sent = samples::make(60, 40, save);
    EXPECT_TRUE(samples::look(bare(sent).value_or("")).has_metadata) << save;
    EXPECT_FALSE(samples::look(bare(sent, profile::goes).value_or("")).has_metadata) << save;
  }
}

TEST(bare, takes_out_what_is_hidden_elsewhere_in_a_jpeg) {
  auto sent = samples::make(60, 40, ".jpg");
  auto hidden = jpeg_segment('\xe1', "http://ns.adobe.com/xap/1.0/\0 my home"s) +
                jpeg_segment('\xed', "Photoshop 3.0\0 my home"s) + jpeg_segment('\xfe', "my home") +
                jpeg_segment('\xe2', "MPF\0 my home"s) + jpeg_segment('\xe0', "JFXX\0 my home"s) +
                "\0\0"s;
  auto got = bare(sent.substr(0, 2) + hidden + sent.substr(2) + "my home, a film of it");
  EXPECT_EQ(got, bare(sent));
}

TEST(bare, drops_the_preview_of_a_jpeg) {
  auto plain = bare(samples::make(60, 40, ".jpg")).value_or("");
  auto with = [&](const std::string& jfif) {
    return plain.substr(0, 2) + jpeg_segment('\xe0', jfif) + plain.substr(2);
  };
  auto fields = "JFIF\0\x01\x02\x01\0\x48\0\x48"s;  // 72 dots an inch
  EXPECT_EQ(bare(with(fields + "\x01\x01rgb")), with(fields + "\0\0"s));
}

TEST(bare, takes_out_what_is_hidden_elsewhere_in_a_png) {
  auto sent = samples::make(60, 40, ".png");
  auto hidden = png_chunk("tEXt", "Comment\0my home"s) + png_chunk("iTXt", "my home") +
                png_chunk("tIME", "1234567") + png_chunk("prVt", "my home");
  EXPECT_EQ(bare(sent.substr(0, behind_header) + hidden + sent.substr(behind_header) + "my home"),
            bare(sent));
}

TEST(bare, takes_out_what_is_hidden_elsewhere_in_a_webp) {
  auto sent = samples::make(60, 40, ".webp");
  EXPECT_EQ(bare(sent + "my home"), bare(sent));
}

TEST(bare, refuses_what_is_damaged) {
  for (const auto* save : saves) {
    auto sent = samples::make(60, 40, save);
    for (std::size_t size = 0; size < sent.size(); size += 7) {
      EXPECT_FALSE(bare(sent.substr(0, size))) << save << " " << size;
    }
  }
  EXPECT_FALSE(bare("%PDF-1.7"));
  EXPECT_FALSE(bare("\xff\xd8\xff\xd9"));
}

}  // namespace
}  // namespace oficio::pictures
