#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "move.hpp"

namespace oficio::orders::model {

// What an order must do, written down a second time, as simply as can be and without a word of the
// code under test. Time is milliseconds after the start of the story.
class reference {
 public:
  explicit reference(const story& s);

  // What the move must be answered with: "ok", an error's code, "confirm" (a second step is
  // wanted), or "died".
  std::string play(const move& m);
  view look() const;

 private:
  // What the provider did with an attempt, whether we know or not.
  enum class truth { nothing, charged, declined, waiting };
  // What is written down about it.
  enum class known { started, waiting, paid, declined, failed };
  struct try_to_pay {
    plastic card;
    truth bank = truth::nothing;
    bool given_back = false;  // by the provider
    known book = known::started;
    bool refund_due = false;
    std::int64_t started = 0;
    std::int64_t look_again = 0;
    std::int64_t pause = 30'000;  // after the next failure
  };
  enum class answer { none, open, approved, rejected, lapsed };

  std::string play_pay(const move& m);
  std::string play_confirm(const move& m);
  std::string play_timer(const move& m);
  std::string play_notice(const move& m);
  std::string play_work(const move& m);
  std::string play_cancel(const move& m);
  std::string play_extension(const move& m);

  std::string ask_bank(std::size_t index, const move& m, bool second_step);
  bool resolve(std::size_t index);
  void hear_charge(std::size_t index);
  void hear_waiting(std::size_t index);
  void pass_time();
  void end(std::string status);
  bool over() const { return status_ == "completed" || status_ == "cancelled"; }
  bool at_work() const { return status_ == "in_progress" || status_ == "delivered"; }

  std::int64_t price_, fee_, days_, now_ = 0;
  std::string status_ = "pending_payment";
  bool late_ = false;
  std::int64_t revisions_;
  std::int64_t due_ = -1;
  int deliveries_ = 0;
  std::int64_t delivered_ = 0;
  answer extension_ = answer::none;
  std::int64_t extension_days_ = 0;
  int extensions_ = 0;
  answer cancellation_ = answer::none;
  person cancelled_by_ = person::buyer;
  int cancellations_[2] = {0, 0};
  std::vector<try_to_pay> tries_;
};

}  // namespace oficio::orders::model
