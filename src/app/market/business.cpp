#include "app/market/business.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

namespace oficio::app {
namespace {

namespace json = boost::json;

telemetry::counter& money(telemetry::metrics& of, const char* flow) {
  return of.count("oficio_business_money_total", "Money of orders, in minor units",
                  {{"flow", flow}});
}

const json::object* member(const json::object& of, std::string_view name) {
  const auto* found = of.if_contains(name);
  return found ? found->if_object() : nullptr;
}

std::uint64_t total_of(const json::object& order) {
  const auto* total = member(order, "total");
  const auto* amount = total ? total->if_contains("amount") : nullptr;
  const auto* number = amount ? amount->if_int64() : nullptr;
  return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

bool was_paid(const json::object& order) {
  const auto* timeline = order.if_contains("timeline");
  const auto* entries = timeline ? timeline->if_array() : nullptr;
  return entries && std::ranges::any_of(*entries, [](const json::value& v) {
           const auto* entry = v.if_object();
           const auto* type = entry ? entry->if_contains("type") : nullptr;
           return type && type->is_string() && type->get_string() == "paid";
         });
}

}  // namespace

business_figures::business_figures(telemetry::metrics& to)
    : to_(to),
      held_(money(to, "held")),
      released_(money(to, "released")),
      refunded_(money(to, "refunded")),
      searches_(to.count("oficio_searches_total", "Searches with words")),
      empty_(to.count("oficio_searches_empty_total", "Searches with words that found nothing")) {}

std::function<void()> business_figures::once_published(const events::envelope& e) {
  auto& told =
      to_.count("oficio_business_events_total", "Facts that services told", {{"type", e.type}});
  telemetry::counter* flow = nullptr;
  const auto* order = member(e.data, "order");
  if (order && e.type == "orders.order.paid") flow = &held_;
  if (order && e.type == "orders.order.completed") flow = &released_;
  if (order && e.type == "orders.order.cancelled" && was_paid(*order)) flow = &refunded_;
  return [&told, flow, total = flow ? total_of(*order) : 0] {
    told.add();
    if (flow) flow->add(total);
  };
}

void business_figures::searched(std::string_view text, std::int64_t total) {
  if (text.empty()) return;
  searches_.add();
  if (total == 0) empty_.add();
}

}  // namespace oficio::app
