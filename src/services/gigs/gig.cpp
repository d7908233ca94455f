#include "services/gigs/gig.hpp"

#include <algorithm>
#include <set>

#include "platform/json/check.hpp"
#include "services/gigs/catalogue.hpp"

namespace oficio::gigs {
namespace {

constexpr std::int64_t min_price = 500;
constexpr std::int64_t max_price = 1'000'000;

// Lower case for ASCII and for the Latin letters with accents (U+00C0 to U+00DE), whose second byte
// in UTF-8 differs by 0x20.
std::string lower(std::string text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 'A' && byte <= 'Z') text[i] = static_cast<char>(byte + 0x20);
    bool second = i > 0 && static_cast<unsigned char>(text[i - 1]) == 0xC3;
    if (second && byte >= 0x80 && byte <= 0x9E && byte != 0x97) {
      text[i] = static_cast<char>(byte + 0x20);
    }
  }
  return text;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(blank) - first + 1));
}

std::string name_of(tier t) {
  switch (t) {
    case tier::basic:
      return "Basic";
    case tier::standard:
      return "Standard";
    case tier::premium:
      return "Premium";
  }
  return {};
}

std::vector<std::string> kept_tags(const std::vector<std::string>& said) {
  std::vector<std::string> out;
  for (const auto& tag : said) out.push_back(kept_tag(tag));
  return out;
}

std::vector<package> kept_packages(const std::vector<package_draft>& said) {
  std::vector<package> out;
  for (const auto& p : said) {
    out.push_back({p.name, p.title.value_or(name_of(p.name)), p.description, p.price,
                   p.delivery_days, p.revisions});
  }
  return out;
}

void check_package(const package& p, const std::string& at, const std::string& currency,
                   json::violations& out) {
  json::check_text(out, at + "/title", p.title, 1, 80);
  json::check_text(out, at + "/description", p.description, 1, 1'200);
  json::check_range(out, at + "/price/amount", p.price.amount, min_price, max_price);
  if (p.price.currency != currency) {
    out.add(at + "/price/currency", "currency", "must be " + currency);
  }
  json::check_range(out, at + "/delivery_days", p.delivery_days, 1, 90);
  json::check_range(out, at + "/revisions", p.revisions, 0, 20);
}

void check_tags(const std::vector<std::string>& tags, json::violations& out) {
  json::check_count(out, "/tags", tags.size(), 1, 5);
  for (std::size_t i = 0; i < tags.size(); ++i) {
    auto at = "/tags/" + std::to_string(i);
    json::check_text(out, at, tags[i], 2, 30);
    // Searches name several tags with commas between them.
    if (tags[i].find_first_of(",\n\r\t") != std::string::npos) {
      out.add(at, "format", "must not have commas or line breaks");
    }
  }
}

void check_packages(const gig& g, const std::string& currency, json::violations& out) {
  json::check_count(out, "/packages", g.packages.size(), 1, 3);
  std::set<tier> seen;
  for (std::size_t i = 0; i < g.packages.size(); ++i) {
    auto at = "/packages/" + std::to_string(i);
    check_package(g.packages[i], at, currency, out);
    if (!seen.insert(g.packages[i].name).second) {
      out.add(at + "/name", "repeated", "each package may be there once");
    }
  }
}

}  // namespace

std::int64_t gig::lowest_price() const {
  auto least =
      std::ranges::min_element(packages, {}, [](const package& p) { return p.price.amount; });
  return least == packages.end() ? 0 : least->price.amount;
}

int gig::fastest_delivery() const {
  auto least = std::ranges::min_element(packages, {}, &package::delivery_days);
  return least == packages.end() ? 0 : least->delivery_days;
}

std::string kept_tag(std::string_view said) {
  return lower(trimmed(said));
}

void apply(const gig_patch& patch, gig& to) {
  if (patch.title) to.title = trimmed(*patch.title);
  if (patch.description) to.description = trimmed(*patch.description);
  if (patch.category) to.category = *patch.category;
  if (patch.subcategory) to.subcategory = *patch.subcategory;
  if (patch.tags) to.tags = kept_tags(*patch.tags);
  if (patch.packages) to.packages = kept_packages(*patch.packages);
  if (patch.faq) to.faq = *patch.faq;
  if (patch.images) to.images = *patch.images;
}

void apply(gig_draft draft, gig& to) {
  apply(gig_patch{std::move(draft.title), std::move(draft.description), std::move(draft.category),
                  std::move(draft.subcategory), std::move(draft.tags), std::move(draft.packages),
                  std::move(draft.faq), std::move(draft.images)},
        to);
}

void check(const gig& g, const std::string& currency, json::violations& out) {
  json::check_text(out, "/title", g.title, 15, 80);
  json::check_text(out, "/description", g.description, 120, 5'000);
  if (!is_category(g.category)) {
    out.add("/category", "choice", "is not a category; GET /categories lists them");
  } else if (!is_subcategory(g.category, g.subcategory)) {
    out.add("/subcategory", "choice", "is not a subcategory of " + g.category);
  }
  check_tags(g.tags, out);
  check_packages(g, currency, out);
  json::check_count(out, "/faq", g.faq.size(), 0, 20);
  for (std::size_t i = 0; i < g.faq.size(); ++i) {
    auto at = "/faq/" + std::to_string(i);
    json::check_text(out, at + "/question", g.faq[i].question, 1, 200);
    json::check_text(out, at + "/answer", g.faq[i].answer, 1, 1'000);
  }
  json::check_count(out, "/images", g.images.size(), 0, max_images);
}

void tidy(gig& g) {
  std::vector<std::string> tags;
  for (auto& tag : g.tags) {
    if (std::ranges::find(tags, tag) == tags.end()) tags.push_back(std::move(tag));
  }
  g.tags = std::move(tags);
  std::ranges::sort(g.packages, {}, &package::name);
}

}  // namespace oficio::gigs
