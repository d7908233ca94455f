#include "platform/search/stems.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

namespace oficio::search {
namespace {

struct ending {
  std::string_view text;
  std::size_t least;  // letters that must remain
};

// Longer ones first. The language of a word is not known, so each must be harmless in the other.
constexpr std::array endings{
    ending{"amiento", 4}, ending{"imiento", 4}, ending{"mente", 5}, ending{"ating", 4},
    ending{"iendo", 4},   ending{"acion", 4},   ending{"ation", 4}, ending{"adora", 4},
    ending{"atore", 4},   ending{"adore", 4},   ending{"ated", 4},  ending{"ador", 4},
    ending{"ator", 4},    ending{"ando", 4},    ending{"ment", 5},  ending{"cion", 5},
    ending{"tion", 5},    ending{"ado", 4},     ending{"ada", 4},   ending{"ate", 4},
    ending{"ing", 3},     ending{"ar", 4},      ending{"er", 4},    ending{"ed", 4},
    ending{"ir", 4}};

bool is_vowel(char c) {
  return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y';
}

// Words that an ending would join with words of another meaning, or keep from their own.
const std::unordered_map<std::string_view, std::string_view>& irregular() {
  static const std::unordered_map<std::string_view, std::string_view> all{
      {"marketing", "marketing"},
      {"market", "market"},
      {"poster", "poster"},
      {"posters", "poster"},
      {"customer", "customer"},
      {"customers", "customer"},
      {"letter", "letter"},
      {"letters", "letter"},
      {"master", "master"},
      {"mastering", "master"},
      {"mastered", "master"},
      {"redes", "red"},
      {"voces", "voz"},
      {"voice", "voic"},
      {"voices", "voic"},
      {"avatar", "avatar"},
      {"avatars", "avatar"},
      {"series", "seri"},
      {"news", "news"},
      {"analyses", "analysis"},
      {"wedding", "wedding"},
      {"weddings", "wedding"},
      {"character", "character"},
      {"characters", "character"},
      {"cover", "cover"},
      {"covers", "cover"},
      {"banner", "banner"},
      {"banners", "banner"},
      {"sticker", "sticker"},
      {"stickers", "sticker"},
      {"server", "server"},
      {"servers", "server"},
      {"private", "private"},
      {"template", "template"},
      {"templates", "template"},
      {"format", "format"},
      {"mercado", "mercad"},
      {"mercados", "mercad"},
      {"portada", "portad"},
      {"portadas", "portad"},
      {"jingle", "jingl"},
      {"jingles", "jingl"},
      {"real", "real"},
      {"estate", "estate"},
      {"trailer", "trailer"},
      {"editor", "edit"},
      {"editors", "edit"},
      {"editora", "edit"},
      {"editores", "edit"},
      {"edicion", "edit"},
      {"ediciones", "edit"},
      {"edition", "edit"},
      {"calendar", "calendar"},
      {"calendario", "calendar"},
      {"translator", "transl"},
      {"translators", "transl"},
      {"traductor", "traduc"},
      {"traductora", "traduc"},
      {"traductores", "traduc"},
      {"tax", "tax"},
      {"taxes", "tax"},
      {"impuesto", "impuest"},
      {"box", "box"},
      {"boxes", "box"},
      {"documentation", "documentat"},
      {"documentacion", "documentat"},
      {"mix", "mix"},
      {"mixes", "mix"}};
  return all;
}

void drop_plural(std::string& w) {
  bool plural = w.size() >= 4 && w.ends_with('s') && !w.ends_with("ss") && !w.ends_with("us") &&
                !w.ends_with("is");
  if (plural) w.pop_back();
  // "traducciones", "editores"; "stores" loses the same letter as "store" does below.
  if (w.size() >= 6 && (w.ends_with("ione") || w.ends_with("ore"))) w.pop_back();
}

bool drop_ending(std::string& w) {
  for (const auto& e : endings) {
    if (w.size() < e.text.size() + e.least || !w.ends_with(e.text)) continue;
    auto rest = std::string_view(w).substr(0, w.size() - e.text.size());
    if (std::ranges::none_of(rest, is_vowel)) return false;  // "string"
    w.resize(rest.size());
    auto last = w.back();
    bool twice = w.size() > 3 && last == w[w.size() - 2] && !is_vowel(last) && last != 'l' &&
                 last != 's' && last != 'z';
    if (twice) w.pop_back();  // "planning"
    return true;
  }
  return false;
}

void drop_vowel(std::string& w) {
  if (w.size() < 5) return;
  auto last = w.back();
  if (last == 'a' || last == 'e' || last == 'o') {
    w.pop_back();
  } else if (last == 'y') {
    w.back() = 'i';  // "company", "companies"
  }
}

// "profesional" and "professional".
void join_doubles(std::string& w) {
  if (w.size() < 5) return;
  auto end = std::unique(w.begin(), w.end(), [](char a, char b) { return a == b && !is_vowel(a); });
  w.erase(end, w.end());
}

}  // namespace

std::string stem_of(std::string_view folded) {
  std::string w(folded);
  auto known = irregular().find(folded);
  if (known != irregular().end()) return std::string(known->second);
  auto plain = [](char c) { return c >= 'a' && c <= 'z'; };
  if (w.size() < 4 || !std::ranges::all_of(w, plain)) return w;
  drop_plural(w);
  if (drop_ending(w)) drop_ending(w);
  drop_vowel(w);
  join_doubles(w);
  return w;
}

bool is_stop_word(std::string_view folded) {
  static const std::unordered_set<std::string_view> all{
      // English
      "a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can",
      "could", "did", "do", "does", "for", "from", "get", "had", "has", "have", "he", "her", "him",
      "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "looking", "me", "my",
      "need", "not", "of", "on", "or", "our", "please", "she", "should", "so", "some", "somebody",
      "someone", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this",
      "those", "to", "us", "want", "was", "we", "were", "what", "when", "where", "which", "who",
      "whom", "will", "with", "would", "you", "your", "yours",
      // Spanish
      "al", "alguien", "algun", "alguna", "aqui", "busco", "como", "con", "cual", "cuando", "de",
      "del", "desde", "donde", "e", "el", "ella", "ellas", "ellos", "en", "entre", "era", "es",
      "esa", "esas", "ese", "eso", "esos", "esta", "estan", "estas", "este", "esto", "estos",
      "favor", "fue", "ha", "hay", "la", "las", "le", "les", "lo", "los", "mas", "mi", "mis", "muy",
      "necesito", "nos", "nuestra", "nuestro", "o", "para", "pero", "por", "porque", "que", "quien",
      "quiero", "se", "ser", "si", "sin", "sobre", "son", "su", "sus", "tambien", "te", "ti", "tu",
      "tus", "un", "una", "unas", "uno", "unos", "y", "ya", "yo"};
  return all.contains(folded);
}

}  // namespace oficio::search
