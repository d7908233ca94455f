#include "drivers/pictures/vips.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "picture_samples.hpp"

namespace oficio::pictures {
namespace {

class vips_studio : public testing::Test {
 protected:
  template <class T>
  T run(awaitable<T> work) {
    auto done = boost::asio::co_spawn(io_, std::move(work), boost::asio::use_future);
    io_.restart();
    io_.run();
    return done.get();
  }

  result<std::vector<picture>> draw(const std::string& bytes, std::vector<form> forms) {
    return run(studio_->draw(context::for_system(std::chrono::minutes(1)), shared(bytes),
                             std::move(forms)));
  }
  result<extent> measure(const std::string& bytes) {
    return run(studio_->measure(context::for_system(std::chrono::minutes(1)), shared(bytes)));
  }
  std::string why_not(const std::string& bytes) {
    auto got = draw(bytes, {{100}});
    return got ? "drawn" : got.error().code;
  }

  static shared_bytes shared(const std::string& bytes) {
    auto whole = std::make_shared<const std::string>(bytes);
    return {whole, *whole};
  }

  boost::asio::io_context io_;  // outlives the studio's thread, which resumes on it
  std::unique_ptr<studio> studio_ = make_vips_studio();
};

TEST_F(vips_studio, pictures_of_each_kind_are_drawn_to_size_without_metadata) {
  for (const auto* save :
       {".png", ".png[interlace]", ".jpg", ".jpg[interlace]", ".webp", ".webp[lossless]"}) {
    auto sent = samples::make(1'600, 800, save);
    auto got = draw(sent, {{1'200}, {400}, {256, true}});
    ASSERT_TRUE(got.has_value()) << save << ": " << got.error().code;
    ASSERT_EQ(got->size(), 3u);
    std::vector<std::pair<int, int>> sizes{{1'200, 600}, {400, 200}, {256, 256}};
    for (std::size_t i = 0; i < 3; ++i) {
      const auto& one = (*got)[i];
      EXPECT_EQ(one.type, "image/webp");
      EXPECT_EQ(std::pair(one.width, one.height), sizes[i]) << save;
      auto read = samples::look(one.bytes);
      EXPECT_EQ(std::pair(read.width, read.height), sizes[i]);
      EXPECT_FALSE(read.has_metadata) << save;
    }
  }
}

TEST_F(vips_studio, what_a_camera_tells_is_there_before_and_gone_after) {
  auto sent = samples::make(60, 40, ".jpg");
  ASSERT_TRUE(samples::look(sent).has_metadata);
  EXPECT_FALSE(samples::look(draw(sent, {{50}}).value().front().bytes).has_metadata);
}

TEST_F(vips_studio, small_pictures_are_enlarged_only_where_a_square_is_wanted) {
  auto got = draw(samples::make(40, 20, ".png"), {{1'200}, {256, true}}).value();
  EXPECT_EQ(std::pair(got[0].width, got[0].height), std::pair(40, 20));
  EXPECT_EQ(std::pair(got[1].width, got[1].height), std::pair(256, 256));
}

TEST_F(vips_studio, grey_and_transparent_pictures_are_drawn) {
  EXPECT_TRUE(draw(samples::make(60, 60, ".png", 1), {{50}}).has_value());
  EXPECT_TRUE(draw(samples::make(60, 60, ".png", 4), {{50}}).has_value());
}

TEST_F(vips_studio, a_picture_is_measured_by_its_header) {
  auto got = measure(samples::make(321, 123, ".webp")).value();
  EXPECT_EQ(std::pair(got.width, got.height), std::pair(321, 123));
}

TEST_F(vips_studio, bombs_are_refused_by_their_header) {
  for (auto [width, height] : std::vector<std::pair<unsigned, unsigned>>{
           {30'000, 30'000}, {16'385, 10}, {5'001, 5'000}, {0x7fffffff, 0x7fffffff}}) {
    auto bomb = samples::png_bomb(width, height);
    EXPECT_LT(bomb.size(), 200u);
    auto got = measure(bomb);
    ASSERT_FALSE(got.has_value()) << width;
    // A size that libpng itself refuses makes the picture a broken one.
    EXPECT_EQ(got.error().code, width > 1'000'000 ? "broken_picture" : "picture_too_large");
    EXPECT_EQ(got.error().kind, errc::invalid);
    EXPECT_NE(why_not(bomb), "drawn");
  }
}

TEST_F(vips_studio, what_is_damaged_is_refused) {
  EXPECT_EQ(why_not(samples::png_bomb(4'000, 4'000)), "broken_picture");  // too few pixels in it
  for (const auto* save : {".png", ".jpg", ".webp"}) {
    auto whole = samples::make(400, 300, save);
    for (std::size_t size : {std::size_t{0}, std::size_t{12}, whole.size() / 2}) {
      EXPECT_EQ(why_not(whole.substr(0, size)), "broken_picture") << save << " " << size;
    }
  }
}

TEST_F(vips_studio, no_other_format_is_read) {
  EXPECT_EQ(why_not("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>"),
            "broken_picture");
  EXPECT_EQ(why_not(std::string(
                "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;", 35)),
            "broken_picture");
  EXPECT_EQ(why_not("P5 2 2 255 abcd"), "broken_picture");
  EXPECT_EQ(why_not("%PDF-1.4\n%%EOF"), "broken_picture");
}

}  // namespace
}  // namespace oficio::pictures
