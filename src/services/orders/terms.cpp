#include "services/orders/terms.hpp"

#include <algorithm>
#include <optional>

#include "platform/base/money.hpp"
#include "platform/json/json.hpp"

namespace oficio::orders {
namespace {

struct told_package {
  std::string name;
  money price;
  std::int64_t delivery_days = 0;
  std::int64_t revisions = 0;
};
BOOST_DESCRIBE_STRUCT(told_package, (), (name, price, delivery_days, revisions))

struct told_gig {
  std::string id;
  std::int64_t revision = 0;
  party seller;
  std::string title;
  std::vector<told_package> packages;
  bool active = false;  // absent on a removed gig
};
BOOST_DESCRIBE_STRUCT(told_gig, (), (id, revision, seller, title, packages, active))

struct told {
  told_gig gig;
};
BOOST_DESCRIBE_STRUCT(told, (), (gig))

}  // namespace

const package_terms* gig_terms::find_package(const std::string& name) const {
  auto found = std::ranges::find(packages, name, &package_terms::name);
  return found == packages.end() ? nullptr : &*found;
}

result<gig_terms> read_terms(const std::string& type, std::int64_t version,
                             const boost::json::object& data) {
  TRY(auto event, json::from_stored<told>(boost::json::value(data)));
  auto& gig = event.gig;
  if (gig.id.empty() || gig.seller.id.empty()) {
    return json::unreadable({{"/gig/id", "required", "a gig has an id and a seller"}});
  }
  gig_terms terms{std::move(gig.id),
                  version,
                  gig.revision,
                  gig.active && type != "gigs.gig.removed" && !gig.packages.empty(),
                  std::move(gig.seller),
                  std::move(gig.title),
                  "",
                  {}};
  for (auto& p : gig.packages) {
    terms.currency = p.price.currency;
    terms.packages.push_back({std::move(p.name), p.price.amount, p.delivery_days, p.revisions});
  }
  return terms;
}

}  // namespace oficio::orders
