#include "services/users/profile.hpp"

#include <algorithm>

#include "platform/base/uuid.hpp"
#include "platform/json/check.hpp"
#include "services/users/rules.hpp"

namespace oficio::users {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view what) {
  return std::ranges::find(list, what) != list.end();
}

// A name inside a JSON pointer (RFC 6901), cut short: it came from outside.
std::string escaped(std::string_view name) {
  std::string out;
  for (char c : name.substr(0, 60)) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

void check_channels(const std::string& kind, const channel_names& names, json::violations& out) {
  const auto* group = find_group(kind);
  if (!group) {
    std::vector<std::string> known;
    for (const auto& g : notice_groups()) known.emplace_back(g.name);
    out.add("/notifications/" + escaped(kind), "unknown",
            "is no kind of notice; there are: " + joined(known));
    return;
  }
  auto pointer = "/notifications/" + kind;
  json::check_count(out, pointer, names.size(), 0, group->channels.size());
  for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 10); ++i) {
    auto here = pointer + "/" + std::to_string(i);
    if (!contains(group->channels, names[i])) {
      out.add(here, "choice", "must be one of: " + joined(group->channels));
    } else if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
               names.begin() + static_cast<std::ptrdiff_t>(i)) {
      out.add(here, "repeated", "is there already");
    }
  }
}

}  // namespace

const std::vector<notice_group>& notice_groups() {
  static const std::vector<notice_group> groups = {{"order", {"email", "live"}},
                                                   {"offer", {"email", "live"}},
                                                   {"review", {"email", "live"}},
                                                   {"message", {"email", "live"}},
                                                   {"gig", {"live"}}};
  return groups;
}

const notice_group* find_group(std::string_view name) {
  auto found = std::ranges::find(notice_groups(), name, &notice_group::name);
  return found == notice_groups().end() ? nullptr : &*found;
}

std::string handle_of(std::string_view username) {
  std::string out(username);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

channel_names profile::channels_for(std::string_view kind) const {
  if (auto found = notifications.find(std::string(kind)); found != notifications.end()) {
    return found->second;
  }
  const auto* group = find_group(kind);
  return group ? group->channels : channel_names{};
}

bool profile::allows(std::string_view kind, std::string_view channel) const {
  return contains(channels_for(kind), channel);
}

bool profile::silence_mail(std::string_view kind) {
  auto wanted = channels_for(kind);
  if (std::erase(wanted, "email") == 0) return false;
  notifications[std::string(kind)] = std::move(wanted);
  revision += 1;
  return true;
}

bool profile::learn(const account_news& news, std::int64_t version) {
  if (version <= account_version) return false;
  if (!is_complete() && revision == 1) {
    if (!news.locale.empty()) locale = news.locale;
    country = news.country;
  }
  username = news.username;
  handle = handle_of(news.username);
  email = news.email;
  email_verified = news.email_verified;
  created_at = news.created_at;
  account_version = version;
  return true;
}

profile profile_of(const identity& who, time_point now) {
  profile p;
  p.id = who.sub;
  p.username = who.username;
  p.handle = handle_of(who.username);
  p.email_verified = who.email_verified;
  p.locale = who.locale;
  p.country = who.country;
  p.created_at = uuid_time(who.sub).value_or(now);
  return p;
}

profile profile_of(const account_news& news, std::int64_t version) {
  profile p;
  p.id = news.id;
  p.learn(news, version);
  return p;
}

void check(const profile_edit& e, json::violations& out) {
  if (e.avatar && e.avatar->value && !is_file_id(*e.avatar->value)) {
    out.add("/avatar", "format", "must be the id of a file, or null");
  }
  if (e.locale && *e.locale != "en" && *e.locale != "es") {
    out.add("/locale", "choice", "must be one of: en, es");
  }
  if (e.country && !is_country(*e.country)) {
    out.add("/country", "format", "must be two capital letters (ISO 3166), such as ES");
  }
  if (!e.notifications) return;
  for (const auto& [kind, names] : *e.notifications) check_channels(kind, names, out);
}

void apply(const profile_edit& e, profile& to) {
  if (e.avatar) to.avatar = e.avatar->value;
  if (e.locale) to.locale = *e.locale;
  if (e.country) to.country = *e.country;
  if (e.notifications) {
    for (const auto& [kind, names] : *e.notifications) to.notifications[kind] = names;
  }
  to.revision += 1;
}

json::object own_view(const profile& p, bool is_seller) {
  json::object channels;
  for (const auto& group : notice_groups()) {
    channels[group.name] = json::to_value(p.channels_for(group.name));
  }
  return {{"id", p.id},
          {"username", p.username},
          {"email", p.email},
          {"email_verified", p.email_verified},
          {"avatar", json::to_value(p.avatar)},
          {"locale", p.locale},
          {"country", p.country},
          {"notifications", std::move(channels)},
          {"is_seller", is_seller},
          {"created_at", format_time(p.created_at)},
          {"revision", p.revision}};
}

json::object public_view(const profile& p, bool is_seller) {
  return {{"id", p.id},
          {"username", p.username},
          {"avatar", json::to_value(p.avatar)},
          {"country", p.country},
          {"created_at", format_time(p.created_at)},
          {"is_seller", is_seller}};
}

json::object event_view(const profile& p) {
  return {
      {"id", p.id},         {"username", p.username}, {"avatar", json::to_value(p.avatar)},
      {"locale", p.locale}, {"country", p.country},   {"created_at", format_time(p.created_at)}};
}

}  // namespace oficio::users
