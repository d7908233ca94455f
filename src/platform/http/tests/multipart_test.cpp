#include "platform/http/multipart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace oficio::http {
namespace {

constexpr auto type = "multipart/form-data; boundary=xyz";

std::string field(const std::string& disposition, const std::string& content,
                  const std::string& more = "") {
  return "--xyz\r\nContent-Disposition: " + disposition + "\r\n" + more + "\r\n" + content + "\r\n";
}

std::string picture(const std::string& content, const std::string& file = "a.png") {
  return field("form-data; name=\"file\"; filename=\"" + file + "\"", content,
               "Content-Type: image/png\r\n");
}

std::string why_not(const std::string& body, const std::string& content_type = type) {
  auto got = read_form(content_type, body);
  return got ? "taken" : got.error().code;
}

TEST(multipart, parts_with_names_types_and_bytes) {
  std::string bytes("\x89PNG\r\n\x1a\n\0--xyz\r\n--xy", 20);
  auto body = picture(bytes) + field("form-data; name=note", "hi") + "--xyz--\r\n";
  auto got = read_form(type, body).value();
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0].name, "file");
  EXPECT_TRUE(got[0].is_file);
  EXPECT_EQ(got[0].file_name, "a.png");
  EXPECT_EQ(got[0].type, "image/png");
  EXPECT_EQ(got[0].bytes, bytes);
  EXPECT_EQ(got[1].name, "note");
  EXPECT_FALSE(got[1].is_file);
  EXPECT_EQ(got[1].bytes, "hi");
}

TEST(multipart, an_empty_form_and_an_empty_part_are_well_formed) {
  EXPECT_TRUE(read_form(type, "--xyz--").value().empty());
  auto got = read_form(type, picture("") + "--xyz--").value();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].bytes, "");
}

struct named {
  std::string sent;
  std::string read;
};

TEST(multipart, file_names_as_clients_write_them) {
  for (const auto& [sent, read] : std::vector<named>{{"", ""},
                                                     {"two words.png", "two words.png"},
                                                     {"q\\\"uote.png", "q\"uote.png"},
                                                     {"q%22uote.png", "q\"uote.png"},
                                                     {"line%0D%0Abreak", "line  break"},
                                                     {"C:\\dir\\a.png", "C:\\dir\\a.png"},
                                                     {"50%.png", "50%.png"},
                                                     {"a;b=c.png", "a;b=c.png"},
                                                     {"ma\xc3\xb1"
                                                      "ana.png",
                                                      "ma\xc3\xb1"
                                                      "ana.png"}}) {
    auto body = picture("x", sent) + "--xyz--";
    auto got = read_form(type, body);
    ASSERT_TRUE(got.has_value()) << sent;
    EXPECT_EQ((*got)[0].file_name, read);
    EXPECT_TRUE((*got)[0].is_file);
  }
}

TEST(multipart, boundaries_as_clients_name_them) {
  auto body = picture("x") + "--xyz--\r\n";
  for (const auto* good :
       {"multipart/form-data; boundary=xyz", "Multipart/Form-Data;boundary=\"xyz\"",
        "multipart/form-data; charset=utf-8; BOUNDARY=xyz;"}) {
    EXPECT_EQ(why_not(body, good), "taken") << good;
  }
  for (const auto* other : {"", "application/json", "multipart/mixed; boundary=xyz",
                            "multipart/form-data-x; boundary=xyz"}) {
    EXPECT_EQ(why_not(body, other), "unsupported_media_type") << other;
  }
  for (const std::string& bad : std::vector<std::string>{
           "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary",
           "multipart/form-data; boundary=\"xyz", "multipart/form-data; boundary=\"xyz \"",
           "multipart/form-data; boundary=xyz; boundary=xyz", "multipart/form-data boundary=xyz",
           "multipart/form-data; boundary=other", "multipart/form-data; boundary=\"x\\\"yz\"",
           "multipart/form-data; boundary=" + std::string(71, 'x')}) {
    EXPECT_EQ(why_not(body, bad), "malformed_multipart") << bad;
  }
}

TEST(multipart, what_is_malformed_is_refused) {
  auto good = picture("x");
  std::vector<std::string> bad{
      "",
      "x",
      "preamble\r\n" + good + "--xyz--",
      good,  // does not end
      good.substr(0, good.size() - 2) + "--xyz--",
      good + "--xyz",
      good + "--xyz-",
      good + "--xyzz--",
      good + "--xyz--\r\nepilogue",
      "--xyz\n" + good.substr(7) + "--xyz--",
      "--xyz\r\n\r\nno header\r\n--xyz--",
      "--xyz\r\nContent-Type: text/plain\r\n\r\nno disposition\r\n--xyz--",
      "--xyz\r\nContent-Disposition: form-data; name=a\r\n--xyz--",
      "--xyz\r\nno colon\r\n\r\nx\r\n--xyz--",
      "--xyz\r\n: no name\r\n\r\nx\r\n--xyz--",
      "--xyz\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\nx\r\n--xyz--",
      field("attachment; name=a", "x") + "--xyz--",
      field("form-data", "x") + "--xyz--",
      field("form-data; name=\"\"", "x") + "--xyz--",
      field("form-data; name=", "x") + "--xyz--",
      field("form-data; name=\"a", "x") + "--xyz--",
      field("form-data; name=a; name=b", "x") + "--xyz--",
      field("form-data; name=a filename=b", "x") + "--xyz--",
      field("form-data; name=\"\xff\"", "x") + "--xyz--",
      field(std::string("form-data; name=\"a\0b\"", 21), "x") + "--xyz--",
      field("form-data; name=a", "x", "Content-Disposition: form-data; name=b\r\n") + "--xyz--",
      field("form-data; name=a", "x", "Content-Type: a/b\r\nContent-Type: c/d\r\n") + "--xyz--",
      field("form-data; name=a", "x", "Content-Transfer-Encoding: base64\r\n") + "--xyz--",
      field("form-data; name=a", "x", "X-Long: " + std::string(5'000, 'x') + "\r\n") + "--xyz--",
  };
  for (const auto& body : bad) EXPECT_EQ(why_not(body), "malformed_multipart") << body;
}

TEST(multipart, every_cut_of_a_form_is_refused_and_none_is_read_beyond) {
  auto whole = picture("x") + field("form-data; name=note", "hi") + "--xyz--";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // A copy of its own, so that a sanitizer sees each byte that is read beyond it.
    std::string cut(whole, 0, size);
    cut.shrink_to_fit();
    EXPECT_EQ(why_not(cut), "malformed_multipart") << size;
  }
}

TEST(multipart, more_parts_than_allowed_are_refused) {
  std::string body;
  for (int i = 0; i < 16; ++i) body += field("form-data; name=a", "x");
  EXPECT_EQ(why_not(body + "--xyz--"), "taken");
  EXPECT_EQ(why_not(body + field("form-data; name=a", "x") + "--xyz--"), "malformed_multipart");
}

}  // namespace
}  // namespace oficio::http
