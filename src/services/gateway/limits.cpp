#include "services/gateway/limits.hpp"

#include "platform/http/address.hpp"

namespace oficio::gateway {
namespace {

// Each of these costs a hash of a password or a mail, or tries a guess.
bool opens_door(const route& by) {
  return by.how == treatment::opens || by.how == treatment::signs_in ||
         by.path.starts_with("/auth/password/") || by.path.starts_with("/auth/email/");
}

bool searches(const route& by) {
  return by.path == "/gigs/search" || by.path == "/gigs/suggest" || by.path == "/gigs/top" ||
         by.path == "/gigs/{id}/similar";
}

// No limit per address is none for its expensive calls, either.
security::rate unless_free(const options& o, const security::rate& r) {
  return o.per_address.burst > 0 ? r : security::rate{.burst = 0};
}

}  // namespace

limits::bucket::bucket(const char* limit, const security::rate& r, const options& o,
                       const wall_clock& clock, telemetry::metrics* count) {
  if (r.burst <= 0) return;
  limiter.emplace(r);
  if (o.cache) shared = std::make_unique<shared_taking>(limit, r, *limiter, clock);
  if (!count) return;
  refused = &count->count("oficio_gateway_limited_total", "Requests beyond a limit, by limit",
                          {{"limit", limit}});
}

result<void> limits::bucket::take(std::string_view key) {
  if (!limiter) return {};
  auto taken = limiter->take(key);
  if (taken.has_error() && refused) refused->add();
  if (taken.has_value() && shared) shared->taken(key);
  return taken;
}

limits::limits(const options& o, const wall_clock& clock, telemetry::metrics* count)
    : address_("address", o.per_address, o, clock, count),
      account_("account", o.per_account, o, clock, count),
      sign_in_("sign_in", unless_free(o, o.sign_in), o, clock, count),
      search_("search", unless_free(o, o.search), o, clock, count),
      upload_("upload", unless_free(o, o.upload), o, clock, count),
      intake_("intake", unless_free(o, o.intake), o, clock, count) {}

result<void> limits::take_for_address(const http::request& r, const route& by) {
  auto key = http::client_network(r.remote_address);
  TRY_VOID(address_.take(key));
  if (opens_door(by)) return sign_in_.take(key);
  if (searches(by)) return search_.take(key);
  if (by.how == treatment::upload) return upload_.take(key);
  return {};
}

result<void> limits::take_for_intake(const http::request& r) {
  return intake_.take(http::client_network(r.remote_address));
}

void limits::charge_for_intake(const http::request& r, double cost) {
  if (intake_.limiter) intake_.limiter->charge(http::client_network(r.remote_address), cost);
}

result<void> limits::take_for_account(const std::string& account) {
  return account_.take(account);
}

awaitable<void> limits::share(cache::store& over) {
  for (auto* one : {&address_, &account_, &sign_in_, &search_, &upload_, &intake_}) {
    if (one->shared) co_await one->shared->exchange(over);
  }
}

}  // namespace oficio::gateway
