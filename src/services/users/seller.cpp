#include "services/users/seller.hpp"

#include <algorithm>
#include <set>

#include "platform/json/check.hpp"
#include "services/users/rules.hpp"

namespace oficio::users {
namespace {

using json::check_count;
using json::check_range;
using json::check_text;
using json::violations;

constexpr std::size_t most_entries = 20;

std::string at(std::string_view list, std::size_t index, std::string_view member = {}) {
  auto out = "/" + std::string(list) + "/" + std::to_string(index);
  if (!member.empty()) out += "/" + std::string(member);
  return out;
}

void check_year(violations& out, std::string pointer, const std::optional<std::int64_t>& year) {
  if (year) check_range(out, std::move(pointer), *year, 1930, 2100);
}

// `check_one(i)` looks at the entry and gives what must not be there twice.
template <class List, class Check>
void check_list(violations& out, std::string name, const std::optional<List>& list,
                std::size_t most, Check check_one) {
  if (!list) return;
  check_count(out, "/" + name, list->size(), 0, most);
  std::set<std::string> seen;
  for (std::size_t i = 0; i < std::min(list->size(), most); ++i) {
    if (!seen.insert(check_one((*list)[i], i)).second) {
      out.add(at(name, i), "repeated", "is there already");
    }
  }
}

void check_background(const seller_edit& e, violations& out) {
  check_list(out, "education", e.education, most_entries, [&](const auto& one, std::size_t i) {
    check_line(out, at("education", i, "school"), one.school, 1, 120);
    check_line(out, at("education", i, "degree"), one.degree, 0, 120);
    check_year(out, at("education", i, "year"), one.year);
    return std::to_string(i);
  });
  check_list(out, "experience", e.experience, most_entries, [&](const auto& one, std::size_t i) {
    check_line(out, at("experience", i, "company"), one.company, 1, 120);
    check_line(out, at("experience", i, "title"), one.title, 1, 120);
    check_year(out, at("experience", i, "from"), one.from);
    check_year(out, at("experience", i, "to"), one.to);
    if (one.from && one.to && *one.to < *one.from) {
      out.add(at("experience", i, "to"), "range", "must not be before it began");
    }
    return std::to_string(i);
  });
  check_list(out, "certificates", e.certificates, most_entries,
             [&](const auto& one, std::size_t i) {
               check_line(out, at("certificates", i, "name"), one.name, 1, 120);
               check_line(out, at("certificates", i, "issuer"), one.issuer, 0, 120);
               check_year(out, at("certificates", i, "year"), one.year);
               return std::to_string(i);
             });
}

seller_edit edit_of(const new_seller& form) {
  return {form.headline,     form.description, form.languages,
          form.skills,       form.education,   form.experience,
          form.certificates, form.links,       form.response_time_hours};
}

json::object view_of(const rating& r) {
  return {{"average", r.average}, {"count", r.count}, {"histogram", json::to_value(r.histogram)}};
}

}  // namespace

bool seller::learn(const users::rating& fresh) {
  if (fresh.version <= rating.version) return false;
  rating = fresh;
  return true;
}

bool seller::learn_completed(std::int64_t count) {
  if (count <= completed_orders) return false;
  completed_orders = count;
  return true;
}

bool seller::learn(const std::optional<std::string>& new_avatar, const std::string& new_country) {
  if (avatar == new_avatar && country == new_country) return false;
  avatar = new_avatar;
  country = new_country;
  return true;
}

void check(const seller_edit& e, violations& out) {
  if (e.headline) check_line(out, "/headline", *e.headline, 5, 120);
  if (e.description) check_text(out, "/description", *e.description, 20, 5'000);
  if (e.languages && e.languages->empty()) check_count(out, "/languages", 0, 1, most_entries);
  check_list(out, "languages", e.languages, most_entries, [&](const auto& one, std::size_t i) {
    if (!is_language_code(one.code)) {
      out.add(at("languages", i, "code"), "format", "must be a language code such as en");
    }
    return one.code;
  });
  check_list(out, "skills", e.skills, 30, [&](const std::string& one, std::size_t i) {
    check_line(out, at("skills", i), one, 1, 50);
    return handle_of(one);
  });
  check_background(e, out);
  check_list(out, "links", e.links, 10, [&](const std::string& one, std::size_t i) {
    if (!is_web_link(one)) out.add(at("links", i), "format", "must be an http or https address");
    check_line(out, at("links", i), one, 0, 300);
    return one;
  });
  if (e.response_time_hours) {
    check_range(out, "/response_time_hours", *e.response_time_hours, 1, 168);
  }
}

void check(const new_seller& form, violations& out) {
  check(edit_of(form), out);
}

void apply(const seller_edit& e, seller& to) {
  if (e.headline) to.headline = *e.headline;
  if (e.description) to.description = *e.description;
  if (e.languages) to.languages = *e.languages;
  if (e.skills) to.skills = *e.skills;
  if (e.education) to.education = *e.education;
  if (e.experience) to.experience = *e.experience;
  if (e.certificates) to.certificates = *e.certificates;
  if (e.links) to.links = *e.links;
  if (e.response_time_hours) to.response_time_hours = *e.response_time_hours;
  to.revision += 1;
}

seller seller_of(const new_seller& form, const profile& p) {
  seller s;
  s.id = p.id;
  s.username = p.username;
  s.handle = p.handle;
  s.avatar = p.avatar;
  s.country = p.country;
  s.member_since = p.created_at;
  apply(edit_of(form), s);
  s.revision = 1;
  return s;
}

json::object view_of(const seller& s) {
  return {{"id", s.id},
          {"username", s.username},
          {"avatar", json::to_value(s.avatar)},
          {"headline", s.headline},
          {"description", s.description},
          {"country", s.country},
          {"languages", json::to_value(s.languages)},
          {"skills", json::to_value(s.skills)},
          {"education", json::to_value(s.education)},
          {"experience", json::to_value(s.experience)},
          {"certificates", json::to_value(s.certificates)},
          {"links", json::to_value(s.links)},
          {"response_time_hours", s.response_time_hours},
          {"rating", view_of(s.rating)},
          {"completed_orders", s.completed_orders},
          {"member_since", format_time(s.member_since)},
          {"revision", s.revision}};
}

}  // namespace oficio::users
