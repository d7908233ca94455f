#include "services/chat/conversation.hpp"

#include <gtest/gtest.h>

#include "platform/base/uuid.hpp"

namespace oficio::chat {
namespace {

constexpr time_point read_time{std::chrono::milliseconds(30)};

conversation sample() {
  return {.id = "c",
          .starter = {"ana", "Ana"},
          .partner = {"ben", "Ben"},
          .gig_id = "g",
          .created_at = time_point{std::chrono::milliseconds(10)}};
}

message said(std::int64_t seq, const std::string& by, int at = 20) {
  message m;
  m.id = "m" + std::to_string(seq);
  m.seq = seq;
  m.from = {by, by};
  m.created_at = time_point{std::chrono::milliseconds(at)};
  return m;
}

std::vector<std::string> codes(json::violations& found) {
  std::vector<std::string> out;
  for (const auto& v : found.take()) out.push_back(v.pointer + " " + v.code);
  return out;
}

TEST(conversation, a_pair_has_one_whoever_begins) {
  EXPECT_EQ(conversation_id_of("ana", "ben"), conversation_id_of("ben", "ana"));
  EXPECT_NE(conversation_id_of("ana", "ben"), conversation_id_of("ana", "eva"));
  EXPECT_TRUE(is_uuid(conversation_id_of("ana", "ben")));
}

TEST(conversation, knows_its_two) {
  auto c = sample();
  EXPECT_TRUE(c.has("ana"));
  EXPECT_TRUE(c.has("ben"));
  EXPECT_FALSE(c.has("eva"));
  EXPECT_EQ(c.other_than("ana").id, "ben");
  EXPECT_EQ(c.other_than("ben").id, "ana");
}

TEST(membership, begins_with_nothing_read_or_said) {
  auto m = new_membership(sample(), "ben");
  EXPECT_EQ(m.with.id, "ana");
  EXPECT_EQ(m.gig_id, "g");
  EXPECT_EQ(m.unread(), 0);
  EXPECT_EQ(m.updated_at, sample().created_at);
  EXPECT_FALSE(m.last_message);
}

TEST(membership, counts_only_what_the_other_said) {
  auto m = new_membership(sample(), "ben");
  EXPECT_TRUE(include(m, said(1, "ana")));
  EXPECT_TRUE(include(m, said(2, "ben")));
  EXPECT_TRUE(include(m, said(3, "ana", 30)));
  EXPECT_EQ(m.unread(), 2);
  EXPECT_EQ(m.last_message->id, "m3");
  EXPECT_EQ(m.updated_at, time_point{std::chrono::milliseconds(30)});
}

TEST(membership, counts_each_message_once_and_none_before_its_turn) {
  auto m = new_membership(sample(), "ben");
  EXPECT_FALSE(include(m, said(2, "ana")));
  EXPECT_TRUE(include(m, said(1, "ana")));
  EXPECT_FALSE(include(m, said(1, "ana")));
  EXPECT_EQ(m.received, 1);
  EXPECT_EQ(m.included_seq, 1);
}

TEST(membership, never_goes_back_in_time) {
  auto m = new_membership(sample(), "ben");
  include(m, said(1, "ana", 30));
  include(m, said(2, "ana", 20));
  EXPECT_EQ(m.updated_at, time_point{std::chrono::milliseconds(30)});
}

TEST(membership, a_notice_is_due_a_while_after_the_first_unread_message) {
  auto m = new_membership(sample(), "ben");
  EXPECT_FALSE(m.has_unread);
  include(m, said(1, "ben"));
  EXPECT_FALSE(m.notice_due_at);
  include(m, said(2, "ana", 20));
  include(m, said(3, "ana", 30));
  auto due = time_point{std::chrono::milliseconds(20)} + unread_patience;
  EXPECT_EQ(m.notice_due_at, due);
  EXPECT_EQ(m.received_seq, 3);
  EXPECT_TRUE(m.has_unread);
  EXPECT_FALSE(take_notice(m, due - std::chrono::milliseconds(1)));
  EXPECT_TRUE(take_notice(m, due));
  EXPECT_FALSE(take_notice(m, due));
}

TEST(membership, there_is_one_notice_until_all_is_read) {
  auto m = new_membership(sample(), "ben");
  include(m, said(1, "ana"));
  include(m, said(2, "ana"));
  EXPECT_TRUE(take_notice(m, *m.notice_due_at));
  include(m, said(3, "ana"));
  EXPECT_FALSE(m.notice_due_at);
  EXPECT_TRUE(mark_read(m, 2, read_time, 2));
  include(m, said(4, "ana"));
  EXPECT_FALSE(m.notice_due_at);
  EXPECT_TRUE(mark_read(m, 4, read_time, 4));
  EXPECT_FALSE(m.has_unread);
  include(m, said(5, "ana"));
  EXPECT_TRUE(m.notice_due_at);
}

TEST(membership, what_is_read_in_time_is_not_told) {
  auto m = new_membership(sample(), "ben");
  include(m, said(1, "ana"));
  EXPECT_TRUE(mark_read(m, 1, read_time, 1));
  EXPECT_FALSE(mark_read(m, 1, read_time + std::chrono::seconds(1), 1));
  EXPECT_EQ(m.read_at, read_time);
  EXPECT_FALSE(m.notice_due_at);
  EXPECT_EQ(m.unread(), 0);
}

TEST(input, a_text_has_one_to_five_thousand_characters) {
  json::violations found;
  check(new_message{.text = "a", .client_id = {}}, found);
  std::string long_text;
  for (int i = 0; i < 5'000; ++i) long_text += "ñ";
  check(new_message{.text = long_text, .client_id = "x"}, found);
  EXPECT_TRUE(found.empty());
  check(new_message{.text = "", .client_id = {}}, found);
  check(new_message{.text = " \n", .client_id = {}}, found);
  check(new_message{.text = long_text + "ñ", .client_id = {}}, found);
  check(new_message{.text = "a", .client_id = ""}, found);
  EXPECT_EQ(codes(found), (std::vector<std::string>{"/text too_short", "/text too_short",
                                                    "/text too_long", "/client_id too_short"}));
}

TEST(input, a_conversation_names_somebody_and_perhaps_a_gig) {
  json::violations found;
  check(new_conversation{.with = "ben", .gig_id = uuid_v5("gig")}, found);
  EXPECT_TRUE(found.empty());
  check(new_conversation{.with = "", .gig_id = "gig"}, found);
  EXPECT_EQ(codes(found), (std::vector<std::string>{"/with too_short", "/gig_id format"}));
}

TEST(input, user_names_are_found_without_regard_to_case) {
  EXPECT_EQ(handle_of("Ana_B"), "ana_b");
}

}  // namespace
}  // namespace oficio::chat
