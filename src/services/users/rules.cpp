#include "services/users/rules.hpp"

#include <algorithm>
#include <utility>

namespace oficio::users {
namespace {

bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// ISO 3166-1 alpha-2, as officially assigned.
constexpr std::string_view countries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ "
    "BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM "
    "DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS "
    "GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
    "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ "
    "MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
    "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
    "VN VU WF WS YE YT ZA ZM ZW ";

}  // namespace

bool is_file_id(std::string_view text) {
  return !text.empty() && text.size() <= 100 && std::ranges::all_of(text, [](char c) {
    return is_small(c) || is_capital(c) || is_digit(c) || c == '_' || c == '-';
  });
}

bool is_country(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, is_capital) &&
         countries.find(text) != std::string_view::npos;  // spaces part the codes
}

bool is_language_code(std::string_view text) {
  return (text.size() == 2 || text.size() == 3) && std::ranges::all_of(text, is_small);
}

bool is_web_link(std::string_view text) {
  if (text.size() > 300) return false;
  for (std::string_view start : {"https://", "http://"}) {
    if (!text.starts_with(start)) continue;
    auto host = text.substr(start.size());
    host = host.substr(0, host.find_first_of("/?#"));
    return host.find('.') != std::string_view::npos && !host.starts_with('.') &&
           std::ranges::all_of(text, [](char c) {
             return static_cast<unsigned char>(c) > ' ' && c != 0x7f && c != '"' && c != '<' &&
                    c != '>' && c != '\\';
           });
  }
  return false;
}

void check_line(json::violations& out, std::string pointer, std::string_view text, std::size_t min,
                std::size_t max) {
  if (text.find_first_of("\r\n") != std::string_view::npos) {
    out.add(pointer, "line_break", "must be one line");
  }
  json::check_text(out, std::move(pointer), text, min, max);
}

}  // namespace oficio::users
