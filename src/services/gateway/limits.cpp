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

}  // namespace

limits::bucket::bucket(const char* limit, const security::rate& r, telemetry::metrics* count) {
  if (r.burst <= 0) return;
  limiter.emplace(r);
  if (!count) return;
  refused = &count->count("oficio_gateway_limited_total", "Requests beyond a limit, by limit",
                          {{"limit", limit}});
}

result<void> limits::bucket::take(std::string_view key) {
  if (!limiter) return {};
  auto taken = limiter->take(key);
  if (taken.has_error() && refused) refused->add();
  return taken;
}

limits::limits(const options& o, telemetry::metrics* count)
    : address_("address", o.per_address, count),
      account_("account", o.per_account, count),
      sign_in_("sign_in", o.per_address.burst > 0 ? o.sign_in : security::rate{.burst = 0}, count),
      search_("search", o.per_address.burst > 0 ? o.search : security::rate{.burst = 0}, count),
      upload_("upload", o.per_address.burst > 0 ? o.upload : security::rate{.burst = 0}, count) {}

result<void> limits::take_for_address(const http::request& r, const route& by) {
  auto key = http::client_network(r.remote_address);
  TRY_VOID(address_.take(key));
  if (opens_door(by)) return sign_in_.take(key);
  if (searches(by)) return search_.take(key);
  if (by.how == treatment::upload) return upload_.take(key);
  return {};
}

result<void> limits::take_for_account(const std::string& account) {
  return account_.take(account);
}

}  // namespace oficio::gateway
