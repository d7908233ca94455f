#include "services/notifications/letter.hpp"

#include <array>
#include <chrono>

#include "platform/base/unicode.hpp"
#include "services/notifications/templates.hpp"

namespace oficio::notifications {
namespace {

// Characters; what people write may be longer, a mail is no place to read it all.
constexpr std::size_t longest_line = 160;
constexpr std::size_t longest_subject = 110;
constexpr std::size_t longest_paragraph = 1'000;
constexpr std::size_t longest_quote = 700;

constexpr both hello{"Hello ", "Hola, "};
constexpr both hello_end{",", ":"};
constexpr both copy{"Or copy this address into your browser:",
                    "O copia esta dirección en tu navegador:"};
constexpr both footer{"You get this mail because you have an account at Oficio.",
                      "Recibes este correo porque tienes una cuenta en Oficio."};
constexpr both stop{"No more mails of this kind", "No recibir más correos como este"};
constexpr both choose{"Choose what reaches you", "Elegir qué te llega"};

std::string two_digits(unsigned number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

void add_quote(ctemplate::TemplateDictionary& values, const std::string& quote) {
  auto tidy = tidy_text(quote, longest_quote);
  auto* section = values.AddSectionDictionary("QUOTE_SECTION");
  std::string_view rest = tidy;
  while (true) {
    auto end = rest.find('\n');
    auto line = tidy_line(rest.substr(0, end), longest_quote);
    section->AddSectionDictionary("QUOTE_LINE")->SetValue("LINE", line);
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
}

void add_parts(ctemplate::TemplateDictionary& values, const letter& l) {
  for (const auto& text : l.paragraphs) {
    values.AddSectionDictionary("PARAGRAPH")->SetValue("TEXT", tidy_line(text, longest_paragraph));
  }
  if (!l.code.empty()) values.SetValueAndShowSection("CODE", l.code, "CODE_SECTION");
  if (!l.quote.empty()) add_quote(values, l.quote);
  for (const auto& text : l.after) {
    values.AddSectionDictionary("AFTER")->SetValue("TEXT", tidy_line(text, longest_paragraph));
  }
  if (!l.details.empty()) {
    auto* section = values.AddSectionDictionary("DETAILS_SECTION");
    for (const auto& [label, value] : l.details) {
      auto* row = section->AddSectionDictionary("DETAIL");
      row->SetValue("LABEL", label);
      row->SetValue("VALUE", tidy_line(value, longest_line));
    }
  }
  if (!l.action.empty()) {
    auto* section = values.AddSectionDictionary("ACTION_SECTION");
    section->SetValue("ACTION", l.action);
    section->SetValue("URL", l.url);
    section->SetValue("OR_COPY", copy.in(l.locale));
  }
  if (!l.note.empty()) values.SetValueAndShowSection("NOTE", l.note, "NOTE_SECTION");
  if (!l.unsubscribe_url.empty()) {
    auto* section = values.AddSectionDictionary("UNSUBSCRIBE_SECTION");
    section->SetValue("UNSUBSCRIBE", stop.in(l.locale));
    section->SetValue("UNSUBSCRIBE_URL", l.unsubscribe_url);
    section->SetValue("SETTINGS", choose.in(l.locale));
    section->SetValue("SETTINGS_URL", l.settings_url);
  }
}

}  // namespace

bool is_spanish(std::string_view locale) {
  return locale.starts_with("es");
}

std::string shown_time(time_point t, std::string_view locale) {
  using namespace std::chrono;
  constexpr std::array<both, 12> months{{{"January", "enero"},
                                         {"February", "febrero"},
                                         {"March", "marzo"},
                                         {"April", "abril"},
                                         {"May", "mayo"},
                                         {"June", "junio"},
                                         {"July", "julio"},
                                         {"August", "agosto"},
                                         {"September", "septiembre"},
                                         {"October", "octubre"},
                                         {"November", "noviembre"},
                                         {"December", "diciembre"}}};
  auto day = floor<days>(t);
  year_month_day date(day);
  hh_mm_ss clock(floor<minutes>(t - day));
  auto of = is_spanish(locale) ? std::string(" de ") : std::string(" ");
  return std::to_string(static_cast<unsigned>(date.day())) + of +
         months[static_cast<unsigned>(date.month()) - 1].in(locale) + of +
         std::to_string(static_cast<int>(date.year())) + ", " +
         two_digits(static_cast<unsigned>(clock.hours().count())) + ":" +
         two_digits(static_cast<unsigned>(clock.minutes().count())) + " UTC";
}

std::string shown_money(const money& m, std::string_view locale) {
  return std::to_string(m.amount / 100) + (is_spanish(locale) ? "," : ".") +
         two_digits(static_cast<unsigned>(m.amount % 100)) + " " + m.currency;
}

mail::message compose(const letter& l, std::string id) {
  ctemplate::TemplateDictionary values("mail");
  auto subject = tidy_line(l.subject, longest_subject);
  values.SetValue("LOCALE", is_spanish(l.locale) ? "es" : "en");
  values.SetValue("SUBJECT", subject);
  values.SetValue("PREHEADER",
                  l.paragraphs.empty() ? subject : tidy_line(l.paragraphs.front(), longest_line));
  values.SetValue("GREETING", hello.in(l.locale) + tidy_line(l.username, longest_line) +
                                  hello_end.in(l.locale));
  values.SetValue("FOOTER", footer.in(l.locale));
  add_parts(values, l);
  return {.id = std::move(id),
          .to = l.to,
          .subject = std::move(subject),
          .text = templates::expand(templates::page::text_mail, values),
          .html = templates::expand(templates::page::html_mail, values),
          .language = is_spanish(l.locale) ? "es" : "en",
          .unsubscribe_url = l.unsubscribe_url};
}

}  // namespace oficio::notifications
