#include "services/auth/events.hpp"

#include "platform/json/json.hpp"

namespace oficio::auth {
namespace {

events::raised about_account(std::string type, const account& a) {
  return {std::move(type), {{"account", json::to_value(a)}}, {a.id}};
}

// What a mail to the person needs.
events::raised for_mail(std::string type, const account& a, time_point not_after) {
  return {std::move(type),
          {{"account_id", a.id},
           {"username", a.username},
           {"email", a.email},
           {"locale", a.locale},
           {"not_after", format_time(not_after)}},
          {a.id}};
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

events::raised updated(const account& a) {
  return about_account("auth.account.updated", a);
}

events::raised verification_requested(const account& a, std::string sealed_token,
                                      time_point not_after) {
  auto e = for_mail("auth.email.verification_requested", a, not_after);
  e.data["token"] = std::move(sealed_token);
  return e;
}

events::raised signin_challenged(const account& a, std::string sealed_code, time_point not_after) {
  auto e = for_mail("auth.signin.challenged", a, not_after);
  e.data["code"] = std::move(sealed_code);
  return e;
}

events::raised reset_requested(const account& a, std::string sealed_token, time_point not_after) {
  auto e = for_mail("auth.password.reset_requested", a, not_after);
  e.data["token"] = std::move(sealed_token);
  return e;
}

// Worth telling for a day: who did not change it must hear of it even after an outage.
events::raised password_changed(const account& a, time_point at) {
  return for_mail("auth.password.changed", a, at + std::chrono::days(1));
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
