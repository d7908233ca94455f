#pragma once

#include <memory>
#include <string>

#include "move.hpp"
#include "platform/base/time.hpp"
#include "services/orders/order.hpp"

namespace oficio::orders::model {

// The code under test, behind the same door as the reference.
class subject {
 public:
  virtual ~subject() = default;
  virtual std::string play(const move& m) = 0;
  virtual view look() = 0;
  // What must hold whatever happened; empty if it does, else what is wrong.
  virtual std::string broken() = 0;
  // And at the end, where it costs too much for every move.
  virtual std::string broken_at_end() { return ""; }
};

inline const time_point story_start = parse_time("2026-03-01T10:00:00Z").value();

// The pure aggregate, with the steps of paying played around it.
std::unique_ptr<subject> make_machine(const story& s);
// The service, over a store in memory.
std::unique_ptr<subject> make_service(const story& s);

view view_of_order(const order& o, time_point start);
// The books of an order: every movement sums to zero, and nothing is left where it must not be.
std::string broken_books(const order& o);

}  // namespace oficio::orders::model
