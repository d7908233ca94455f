#include "services/auth/events.hpp"

#include "platform/json/json.hpp"

namespace oficio::auth {
namespace {

events::raised about_account(std::string type, const account& a) {
  return {std::move(type), {{"account", json::to_value(a)}}, {a.id}};
}

struct profile {
  std::string id;
  std::optional<std::string> locale;
  std::optional<std::string> country;
};
BOOST_DESCRIBE_STRUCT(profile, (), (id, locale, country))

}  // namespace

events::raised registered(const account& a) {
  return about_account("auth.account.registered", a);
}

events::raised verified(const account& a) {
  return about_account("auth.account.verified", a);
}

events::raised verification_requested(const account& a, std::string sealed_token,
                                      time_point not_after) {
  return {"auth.email.verification_requested",
          {{"account_id", a.id},
           {"username", a.username},
           {"email", a.email},
           {"locale", a.locale},
           {"token", std::move(sealed_token)},
           {"not_after", format_time(not_after)}},
          {a.id}};
}

events::raised sessions_ended(const account& a, const std::vector<std::string>& session_ids,
                              time_point ended_at) {
  return {"auth.session.ended",
          {{"account_id", a.id},
           {"session_ids", json::to_value(session_ids)},
           {"ended_at", format_time(ended_at)}},
          {a.id}};
}

result<profile_change> read_profile(const events::envelope& e) {
  auto* found = e.data.if_contains("profile");
  auto read = json::from_stored<profile>(found ? *found : json::value());
  if (!read.has_value() || read->id.empty()) {
    return error{errc::bad_request, "malformed_event", "The event holds no profile."};
  }
  return profile_change{std::move(read->id), e.version(), read->locale.value_or(""),
                        read->country.value_or("")};
}

}  // namespace oficio::auth
