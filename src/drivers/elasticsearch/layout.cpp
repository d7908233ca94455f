#include "drivers/elasticsearch/layout.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "platform/base/unicode.hpp"
#include "platform/search/spelling.hpp"
#include "platform/search/stems.hpp"
#include "platform/search/words.hpp"
#include "platform/security/crypto.hpp"

namespace oficio::elasticsearch {
namespace {

using search::field_kind;

// Goes up when the rules for words and stems change: then all documents are put once more.
constexpr auto rules = "words 1\n";
// A field of this many words counts as it is; shorter ones count more, longer ones less. Fixed,
// where the server's own scores take the average of all documents: what a document weighs never
// changes, and a page of a list is the same on every copy of the index.
constexpr double usual_words = 100;
constexpr double length_share = 0.6;
constexpr double most_words = 4 * usual_words;
constexpr std::size_t max_words = 20'000;
constexpr std::int64_t longest_keyword = 8'191;  // characters; Lucene takes 32,766 bytes

// A point would make a path of it.
std::string plain(const std::string& field) {
  std::string out;
  for (char c : field) out += c == '.' ? std::string("__") : std::string(1, c);
  return out;
}

json::object keyword_type() {
  return {{"type", "keyword"}, {"ignore_above", longest_keyword}};
}

// Whoever has the word has it: "boolean" scores are the boost of whatever asks.
json::object text_type(const char* analyzer) {
  return {{"type", "text"},          {"analyzer", analyzer}, {"search_analyzer", "whitespace"},
          {"similarity", "boolean"}, {"norms", false},       {"index_options", "docs"}};
}

json::object object_of(json::object properties) {
  return {{"properties", std::move(properties)}};
}

void append(json::object& to, const std::string& field, json::value v) {
  auto& list = to[field];
  if (!list.is_array()) list = json::array();
  list.as_array().push_back(std::move(v));
}

// The words of a document's texts, as they are indexed.
struct indexed_words {
  std::map<std::string, std::string> starts;
  std::set<std::string> all;
  std::set<std::string> spellings;

  void add_text(const std::string& field, const std::string& text) {
    auto& here = starts[field];
    for (const auto& w : search::words_of(text, max_words)) {
      if (search::is_stop_word(w.folded)) continue;
      here += w.folded + ' ';
      all.insert(w.folded);
      auto written = text.substr(w.begin, w.end - w.begin);
      if (written.size() > w.folded.size()) {
        spellings.insert(w.folded + ' ' + search::lower(written));
      }
    }
  }
  void add_keyword(const std::string& field, const std::string& text) {
    auto& here = starts[field];
    for (const auto& w : search::words_of(text, max_words)) here += w.folded + ' ';
  }
};

json::object object_of(const std::map<std::string, std::string>& texts) {
  json::object out;
  for (const auto& [field, text] : texts) out[field] = text;
  return out;
}

json::array array_of(const std::set<std::string>& texts) {
  json::array out;
  for (const auto& t : texts) out.emplace_back(t);
  return out;
}

}  // namespace

// A point would make a path of it; no word has "_".
std::string stem_path(const std::string& stem) {
  auto out = "stems." + stem;
  std::replace(out.begin() + 6, out.end(), '.', '_');
  return out;
}

std::string backwards(const std::string& folded) {
  std::string out;
  for (std::size_t at = 0; at < folded.size();) {
    auto bytes = code_point(folded, at).second;
    out.insert(0, folded, at, bytes);
    at += bytes;
  }
  return out;
}

std::string start_of(const std::string& folded) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < longest_start && at < folded.size(); ++i) {
    at += code_point(folded, at).second;
  }
  return folded.substr(0, at);
}

layout::layout(const search::schema& s) {
  std::string described = rules;
  for (const auto& f : s.fields) {
    if (!kinds_.emplace(f.name, f.kind).second) {
      throw std::invalid_argument("search schema " + s.name + " names a field twice: " + f.name);
    }
    if (f.kind == field_kind::text) texts_.push_back({f.name, starts(f.name), f.boost});
  }
  for (const auto& [name, kind] : kinds_) {
    described += name + ":" + std::to_string(static_cast<int>(kind)) + "\n";
  }
  // Weights are made when a document is written.
  for (const auto& t : texts_) described += t.name + "*" + std::to_string(t.boost) + "\n";
  if (texts_.empty()) throw std::invalid_argument("search schema " + s.name + " has no text");
  for (const auto& one : s.signals) signals_.push_back({number(one.field), one.weight});
  fingerprint_ = security::base64url(security::sha256(described)).substr(0, 16);
}

std::string layout::keyword(const std::string& field) const {
  auto found = kinds_.find(field);
  if (found == kinds_.end() || found->second != field_kind::keyword) {
    throw std::invalid_argument("no search field of that kind: " + field);
  }
  return "keywords." + plain(field);
}

std::string layout::number(const std::string& field) const {
  auto found = kinds_.find(field);
  if (found == kinds_.end() || found->second != field_kind::number) {
    throw std::invalid_argument("no search field of that kind: " + field);
  }
  return "numbers." + plain(field);
}

std::string layout::starts(const std::string& field) const {
  return "starts." + plain(field);
}

bool layout::is_text(const std::string& field) const {
  auto found = kinds_.find(field);
  return found != kinds_.end() && found->second == field_kind::text;
}

