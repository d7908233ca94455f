#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/time.hpp"
#include "platform/json/json.hpp"
#include "services/users/profile.hpp"

namespace oficio::users {

enum class language_level { basic, conversational, fluent, native };
BOOST_DESCRIBE_ENUM(language_level, basic, conversational, fluent, native)

struct language {
  std::string code;  // ISO 639
  language_level level = language_level::basic;
};
BOOST_DESCRIBE_STRUCT(language, (), (code, level))

struct education {
  std::string school;
  std::string degree;
  std::optional<std::int64_t> year;
};
BOOST_DESCRIBE_STRUCT(education, (), (school, degree, year))

struct experience {
  std::string company;
  std::string title;
  std::optional<std::int64_t> from;  // years
  std::optional<std::int64_t> to;
};
BOOST_DESCRIBE_STRUCT(experience, (), (company, title, from, to))

struct certificate {
  std::string name;
  std::string issuer;
  std::optional<std::int64_t> year;
};
BOOST_DESCRIBE_STRUCT(certificate, (), (name, issuer, year))

// A rating as reviews tells it. `histogram` counts one star to five.
struct rating {
  std::int64_t version = 0;
  double average = 0;
  std::int64_t count = 0;
  std::array<std::int64_t, 5> histogram{};
};
BOOST_DESCRIBE_STRUCT(rating, (), (version, average, count, histogram))

// The request that made a document: repeated, it finds what it made.
struct creation {
  std::string key;
  std::string digest;
};
BOOST_DESCRIBE_STRUCT(creation, (), (key, digest))

// A person as seller; the id is the account's.
struct seller {
  std::string id;
  std::string username;
  std::string handle;
  std::optional<std::string> avatar;  // these two are copied from the profile
  std::string country;
  std::string headline;
  std::string description;
  std::vector<language> languages;
  std::vector<std::string> skills;
  std::vector<users::education> education;
  std::vector<users::experience> experience;
  std::vector<certificate> certificates;
  std::vector<std::string> links;
  std::int64_t response_time_hours = 24;
  users::rating rating;
  std::int64_t completed_orders = 0;
  time_point member_since;
  std::int64_t revision = 1;
  users::creation creation;

  // Each gives false when there was nothing new.
  bool learn(const users::rating& fresh);
  bool learn_completed(std::int64_t count);
  bool learn(const std::optional<std::string>& new_avatar, const std::string& new_country);
};
BOOST_DESCRIBE_STRUCT(seller, (),
                      (id, username, handle, avatar, country, headline, description, languages,
                       skills, education, experience, certificates, links, response_time_hours,
                       rating, completed_orders, member_since, revision, creation))

// PATCH /sellers/me: what is there replaces what was.
struct seller_edit {
  std::optional<std::string> headline;
  std::optional<std::string> description;
  std::optional<std::vector<language>> languages;
  std::optional<std::vector<std::string>> skills;
  std::optional<std::vector<users::education>> education;
  std::optional<std::vector<users::experience>> experience;
  std::optional<std::vector<certificate>> certificates;
  std::optional<std::vector<std::string>> links;
  std::optional<std::int64_t> response_time_hours;
};
BOOST_DESCRIBE_STRUCT(seller_edit, (),
                      (headline, description, languages, skills, education, experience,
                       certificates, links, response_time_hours))
void check(const seller_edit& e, json::violations& out);
void apply(const seller_edit& e, seller& to);

// POST /sellers.
struct new_seller {
  std::string headline;
  std::string description;
  std::vector<language> languages;
  std::vector<std::string> skills;
  std::optional<std::vector<users::education>> education;
  std::optional<std::vector<users::experience>> experience;
  std::optional<std::vector<certificate>> certificates;
  std::optional<std::vector<std::string>> links;
  std::optional<std::int64_t> response_time_hours;
};
BOOST_DESCRIBE_STRUCT(new_seller, (),
                      (headline, description, languages, skills, education, experience,
                       certificates, links, response_time_hours))
void check(const new_seller& form, json::violations& out);

seller seller_of(const new_seller& form, const profile& p);

// The seller as the contract shows it, and as events tell it.
json::object view_of(const seller& s);

}  // namespace oficio::users
