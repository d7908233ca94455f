#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "platform/hosting/service.hpp"
#include "services/orders/copies.hpp"
#include "services/orders/order.hpp"

namespace oficio::orders {

// What users tells of a person that an order shows and that may change.
struct known_person {
  std::string id;
  std::optional<std::string> avatar;
  std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(known_person, (), (id, avatar, version))

// Listens to profiles. `people` must outlive the service.
hosting::subscription hearing_people(copies<known_person>& people);

// Puts the pictures that both people of each order have now into it.
awaitable<result<void>> show_avatars(const context& ctx, copies<known_person>& people,
                                     std::vector<order*> orders);

}  // namespace oficio::orders
