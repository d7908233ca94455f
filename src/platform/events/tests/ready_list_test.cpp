#include "platform/events/ready_list.hpp"

#include <gtest/gtest.h>

namespace oficio::events {
namespace {

delivery of(std::int64_t seq, const std::string& subject) {
  auto e = std::make_shared<envelope>();
  e->subject = subject;
  return {seq, e, 0};
}

TEST(ready_list, hands_out_the_oldest_and_one_of_a_subject_at_a_time) {
  ready_list list;
  list.add(of(3, "b"), true);
  list.add(of(1, "a"), true);
  list.add(of(2, "a"), true);
  EXPECT_EQ(list.take()->seq, 1);
  EXPECT_EQ(list.take()->seq, 3);
  EXPECT_FALSE(list.take());
  list.release("a");
  EXPECT_EQ(list.take()->seq, 2);
  EXPECT_EQ(list.size(), 0U);
}

TEST(ready_list, an_event_that_is_not_committed_holds_up_its_subject) {
  ready_list list;
  list.add(of(1, "a"), false);
  list.add(of(2, "a"), true);
  EXPECT_FALSE(list.can_take());
  list.mark_ready(1, "a");
  EXPECT_EQ(list.take()->seq, 1);
}

TEST(ready_list, an_event_that_was_taken_back_lets_the_next_go) {
  ready_list list;
  list.add(of(1, "a"), false);
  list.add(of(2, "a"), true);
  list.remove(1, "a");
  EXPECT_EQ(list.size(), 1U);
  EXPECT_EQ(list.take()->seq, 2);
}

TEST(ready_list, one_that_comes_again_goes_before_later_ones) {
  ready_list list;
  list.add(of(5, "a"), true);
  list.add(of(2, "a"), true);
  EXPECT_EQ(list.take()->seq, 2);
  list.release("a");
  EXPECT_EQ(list.take()->seq, 5);
}

TEST(ready_list, clearing_keeps_subjects_that_are_taken) {
  ready_list list;
  list.add(of(1, "a"), true);
  list.add(of(2, "a"), true);
  list.add(of(3, "b"), true);
  EXPECT_EQ(list.take()->seq, 1);
  list.clear();
  EXPECT_EQ(list.size(), 0U);
  EXPECT_FALSE(list.can_take());
  list.add(of(11, "a"), true);
  list.add(of(13, "b"), true);
  EXPECT_EQ(list.take()->seq, 13);
  EXPECT_FALSE(list.take());
  list.release("a");
  EXPECT_EQ(list.take()->seq, 11);
}

TEST(ready_list, does_not_mind_what_it_does_not_have) {
  ready_list list;
  list.release("a");
  list.remove(1, "a");
  list.mark_ready(1, "a");
  EXPECT_FALSE(list.take());
}

}  // namespace
}  // namespace oficio::events
