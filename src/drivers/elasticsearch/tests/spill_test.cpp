#include "drivers/elasticsearch/telemetry/spill.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

namespace oficio::elasticsearch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::size_t much = 64 * 1024 * 1024;

// While it lives no file grows beyond so many bytes, as if the disk were full.
class full_disk {
 public:
  explicit full_disk(rlim_t most) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit now{most, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~full_disk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  full_disk(const full_disk&) = delete;
  full_disk& operator=(const full_disk&) = delete;

 private:
  rlimit before_{};
};

class spill_test : public testing::Test {
 protected:
  spill_test()
      : folder_((std::filesystem::temp_directory_path() /
                 ("oficio-spill-" + std::to_string(::getpid())))
                    .string()) {
    clear();
  }
  ~spill_test() override { clear(); }
  void clear() const {
    for (const auto* end : {"", ".1"}) std::filesystem::remove_all(folder_ + end);
  }

  std::size_t files() const {
    auto all = std::filesystem::directory_iterator(folder_);
    return static_cast<std::size_t>(std::ranges::count_if(
        all, [](const auto& entry) { return entry.path().extension() == ".records"; }));
  }
  std::string all_of(const std::string& file) const {
    std::ifstream in(folder_ + file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& file, const std::string& text) const {
    std::ofstream(folder_ + file, std::ios::binary) << text;
  }

  static telemetry::record one(int number, std::size_t size = 0) {
    telemetry::record r;
    r.stream = "logs-x-dev";
    r.id = std::to_string(number);
    r.document = "{\"n\":\"" + std::string(size, 'x') + "\"}";
    return r;
  }
  static std::vector<telemetry::record> some(int from, int to, std::size_t size = 0) {
    std::vector<telemetry::record> out;
    for (int i = from; i < to; ++i) out.push_back(one(i, size));
    return out;
  }
  static std::vector<std::string> ids(const std::vector<telemetry::record>& all) {
    std::vector<std::string> out;
    for (const auto& r : all) out.push_back(r.id);
    return out;
  }

  const std::string folder_;
};

TEST_F(spill_test, gives_back_in_order_what_was_put) {
  spill s(folder_, much);
  EXPECT_TRUE(s.empty());
  EXPECT_EQ(s.put(some(0, 3)), 0U);
  EXPECT_EQ(s.put(some(3, 5)), 0U);
  auto first = s.next(3, much);
  EXPECT_THAT(ids(first), ElementsAre("0", "1", "2"));
  EXPECT_EQ(first[0].stream, "logs-x-dev");
  EXPECT_EQ(first[0].document, "{\"n\":\"\"}");
  EXPECT_THAT(ids(s.next(3, much)),
              ElementsAre("0", "1", "2"));  // until it is told that they are safe
  s.done();
  EXPECT_THAT(ids(s.next(9, much)), ElementsAre("3", "4"));
  s.done();
  EXPECT_TRUE(s.empty());
  EXPECT_EQ(s.bytes(), 0U);
}

TEST_F(spill_test, what_comes_while_it_is_read_stands_behind) {
  spill s(folder_, much);
  s.put(some(0, 2));
  s.next(1, much);
  s.put(some(2, 3));
  s.done();
  s.next(1, much);
  EXPECT_EQ(s.done(some(1, 2)), 0U);  // once more
  EXPECT_THAT(ids(s.next(9, much)), ElementsAre("2", "1"));
}

TEST_F(spill_test, what_goes_while_it_is_being_sent_is_lost_only_if_it_does_not_come_back) {
  constexpr std::size_t size = 100'000;  // two a file
  spill s(folder_, 2'000'000);
  s.put(some(0, 19, size));
  ASSERT_EQ(s.next(1, much).size(), 1U);
  EXPECT_TRUE(s.has_given());
  // The first file goes, of whose two one is on its way.
  EXPECT_EQ(s.put(some(19, 20, size)), 1U);
  EXPECT_FALSE(s.has_given());
  EXPECT_EQ(s.done(some(0, 1, size)), 0U);
  std::vector<std::string> left;
  while (!s.empty()) {
    for (const auto& id : ids(s.next(100, much))) left.push_back(id);
    s.done();
  }
  ASSERT_EQ(left.size(), 19U);
  EXPECT_EQ(left.front(), "2");
  EXPECT_EQ(left.back(), "0");
  // Nothing is on its way any more.
  s.put(some(0, 19, size));
  s.next(1, much);
  s.put_back();
  EXPECT_EQ(s.put(some(19, 20, size)), 2U);
}

TEST_F(spill_test, is_found_again_after_a_restart) {
  {
    spill s(folder_, much);
    s.put(some(0, 3'000, 1'000));
    s.next(10, much);
    s.done();
  }
  spill s(folder_, much);
  EXPECT_GT(s.bytes(), 2'900'000U);
  std::vector<std::string> all;
  while (!s.empty()) {
    for (const auto& r : s.next(500, much)) all.push_back(r.id);
    s.done();
  }
  ASSERT_EQ(all.size(), 3'000U);  // those that were done already are sent again, which harms nobody
  EXPECT_EQ(all.front(), "0");
  EXPECT_EQ(all.back(), "2999");
}

TEST_F(spill_test, beyond_its_bound_the_oldest_go_and_are_counted) {
  constexpr std::size_t bound = 4 * 1024 * 1024;
  spill s(folder_, bound);
  std::size_t lost = 0;
  for (int i = 0; i < 100; ++i) {
    lost += s.put(some(i * 100, i * 100 + 100, 1'000));
    EXPECT_LE(s.bytes(), bound);
  }
  EXPECT_GT(lost, 5'000U);
  std::vector<std::string> all;
  while (!s.empty()) {
    for (const auto& r : s.next(500, much)) all.push_back(r.id);
    s.done();
  }
  EXPECT_EQ(all.size() + lost, 10'000U);
  EXPECT_EQ(all.back(), "9999");
  EXPECT_TRUE(std::filesystem::is_empty(folder_) ||
              std::ranges::distance(std::filesystem::directory_iterator(folder_)) ==
                  1);  // the lock
}

TEST_F(spill_test, half_a_line_of_a_killed_process_is_skipped) {
  {
    spill s(folder_, much);
    s.put(some(0, 2));
  }
  {
    std::ofstream(folder_ + "/1.records", std::ios::app) << "logs-x-dev\t2\t{\"n";
  }
  spill s(folder_, much);
  EXPECT_THAT(ids(s.next(9, much)), ElementsAre("0", "1"));
  s.done();
  EXPECT_THAT(s.next(9, much), IsEmpty());
  EXPECT_TRUE(s.empty());
}

TEST_F(spill_test, what_a_full_disk_does_not_take_is_counted_and_leaves_no_files) {
  spill s(folder_, much);
  ASSERT_EQ(s.put(some(0, 3)), 0U);
  auto bytes = s.bytes();
  {
    full_disk disk(bytes + 20);  // half a line more
    EXPECT_EQ(s.put(some(3, 40)), 37U);
    for (int i = 0; i < 5; ++i) s.put(some(40, 60, 3'000));
  }
  EXPECT_EQ(s.bytes(), bytes);
  EXPECT_LE(files(), 2U);
  {
    full_disk disk(0);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(s.put(some(60, 62)), 2U);
  }
  EXPECT_EQ(s.bytes(), bytes);
  EXPECT_EQ(files(), 1U);
  EXPECT_EQ(s.put(some(62, 64)), 0U);
  EXPECT_THAT(ids(s.next(9, much)), ElementsAre("0", "1", "2"));
  s.done();
  EXPECT_THAT(ids(s.next(9, much)), ElementsAre("62", "63"));
  s.done();
  EXPECT_EQ(s.take_broken(), 0U);
  EXPECT_TRUE(s.empty());
}

TEST_F(spill_test, broken_lines_are_left_out_and_counted_once) {
  {
    spill s(folder_, much);
    s.put(some(0, 5));
  }
  auto text = all_of("/1.records");
  text[text.find("x-dev\t1") + 6] = '\xff';   // an id that no server reads
  text[text.find("logs-x-dev\t2")] = '\x01';  // a stream
  text[text.find("\t{", text.find("\t3\t")) + 1] = '[';
  write("/1.records", text);
  spill s(folder_, much);
  EXPECT_THAT(ids(s.next(9, much)), ElementsAre("0", "4"));
  s.put_back();
  EXPECT_EQ(s.take_broken(), 0U);  // they come again
  EXPECT_THAT(ids(s.next(9, much)), ElementsAre("0", "4"));
  s.done();
  EXPECT_EQ(s.take_broken(), 3U);
  EXPECT_EQ(s.take_broken(), 0U);
}

TEST_F(spill_test, what_is_sound_behind_more_than_a_batch_of_broken_bytes_is_given) {
  {
    spill s(folder_, much);
    s.put(some(0, 2));
  }
  write("/1.records", std::string(1'000, '\0') + "\nbroken\n" + all_of("/1.records"));
  spill s(folder_, much);
  EXPECT_THAT(ids(s.next(1, 100)), ElementsAre("0"));
  s.done();
  EXPECT_EQ(s.take_broken(), 2U);
  EXPECT_THAT(ids(s.next(1, 100)), ElementsAre("1"));
  s.done();
  EXPECT_EQ(s.take_broken(), 0U);
}

TEST_F(spill_test, a_file_that_was_cut_or_taken_away_is_counted) {
  spill s(folder_, much);
  s.put(some(0, 4));
  std::filesystem::resize_file(folder_ + "/1.records", s.bytes() / 4);
  EXPECT_THAT(ids(s.next(9, much)), ElementsAre("0"));
  s.done();
  EXPECT_THAT(s.next(9, much), IsEmpty());
  EXPECT_EQ(s.take_broken(), 3U);
  s.put(some(4, 6));
  std::filesystem::remove(folder_ + "/2.records");
  EXPECT_THAT(s.next(9, much), IsEmpty());
  EXPECT_EQ(s.take_broken(), 2U);
  EXPECT_TRUE(s.empty());
}

TEST_F(spill_test, what_somebody_has_left_who_is_gone_is_taken_over) {
  auto a = std::make_unique<spill>(folder_, much);
  {
    spill b(folder_, much);
    b.put(some(0, 2));
  }
  a->put(some(2, 3));
  a.reset();
  spill s(folder_, much);
  std::vector<std::string> all;
  while (!s.empty()) {
    for (const auto& id : ids(s.next(9, much))) all.push_back(id);
    s.done();
  }
  EXPECT_THAT(all, testing::UnorderedElementsAre("0", "1", "2"));
}

TEST_F(spill_test, two_processes_have_a_folder_each) {
  spill a(folder_, much);
  spill b(folder_, much);
  a.put(some(0, 1));
  b.put(some(1, 2));
  EXPECT_THAT(ids(a.next(9, much)), ElementsAre("0"));
  EXPECT_THAT(ids(b.next(9, much)), ElementsAre("1"));
}

}  // namespace
}  // namespace oficio::elasticsearch
