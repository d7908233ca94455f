#include "platform/security/crypto.hpp"

#include <fstream>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "platform/security/tests/temporary_folder.hpp"

namespace oficio::security {
namespace {

using testing::HasSubstr;

TEST(crypto, hashes_as_the_standards_say) {
  EXPECT_EQ(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 4231, test case 2.
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(crypto, base64url_has_one_spelling) {
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("\xfb\xff"), "-_8");
  EXPECT_EQ(from_base64url("-_8"), "\xfb\xff");
  for (std::string_view bad : {"+/8", "-_8=", "-_9", "-", "-_8 ", "-_8\n", "é"}) {
    EXPECT_EQ(from_base64url(bad), std::nullopt) << bad;
  }
}

TEST(crypto, base64url_takes_no_byte_outside_its_alphabet) {
  int taken = 0;
  for (int byte = 0; byte < 256; ++byte) {
    std::string text = "AAA";
    text += static_cast<char>(byte);
    taken += from_base64url(text) ? 1 : 0;
  }
  EXPECT_EQ(taken, 64);
}

TEST(crypto, sealed_text_opens_only_whole_and_with_its_key) {
  std::string key(32, 'k');
  std::string sealed = seal(key, "token");
  EXPECT_EQ(unseal(key, sealed), "token");
  EXPECT_EQ(unseal(key, seal(key, "")), "");
  EXPECT_NE(seal(key, "token"), sealed) << "the same nonce twice";
  EXPECT_EQ(unseal(std::string(32, 'x'), sealed), std::nullopt);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string broken = sealed;
    broken[i] = broken[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(unseal(key, broken), std::nullopt) << "at " << i;
    EXPECT_EQ(unseal(key, sealed.substr(0, i)), std::nullopt) << "cut at " << i;
  }
  EXPECT_THROW(seal("short", "x"), std::invalid_argument);
}

TEST(crypto, compares_whole_texts) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

TEST(crypto, random_tokens_differ) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(random_token());
  EXPECT_EQ(seen.size(), 100U);
  EXPECT_EQ(seen.begin()->size(), 43U);
}

unsigned mode_of(const std::string& path) {
  struct stat info{};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return info.st_mode & 0777U;
}

std::string complaint(const std::string& path, std::size_t bytes = 32) {
  try {
    load_or_create_secret(path, bytes);
    return "none";
  } catch (const std::runtime_error& e) {
    return e.what();
  }
}

TEST(secret_file, is_made_for_its_owner_alone_and_kept) {
  temporary_folder folder;
  std::string path = folder / "keys/identity";
  std::string made = load_or_create_secret(path, 32);
  EXPECT_EQ(made.size(), 32U);
  EXPECT_EQ(mode_of(path), 0600U);
  EXPECT_EQ(load_or_create_secret(path, 32), made);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "keys")) {
    ++files;
    EXPECT_EQ(entry.path().string(), path) << "a temporary was left behind";
  }
  EXPECT_EQ(files, 1U);
}

TEST(secret_file, is_the_same_for_all_who_make_it_at_once) {
  temporary_folder folder;
  std::vector<std::string> got(8);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : got) {
      threads.emplace_back([&] { mine = load_or_create_secret(folder / "key", 32); });
    }
  }
  EXPECT_EQ(std::set<std::string>(got.begin(), got.end()).size(), 1U);
}

TEST(secret_file, that_others_can_reach_is_refused) {
  temporary_folder folder;
  std::string path = folder / "key";
  load_or_create_secret(path, 32);
  for (unsigned mode : {0640U, 0604U, 0620U, 0644U}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    EXPECT_THAT(complaint(path), HasSubstr(path + ": others may read or write this key"));
  }
}

TEST(secret_file, with_other_content_is_refused_without_showing_it) {
  temporary_folder folder;
  for (std::string_view content : {"", "not hex", "abc", "abcd", "ab\ncd\n"}) {
    std::string path = folder / ("key" + random_hex(4));
    std::ofstream(path) << content;
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    EXPECT_EQ(complaint(path), path + ": must hold 64 hexadecimal digits and nothing else");
  }
  EXPECT_THAT(complaint(folder.path().string()), HasSubstr("is not a regular file"));
  std::ofstream(folder / "file") << "x";
  EXPECT_THAT(complaint(folder / "file/key"), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace oficio::security
