#include "app/events/republishing.hpp"

#include <array>
#include <iostream>

#include "app/events/market_client.hpp"

namespace oficio::app {
namespace {

// In this order: who comes later needs copies of what came before.
constexpr std::array services{"auth", "users", "gigs", "chat", "orders", "reviews"};

struct progress {
  std::int64_t sent = 0;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(progress, (), (sent, next))

awaitable<result<void>> republish(market_client& to, std::string service) {
  auto path = "/ops/republish/" + http::encode_segment(service);
  std::int64_t sent = 0;
  std::string after;
  for (;;) {
    CO_TRY(auto page, co_await to.ask_for<progress>(
                          http::method::post, path + "?after=" + http::encode_segment(after)));
    sent += page.sent;
    if (!page.next) break;
    after = *page.next;
    std::cout << "\r" << service << ": " << sent << std::flush;
  }
  std::cout << "\r" << service << " told " << sent << " facts again" << std::endl;
  co_return result<void>{};
}

awaitable<result<void>> republish_each(market_client& to, std::string wanted) {
  for (std::string service : services) {
    if (wanted == "all" || wanted == service) CO_TRY_VOID(co_await republish(to, service));
  }
  co_return result<void>{};
}

}  // namespace

int run_republish_command(const config::settings& s, const republish_command& command,
                          std::string token) {
  return ask_market(s, command.url, std::move(token),
                    [&command](market_client& to) { return republish_each(to, command.service); });
}

}  // namespace oficio::app
