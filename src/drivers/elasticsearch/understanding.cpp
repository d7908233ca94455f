#include "drivers/elasticsearch/understanding.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "drivers/elasticsearch/indexes.hpp"
#include "platform/security/crypto.hpp"

namespace oficio::elasticsearch {
namespace {

constexpr std::int64_t candidates = 12;  // words that are near a word
constexpr std::int64_t inspected = 40;

// Words that differ by two letters at most. Of a word that more than two documents have, none.
json::object near_words(const std::string& word, const char* field) {
  return {{"text", word},
          {"term",
           {{"field", field},
            {"suggest_mode", "popular"},
            {"max_term_freq", 2},
            {"max_edits", 2},
            {"prefix_length", 0},
            {"min_word_length", 3},
            {"sort", "frequency"},
            {"size", candidates},
            {"shard_size", inspected}}}};
}

// The stems of what is meant that are not counted yet.
std::vector<std::string> stems_of(const std::vector<meaning>& meanings, const counted& known) {
  std::set<std::string> out;
  for (const auto& m : meanings) {
    for (const auto& a : m.alternatives) {
      for (const auto& stem : a.stems) {
        if (!known.stems.contains(stem)) out.insert(stem);
      }
    }
  }
  return {out.begin(), out.end()};
}

// The best hit has one point for each meaning that it has.
json::object probing(const layout& fields, const std::vector<meaning>& meanings) {
  json::array should;
  for (const auto& m : meanings) {
    should.push_back(
        json::object{{"constant_score", {{"filter", with_meaning(fields, m)}, {"boost", 1}}}});
  }
  json::object query{{"bool",
                      {{"filter", json::array{shown()}},
                       {"should", std::move(should)},
                       {"minimum_should_match", 1}}}};
  return {
      {"size", 1}, {"_source", false}, {"track_total_hits", false}, {"query", std::move(query)}};
}

json::object asking(const layout& fields, const reading& typed,
                    const std::vector<std::string>& stems) {
  auto out = probing(fields, typed.meanings());
  json::object counts;
  json::object near;
  for (std::size_t i = 0; i < typed.tokens().size(); ++i) {
    const auto& t = typed.tokens()[i];
    counts[key('w', i)] = filter_agg(term("words", t.typed.folded));
    if (t.may_go_on) counts[key('b', i)] = filter_agg(with_beginning(fields, t.typed.folded, 1));
    if (!typed.worth_a_guess(t)) continue;
    near[key('n', i)] = near_words(t.typed.folded, "words");
    near[key('e', i)] = near_words(backwards(t.typed.folded), "backwards");
  }
  add_counts(stems, counts);
  out["aggs"] = std::move(counts);
  if (!near.empty()) out["suggest"] = std::move(near);
  return out;
}

void read_near(const json::value* suggested, bool from_the_end, word_facts& into) {
  if (!suggested || !suggested->is_array() || suggested->get_array().empty()) return;
  const auto* options = find(suggested->get_array().front(), {"options"});
  if (!options || !options->is_array()) return;
  for (const auto& o : options->get_array()) {
    auto word = text_of(find(o, {"text"}));
    if (from_the_end) word = backwards(word);
    bool known = std::ranges::any_of(into.near, [&](const auto& n) { return n.word == word; });
    if (!known) into.near.push_back({std::move(word), integer_of(find(o, {"freq"}))});
  }
}

std::vector<word_facts> read_facts(const reading& typed, const json::value& said,
                                   const counted& counts) {
  auto count = [&](char kind, std::size_t i) {
    return integer_of(find(said, {"aggregations", key(kind, i), "doc_count"}));
  };
  std::vector<word_facts> out;
  for (std::size_t i = 0; i < typed.tokens().size(); ++i) {
    word_facts facts{counts.of(typed.tokens()[i].stem), count('w', i) > 0, count('b', i) > 0, {}};
    read_near(find(said, {"suggest", key('n', i)}), false, facts);
    read_near(find(said, {"suggest", key('e', i)}), true, facts);
    out.push_back(std::move(facts));
  }
  return out;
}

// A meaning is as frequent as its most frequent alternative, or what it may go on to.
void weigh(std::vector<meaning>& meanings, const counted& counts) {
  for (auto& m : meanings) {
    std::int64_t most = m.beginning.empty() ? 0 : counts.begun;
    for (const auto& a : m.alternatives) {
      auto least = counts.documents;
      for (const auto& stem : a.stems) least = std::min(least, counts.of(stem));
      most = std::max(most, least);
    }
    m.worth = rarity(counts.documents, most);
  }
}

// How many meanings a document must have: all, or the most that any has, and at least half.
std::size_t least_of(std::size_t count, const json::value& probe) {
  auto most = number_of(find(probe, {"hits", "max_score"}));
  auto had = static_cast<std::size_t>(std::lround(std::max(0.0, most)));
  return std::clamp(had, (count + 1) / 2, std::max<std::size_t>(count, 1));
}

// How the words that were corrected are written most often, if with accents.
json::object spellings_of(const reading& typed) {
  json::object aggs;
  json::array all;
  for (std::size_t i = 0; i < typed.tokens().size(); ++i) {
    const auto& word = typed.tokens()[i].corrected;
    if (word.empty()) continue;
    all.push_back(term("words", word));
    // A folded word has letters and digits alone, and perhaps "+", "#" or ".".
    std::string pattern;
    for (char c : word) {
      if (c == '+' || c == '#' || c == '.') pattern += '\\';
      pattern += c;
    }
    aggs[key('w', i)] = filter_agg(term("words", word));
    aggs[key('a', i)] = json::object{
        {"terms", {{"field", "spellings"}, {"include", pattern + " .*"}, {"size", 1}}}};
  }
  json::object query{{"bool",
                      {{"filter", json::array{shown()}},
                       {"should", std::move(all)},
                       {"minimum_should_match", 1}}}};
  return {{"size", 0},
          {"track_total_hits", false},
          {"query", std::move(query)},
          {"aggs", std::move(aggs)}};
}

std::map<std::string, std::string> read_spellings(const reading& typed, const json::value& said) {
  std::map<std::string, std::string> out;
  for (std::size_t i = 0; i < typed.tokens().size(); ++i) {
    const auto& word = typed.tokens()[i].corrected;
    const auto* buckets = find(said, {"aggregations", key('a', i), "buckets"});
    if (word.empty() || !buckets || !buckets->is_array() || buckets->get_array().empty()) continue;
    const auto& first = buckets->get_array().front();
    auto with = integer_of(find(first, {"doc_count"}));
    auto documents = integer_of(find(said, {"aggregations", key('w', i), "doc_count"}));
    if (2 * with > documents) out[word] = text_of(find(first, {"key"})).substr(word.size() + 1);
  }
  return out;
}

}  // namespace

json::object within(const context& ctx, json::object request) {
  request["timeout"] = std::to_string(std::max<std::int64_t>(ctx.remaining().count(), 1)) + "ms";
  return request;
}

std::string search_target(const std::string& alias, const std::string& text) {
  auto same = security::base64url(security::sha256(text)).substr(0, 8);
  return "/" + alias + "/_search?preference=of-" + same;
}

awaitable<result<understood_text>> understanding::read(const context& ctx, std::string text) {
  reading typed(text, same_);
  understood_text out;
  if (typed.tokens().empty()) co_return out;
  counted counts;
  auto stems = stems_of(typed.meanings(), counts);
  auto request = within(ctx, asking(fields_, typed, stems));
  auto target = search_target(alias_, text);
  CO_TRY(auto said, accepted(co_await at_.get(ctx, target, std::move(request))));
  CO_TRY_VOID(check_whole(said.body));
  auto last = key('b', typed.tokens().size() - 1);
  counts.begun = integer_of(find(said.body, {"aggregations", last, "doc_count"}));
  read_counts(said.body, stems, counts);
  if (typed.learn(read_facts(typed, said.body, counts))) {
    co_return co_await corrected(ctx, typed, std::move(counts));
  }
  out.words.meanings = typed.meanings();
  weigh(out.words.meanings, counts);
  out.words.least = least_of(out.words.meanings.size(), said.body);
  co_return out;
}

awaitable<result<understood_text>> understanding::corrected(const context& ctx,
                                                            const reading& typed, counted counts) {
  understood_text out;
  out.words.meanings = typed.meanings();
  auto stems = stems_of(out.words.meanings, counts);
  auto probe = probing(fields_, out.words.meanings);
  json::object more;
  add_counts(stems, more);
  if (!more.empty()) probe["aggs"] = std::move(more);
  auto lines = "{}\n" + json::to_text(json::value(within(ctx, std::move(probe)))) + "\n{}\n" +
               json::to_text(json::value(within(ctx, spellings_of(typed)))) + "\n";
  CO_TRY(auto said,
         accepted(co_await at_.get_lines(ctx, "/" + alias_ + "/_msearch", std::move(lines))));
  const auto* answers = find(said.body, {"responses"});
  if (!answers || !answers->is_array() || answers->get_array().size() != 2) {
    co_return search_unavailable("The search server's answer is none.");
  }
  for (const auto& one : answers->get_array()) {
    auto status = static_cast<int>(integer_of(find(one, {"status"}), 200));
    if (status >= 300) co_return refused(status, one);
    CO_TRY_VOID(check_whole(one));
  }
  read_counts(answers->get_array()[0], stems, counts);
  weigh(out.words.meanings, counts);
  out.words.least = least_of(out.words.meanings.size(), answers->get_array()[0]);
  auto written = read_spellings(typed, answers->get_array()[1]);
  out.correction = typed.correction([&](const std::string& word) {
    auto found = written.find(word);
    return found == written.end() ? word : found->second;
  });
  co_return out;
}

}  // namespace oficio::elasticsearch
