#include "search_quality/market.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "app/seed/offers.hpp"
#include "app/seed/plan.hpp"
#include "platform/base/uuid.hpp"
#include "platform/search/words.hpp"
#include "services/gigs/search.hpp"

namespace oficio::quality {
namespace {

std::string trimmed(const std::string& text) {
  auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> parts(const std::string& line, char between) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from <= line.size();) {
    auto end = std::min(line.find(between, from), line.size());
    out.push_back(trimmed(line.substr(from, end - from)));
    from = end + 1;
  }
  return out;
}

gigs::kept_gig kept(const json::object& offer, const sample::person& seller, std::size_t number) {
  auto draft = json::from_request_value<gigs::gig_draft>(offer);
  if (!draft) throw std::runtime_error("the sample market offers what is no gig");
  gigs::kept_gig out;
  gigs::apply(*std::move(draft), out.gig);
  gigs::tidy(out.gig);
  auto made = time_point(std::chrono::seconds(1'750'000'000 + static_cast<std::int64_t>(number)));
  out.id = out.gig.id = uuid_v5("gig " + std::to_string(number));
  out.gig.seller = {uuid_v5(seller.username), seller.username, {}, {}, seller.from->country};
  out.gig.created_at = out.gig.updated_at = made;
  out.languages = seller.from->speaks;
  return out;
}

}  // namespace

std::vector<search::versioned> sample_gigs(std::size_t count) {
  auto texts = sample::load_library();
  sample::plan_options options;
  options.gigs = count;
  options.now = time_point(std::chrono::seconds(1'767'225'600));
  auto plan = sample::make_plan(texts, options);
  sample::offer_writer writer(texts, options.seed, "USD");
  std::vector<search::versioned> out;
  for (std::size_t i = 0; i < plan.gigs.size(); ++i) {
    const auto& seller = plan.who(plan.gigs[i].seller);
    out.push_back(gigs::searchable(kept(writer.write(seller, i), seller, i), 1));
  }
  return out;
}

std::vector<wish> read_wishes(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + " cannot be read");
  std::vector<wish> out;
  for (std::string line; std::getline(file, line);) {
    if (trimmed(line).empty() || line.starts_with('#')) continue;
    auto columns = parts(line, '|');
    if (columns.size() < 2) throw std::runtime_error("no subcategory: " + line);
    wish next{columns[0], parts(columns[1], ','), {}};
    if (columns.size() > 2) {
      for (const auto& word : parts(columns[2], ',')) next.words.push_back(search::folded(word));
    }
    out.push_back(std::move(next));
  }
  return out;
}

bool fits(const wish& w, const std::string& gig) {
  auto body = json::parse(gig).value();
  auto subcategory = std::string(body.at("subcategory").as_string());
  if (std::ranges::find(w.subcategories, subcategory) == w.subcategories.end()) return false;
  if (w.words.empty()) return true;
  auto text = std::string(body.at("title").as_string());
  for (const auto& tag : body.at("tags").as_array()) text += " " + std::string(tag.as_string());
  return std::ranges::any_of(search::words_of(text), [&](const search::word& there) {
    return std::ranges::any_of(
        w.words, [&](const std::string& word) { return there.folded.starts_with(word); });
  });
}

}  // namespace oficio::quality
