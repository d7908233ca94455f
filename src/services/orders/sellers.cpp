#include "services/orders/sellers.hpp"

#include <utility>

#include "platform/json/json.hpp"

namespace oficio::orders {
namespace {

struct told {
  known_seller seller;
};
BOOST_DESCRIBE_STRUCT(told, (), (seller))

}  // namespace

result<known_seller> read_seller(std::int64_t version, const boost::json::object& data) {
  TRY(auto event, json::from_stored<told>(boost::json::value(data)));
  if (event.seller.id.empty()) {
    return json::unreadable({{"/seller/id", "required", "a seller has an id"}});
  }
  return known_seller{std::move(event.seller.id), version};
}

}  // namespace oficio::orders