json::object layout::properties() const {
  json::object starts;
  json::object keywords;
  json::object numbers;
  for (const auto& [field, kind] : kinds_) {
    auto name = plain(field);
    if (kind == field_kind::number) {
      numbers[name] = json::object{{"type", "long"}};
      continue;
    }
    starts[name] = text_type("beginnings");
    if (kind == field_kind::keyword) keywords[name] = keyword_type();
  }
  json::object kept{{"type", "object"}, {"enabled", false}};
  return {{"id", keyword_type()},
          {"layout", keyword_type()},
          {"shown", {{"type", "boolean"}}},
          {"removed", {{"type", "boolean"}}},
          {"removed_at", {{"type", "long"}}},
          {"body", kept},
          {"texts", kept},
          {"words", text_type("whitespace")},
          {"backwards", text_type("whitespace")},
          {"spellings", keyword_type()},
          {"stems", {{"type", "rank_features"}}},
          {"starts", object_of(std::move(starts))},
          {"keywords", object_of(std::move(keywords))},
          {"numbers", object_of(std::move(numbers))}};
}

json::object layout::mapping(int generation) const {
  return {{"dynamic", "strict"},
          {"_meta", {{"layout", fingerprint_}, {"generation", generation}}},
          {"properties", properties()}};
}

json::object layout::creation(int replicas, int generation) const {
  json::object filter{
      {"type", "edge_ngram"}, {"min_gram", 1}, {"max_gram", std::int64_t{longest_start}}};
  json::object analyzer{
      {"type", "custom"}, {"tokenizer", "whitespace"}, {"filter", json::array{"beginnings"}}};
  json::object analysis{{"filter", {{"beginnings", std::move(filter)}}},
                        {"analyzer", {{"beginnings", std::move(analyzer)}}}};
  // One shard: facets are exact, a document is worth the same wherever it lies, and what was
  // written in which order is one row of numbers. A shard holds millions of documents.
  json::object settings{{"number_of_shards", 1},
                        {"number_of_replicas", replicas},
                        {"refresh_interval", "500ms"},
                        {"analysis", std::move(analysis)}};
  return {{"settings", {{"index", std::move(settings)}}}, {"mappings", mapping(generation)}};
}

result<void> layout::check(const search::versioned& v) const {
  for (const auto& one : v.doc.values) {
    auto found = kinds_.find(one.field);
    bool number = std::holds_alternative<std::int64_t>(one.content);
    bool fits = found != kinds_.end() && (found->second == field_kind::number) == number;
    if (!fits) {
      return error{
          errc::internal, "bad_search_value",
          "Document " + v.doc.id + " has a value that the schema does not take: " + one.field};
    }
  }
  return {};
}

void layout::add_texts(const search::document& d, json::object& to) const {
  indexed_words words;
  json::object texts;
  for (const auto& v : d.values) {
    const auto* text = std::get_if<std::string>(&v.content);
    if (!text) continue;
    if (is_text(v.field)) {
      append(texts, v.field, json::value(*text));
      words.add_text(plain(v.field), *text);
    } else {
      words.add_keyword(plain(v.field), *text);
    }
  }
  to["texts"] = std::move(texts);
  if (d.hidden) return;  // nobody searches for it, and its words shall correct nobody's
  std::string all;
  std::string reversed;
  for (const auto& w : words.all) {
    all += w + ' ';
    reversed += backwards(w) + ' ';
  }
  to["words"] = std::move(all);
  to["backwards"] = std::move(reversed);
  to["stems"] = weights(d);
  to["starts"] = object_of(words.starts);
  to["spellings"] = array_of(words.spellings);
}

json::object layout::weights(const search::document& d) const {
  std::map<std::string, double> sums;
  for (const auto& field : texts_) {
    std::vector<std::string> stems;
    for (const auto& v : d.values) {
      if (v.field != field.name) continue;
      for (const auto& w : search::words_of(std::get<std::string>(v.content), max_words)) {
        if (!search::is_stop_word(w.folded)) stems.push_back(search::stem_of(w.folded));
      }
    }
    auto length = std::min(static_cast<double>(stems.size()), most_words) / usual_words;
    auto weight = field.boost / (1 - length_share + length_share * length);
    for (const auto& stem : stems) sums[stem] += weight;
  }
  json::object out;
  for (const auto& [stem, sum] : sums) {
    auto path = stem_path(stem);
    out[path.substr(path.find('.') + 1)] = std::max(0.001, std::round(1'000 * sum) / 1'000);
  }
  return out;
}

json::object layout::source(const search::versioned& v, std::int64_t now_ms) const {
  json::object out{{"id", v.doc.id}, {"layout", fingerprint_}, {"removed", v.removed}};
  out["shown"] = !v.removed && !v.doc.hidden;
  if (v.removed) {
    out["removed_at"] = now_ms;
    return out;
  }
  out["body"] = v.doc.body;
  json::object keywords;
  json::object numbers;
  for (const auto& one : v.doc.values) {
    if (const auto* number = std::get_if<std::int64_t>(&one.content)) {
      append(numbers, plain(one.field), *number);
    } else if (!is_text(one.field)) {
      append(keywords, plain(one.field), json::value(std::get<std::string>(one.content)));
    }
  }
  out["keywords"] = std::move(keywords);
  out["numbers"] = std::move(numbers);
  add_texts(v.doc, out);
  return out;
}

}  // namespace oficio::elasticsearch
