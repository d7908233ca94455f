#pragma once

#include <string_view>

#include <boost/describe.hpp>

#include "platform/base/result.hpp"

namespace oficio::orders {

enum class status {
  pending_payment,
  awaiting_requirements,
  in_progress,
  delivered,
  completed,
  cancelled
};
BOOST_DESCRIBE_ENUM(status, pending_payment, awaiting_requirements, in_progress, delivered,
                    completed, cancelled)

// Who acts on an order: one of its two people, or time itself.
enum class side { buyer, seller, system };
BOOST_DESCRIBE_ENUM(side, buyer, seller, system)

enum class action {
  pay,
  submit_requirements,
  deliver,
  request_revision,
  accept,
  cancel,  // at once, or by asking the other side: order::cancel() tells which
  answer_cancellation,
  request_extension,
  answer_extension,
  expire,  // nobody paid in time
  close,   // nobody objected to the delivery in time
  become_late
};
BOOST_DESCRIBE_ENUM(action, pay, submit_requirements, deliver, request_revision, accept, cancel,
                    answer_cancellation, request_extension, answer_extension, expire, close,
                    become_late)

// May this side do this now? The whole state machine is one table (rules.cpp), a row for each thing
// that can happen. Errors: forbidden `not_your_turn` when it is never this side's to do, conflict
// `wrong_state` when it is, but not now.
result<void> may(action what, side who, status now);

std::string_view to_string(status s);
std::string_view to_string(side s);

}  // namespace oficio::orders
