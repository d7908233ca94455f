#include "platform/files/kind.hpp"

#include <gtest/gtest.h>

namespace oficio::files {
namespace {

using namespace std::string_view_literals;

TEST(sniffing, what_it_is_by_its_content) {
  struct row {
    std::string_view bytes;
    std::optional<kind> is;
  };
  for (const auto& [bytes, is] :
       std::vector<row>{{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"sv, kind::png},
                        {"\xff\xd8\xff\xe0\0\x10JFIF"sv, kind::jpeg},
                        {"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0"sv, kind::webp},
                        {"%PDF-1.7\n"sv, kind::pdf},
                        {"PK\x03\x04\x14\0\0\0"sv, kind::zip},
                        {"PK\x05\x06\0\0\0\0"sv, kind::zip},
                        {""sv, std::nullopt},
                        {"\x89PNG"sv, std::nullopt},
                        {"\xff\xd8"sv, std::nullopt},
                        {"RIFF\x24\0\0\0WAVEfmt \x18\0\0\0"sv, std::nullopt},
                        {"RIFF\x24\0\0\0WEBP"sv, std::nullopt},
                        {" %PDF-1.7\n"sv, std::nullopt},
                        {"GIF89a\1\0\1\0"sv, std::nullopt},
                        {"BM\x46\0\0\0"sv, std::nullopt},
                        {"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"sv, std::nullopt},
                        {"<?xml version=\"1.0\"?><svg/>"sv, std::nullopt},
                        {"<!doctype html><script>alert(1)</script>"sv, std::nullopt},
                        {"MZ\x90\0"sv, std::nullopt},
                        {"\x7f"
                         "ELF"sv,
                         std::nullopt},
                        {"#!/bin/sh\n"sv, std::nullopt}}) {
    EXPECT_EQ(sniff(bytes), is) << bytes;
  }
}

TEST(names, are_safe_and_end_as_their_kind_does) {
  struct row {
    std::string said;
    kind is;
    std::string kept;
  };
  for (const auto& [said, is, kept] :
       std::vector<row>{{"cat.png", kind::png, "cat.png"},
                        {"cat.JPEG", kind::jpeg, "cat.JPEG"},
                        {"cat.png", kind::zip, "cat.png.zip"},
                        {"page.html", kind::png, "page.html.png"},
                        {"offer.docx", kind::zip, "offer.docx"},
                        {"../../etc/passwd", kind::pdf, "passwd.pdf"},
                        {"C:\\fakepath\\a.pdf", kind::pdf, "a.pdf"},
                        {"", kind::webp, "file.webp"},
                        {".png", kind::png, "png.png"},
                        {"...", kind::png, "file.png"},
                        {".htaccess", kind::zip, "htaccess.zip"},
                        {"a\"b\r\nX: y.png", kind::png, "abX y.png"},
                        {"a;b.png", kind::png, "ab.png"},
                        {"exe\xe2\x80\xaegpj.png", kind::png, "exegpj.png"},
                        {"ma\xc3\xb1"
                         "ana.png",
                         kind::png,
                         "ma\xc3\xb1"
                         "ana.png"}}) {
    EXPECT_EQ(safe_name(said, is), kept) << said;
  }
}

TEST(names, are_cut_between_characters) {
  std::string long_name;
  for (int i = 0; i < 200; ++i) long_name += "\xc3\xb1";
  auto kept = safe_name(long_name + ".png", kind::png);
  EXPECT_EQ(kept.size(), 96u * 2 + 4);
  EXPECT_TRUE(kept.ends_with("\xc3\xb1.png"));
}

TEST(dispositions, name_the_file_for_old_and_new_clients) {
  EXPECT_EQ(disposition("a b.pdf", true), "attachment; filename=\"a b.pdf\"");
  EXPECT_EQ(disposition("cat.png", false), "inline; filename=\"cat.png\"");
  EXPECT_EQ(disposition("a\xc3\xb1o.pdf", true),
            "attachment; filename=\"a_o.pdf\"; filename*=UTF-8''a%C3%B1o.pdf");
}

}  // namespace
}  // namespace oficio::files
