#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/money.hpp"
#include "platform/base/time.hpp"
#include "platform/json/reader.hpp"

namespace oficio::gigs {

// What people think of a gig or a seller: `histogram` counts one to five stars.
struct rating {
  double average = 0;
  std::int64_t count = 0;
  std::array<std::int64_t, 5> histogram{};

  friend bool operator==(const rating&, const rating&) = default;
};
BOOST_DESCRIBE_STRUCT(rating, (), (average, count, histogram))

enum class tier { basic, standard, premium };
BOOST_DESCRIBE_ENUM(tier, basic, standard, premium)

struct package {
  tier name = tier::basic;
  std::string title;
  std::string description;
  money price;
  int delivery_days = 1;
  int revisions = 0;

  friend bool operator==(const package&, const package&) = default;
};
BOOST_DESCRIBE_STRUCT(package, (), (name, title, description, price, delivery_days, revisions))

struct question {
  std::string question;
  std::string answer;

  friend bool operator==(const gigs::question&, const gigs::question&) = default;
};
BOOST_DESCRIBE_STRUCT(question, (), (question, answer))

struct seller {
  std::string id;  // account id
  std::string username;
  std::optional<std::string> avatar;
  gigs::rating rating;
  std::string country;

  friend bool operator==(const seller&, const seller&) = default;
};
BOOST_DESCRIBE_STRUCT(seller, (), (id, username, avatar, rating, country))

// A gig as everybody sees it. `revision` counts people's edits.
struct gig {
  std::string id;
  std::int64_t revision = 1;
  gigs::seller seller;
  std::string title;
  std::string description;
  std::string category;
  std::string subcategory;
  std::vector<std::string> tags;
  std::vector<package> packages;  // in the order of their tiers
  std::vector<question> faq;
  std::vector<std::string> images;
  bool active = true;
  gigs::rating rating;
  std::int64_t sales = 0;
  time_point created_at;
  time_point updated_at;

  std::int64_t lowest_price() const;
  int fastest_delivery() const;
};
BOOST_DESCRIBE_STRUCT(gig, (),
                      (id, revision, seller, title, description, category, subcategory, tags,
                       packages, faq, images, active, rating, sales, created_at, updated_at))

inline constexpr std::size_t max_images = 8;

// A package as its seller writes it. Without a title it has its tier's name.
struct package_draft {
  tier name = tier::basic;
  std::optional<std::string> title;
  std::string description;
  money price;
  int delivery_days = 0;
  int revisions = 0;
};
BOOST_DESCRIBE_STRUCT(package_draft, (),
                      (name, title, description, price, delivery_days, revisions))

// What a seller says to make a gig.
struct gig_draft {
  std::string title;
  std::string description;
  std::string category;
  std::string subcategory;
  std::vector<std::string> tags;
  std::vector<package_draft> packages;
  std::optional<std::vector<question>> faq;
  std::optional<std::vector<std::string>> images;
};
BOOST_DESCRIBE_STRUCT(gig_draft, (),
                      (title, description, category, subcategory, tags, packages, faq, images))

// What a seller says to change one: only what is there changes.
struct gig_patch {
  std::optional<std::string> title;
  std::optional<std::string> description;
  std::optional<std::string> category;
  std::optional<std::string> subcategory;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::vector<package_draft>> packages;
  std::optional<std::vector<question>> faq;
  std::optional<std::vector<std::string>> images;
};
BOOST_DESCRIBE_STRUCT(gig_patch, (),
                      (title, description, category, subcategory, tags, packages, faq, images))

// A tag as it is kept: in lower case, without spaces around it.
std::string kept_tag(std::string_view said);

// Writes what a seller said into a gig, as said but for spaces around texts and case of tags: what
// is wrong can be told by its place.
void apply(const gig_patch& patch, gig& to);
void apply(gig_draft draft, gig& to);

// All rules of what a seller may write; `currency` is the installation's.
void check(const gig& g, const std::string& currency, json::violations& out);

// Brings a gig that passed check() into the form that is kept: each tag once, packages in the order
// of their tiers.
void tidy(gig& g);

}  // namespace oficio::gigs
