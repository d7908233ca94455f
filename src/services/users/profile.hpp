#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/identity.hpp"
#include "platform/base/time.hpp"
#include "platform/json/json.hpp"

namespace oficio::users {

// By which ways a person wants to hear of a kind of thing: any of "email", "live".
using channel_names = std::vector<std::string>;

// What auth tells of an account.
struct account_news {
  std::string id;
  std::string username;
  std::string email;
  bool email_verified = false;
  std::string locale;
  std::string country;
  time_point created_at;
};
BOOST_DESCRIBE_STRUCT(account_news, (),
                      (id, username, email, email_verified, locale, country, created_at))

// A person. Made from what auth tells, or from the Identity of somebody of whom auth's event has
// not come yet; then `account_version` is 0 and there is no address.
struct profile {
  std::string id;  // the account's
  std::string username;
  std::string handle;  // the user name as it is looked up
  std::string email;
  bool email_verified = false;
  std::optional<std::string> avatar;  // a file's id
  std::string locale = "en";
  std::string country;
  std::map<std::string, channel_names> notifications;  // by kind, where it differs from the usual
  time_point created_at;
  std::optional<time_point> read_until;  // the activity feed was read up to here
  std::int64_t revision = 1;             // counts the person's own edits
  std::int64_t account_version = 0;

  bool is_complete() const { return account_version > 0; }
  channel_names channels_for(std::string_view kind) const;
  bool allows(std::string_view kind, std::string_view channel) const;
  // No more mails of that kind, the other channels stay. False if there were none already.
  bool silence_mail(std::string_view kind);

  // Takes over what auth tells, unless something newer is known. Language and country are the
  // person's to change here, so auth's are taken only while the profile is untouched. False if
  // there was nothing new.
  bool learn(const account_news& news, std::int64_t version);
};
BOOST_DESCRIBE_STRUCT(profile, (),
                      (id, username, handle, email, email_verified, avatar, locale, country,
                       notifications, created_at, read_until, revision, account_version))

// A member that can be left alone (absent), set or cleared (null).
struct text_or_null {
  std::optional<std::string> value;
};

// PATCH /users/me.
struct profile_edit {
  std::optional<text_or_null> avatar;
  std::optional<std::string> locale;
  std::optional<std::string> country;
  std::optional<std::map<std::string, channel_names>> notifications;
};
BOOST_DESCRIBE_STRUCT(profile_edit, (), (avatar, locale, country, notifications))
void check(const profile_edit& e, json::violations& out);
void apply(const profile_edit& e, profile& to);

// User names differ in more than case, so this is how they are found.
std::string handle_of(std::string_view username);

profile profile_of(const identity& who, time_point now);
profile profile_of(const account_news& news, std::int64_t version);

// What its owner sees, what everybody sees, and what other services are told.
json::object own_view(const profile& p, bool is_seller);
json::object public_view(const profile& p, bool is_seller);
json::object event_view(const profile& p);

// The kinds of notices that people may silence, each with the ways in which it can come.
struct notice_group {
  std::string_view name;
  channel_names channels;
};
const std::vector<notice_group>& notice_groups();
const notice_group* find_group(std::string_view name);

}  // namespace oficio::users

template <>
struct oficio::json::codec<std::optional<oficio::users::text_or_null>> {
  using optional_edit = std::optional<oficio::users::text_or_null>;
  static value write(const optional_edit& v) {
    return v && v->value ? value(*v->value) : value(nullptr);
  }
  static void read(const value& v, optional_edit& out, reader& in) {
    codec<std::optional<std::string>>::read(v, out.emplace().value, in);
  }
};
