#include "app/seed/library.hpp"

#include <stdexcept>

#include "app/seed/embedded.hpp"

namespace oficio::sample {
namespace {

template <class T>
void read(const json::value& from, T& to, std::string_view what) {
  auto got = json::from_stored<T>(from);
  if (!got) throw std::logic_error(std::string(what) + ": " + got.error().detail);
  to = *std::move(got);
}

phrases read_phrases(json::object from) {
  phrases out;
  read(from.at("packages"), out.packages, "packages");
  read(from.at("faq"), out.faq, "faq");
  from.erase("packages");
  from.erase("faq");
  read(json::value(std::move(from)), out.said, "phrases");
  return out;
}

}  // namespace

const std::vector<std::string>& phrases::of(const std::string& kind) const {
  auto found = said.find(kind);
  if (found == said.end() || found->second.empty()) {
    throw std::logic_error("the sample texts have no \"" + kind + "\"");
  }
  return found->second;
}

library load_library() {
  auto parsed = json::parse(embedded::market_json(), 16);
  if (!parsed) throw std::logic_error("the sample texts: " + parsed.error().detail);
  auto& all = parsed->as_object();
  library out;
  read(all.at("trades"), out.trades, "trades");
  read(all.at("regions"), out.regions, "regions");
  read(all.at("foldings"), out.foldings, "foldings");
  out.en = read_phrases(all.at("phrases").as_object().at("en").as_object());
  out.es = read_phrases(all.at("phrases").as_object().at("es").as_object());
  return out;
}

}  // namespace oficio::sample
