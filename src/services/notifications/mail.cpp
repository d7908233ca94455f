#include "services/notifications/mail.hpp"

#include <mutex>

#include <ctemplate/template.h>

namespace oficio::notifications {
namespace {

constexpr const char* html_template = R"({{%AUTOESCAPE context="HTML"}}<!doctype html>
<html lang="{{LOCALE}}"><head><meta charset="utf-8"><title>{{SUBJECT}}</title></head>
<body style="margin:0;background:#f4f5f7;font-family:Helvetica,Arial,sans-serif;color:#1d2733">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px;background:#ffffff;border-radius:12px">
<tr><td style="padding:28px 32px">
<p style="margin:0 0 20px;font-size:20px;font-weight:bold;color:#0f6b5c">Oficio</p>
<p style="margin:0 0 12px">{{GREETING}} {{USERNAME}},</p>
<p style="margin:0 0 20px;line-height:1.5">{{BODY}}</p>
{{#ACTION_SECTION}}<p style="margin:0 0 20px"><a href="{{URL}}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#0f6b5c;color:#ffffff;text-decoration:none">{{ACTION}}</a></p>
<p style="margin:0;font-size:13px;color:#5b6775">{{URL}}</p>{{/ACTION_SECTION}}
</td></tr></table>
<p style="font-size:12px;color:#5b6775">{{FOOTER}}</p>
</td></tr></table></body></html>
)";

constexpr const char* text_template = R"({{GREETING}} {{USERNAME}},

{{BODY}}
{{#ACTION_SECTION}}
{{ACTION}}: {{URL}}
{{/ACTION_SECTION}}
--
Oficio. {{FOOTER}}
)";

struct words {
  const char* greeting;
  const char* footer;
  const char* verify_subject;
  const char* verify_body;
  const char* verify_action;
  const char* see;
};

const words& words_of(const std::string& locale) {
  static const words en{"Hello",
                        "You get this mail because you have an account at Oficio.",
                        "Confirm your e-mail address",
                        "Welcome to Oficio. Please confirm that this address is yours. The link is "
                        "good for 24 hours.",
                        "Confirm address",
                        "See it on Oficio"};
  static const words es{"Hola",
                        "Recibes este correo porque tienes una cuenta en Oficio.",
                        "Confirma tu dirección de correo",
                        "Te damos la bienvenida a Oficio. Confirma que esta dirección es tuya. El "
                        "enlace vale durante 24 horas.",
                        "Confirmar dirección",
                        "Verlo en Oficio"};
  return locale.starts_with("es") ? es : en;
}

void load_templates() {
  static std::once_flag once;
  std::call_once(once, [] {
    using ctemplate::DO_NOT_STRIP;
    if (!ctemplate::StringToTemplateCache("mail.html", html_template, DO_NOT_STRIP) ||
        !ctemplate::StringToTemplateCache("mail.txt", text_template, DO_NOT_STRIP)) {
      throw std::logic_error("the mail templates do not parse");
    }
  });
}

std::string expand(const char* name, const ctemplate::TemplateDictionary& values) {
  std::string out;
  if (!ctemplate::ExpandTemplate(name, ctemplate::DO_NOT_STRIP, &values, &out)) {
    throw std::logic_error(std::string("the mail template cannot be filled: ") + name);
  }
  return out;
}

// A subject is one header line, whatever people put into their titles.
std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return text;
}

std::string text_at(const json::object& from, const char* name) {
  auto* found = from.if_contains(name);
  auto* text = found ? found->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : std::string();
}

}  // namespace

mail::message compose(const letter& l, std::string id) {
  load_templates();
  const auto& say = words_of(l.locale);
  ctemplate::TemplateDictionary values("mail");
  values.SetValue("LOCALE", l.locale.starts_with("es") ? "es" : "en");
  values.SetValue("SUBJECT", l.subject);
  values.SetValue("GREETING", say.greeting);
  values.SetValue("USERNAME", l.username);
  values.SetValue("BODY", l.body);
  values.SetValue("FOOTER", say.footer);
  if (!l.action.empty()) {
    values.SetValue("ACTION", l.action);
    values.SetValue("URL", l.url);
    values.ShowSection("ACTION_SECTION");
  }
  return {std::move(id), l.to, one_line(l.subject), expand("mail.txt", values),
          expand("mail.html", values)};
}

letter verification_letter(const json::object& data, const std::string& token,
                           const std::string& public_url) {
  auto locale = text_at(data, "locale");
  const auto& say = words_of(locale);
  return {locale,
          text_at(data, "email"),
          text_at(data, "username"),
          say.verify_subject,
          say.verify_body,
          say.verify_action,
          public_url + "/verify?token=" + token};
}

letter notice_letter(const json::object& data, const std::string& public_url) {
  auto locale = text_at(data, "locale");
  json::object notice;
  if (auto* found = data.if_contains("notice"); found && found->is_object()) {
    notice = found->as_object();
  }
  auto text = text_at(notice, "text");
  auto link = text_at(notice, "link");
  return {locale,
          text_at(data, "email"),
          text_at(data, "username"),
          text,
          text,
          link.empty() ? "" : words_of(locale).see,
          link.empty() ? "" : public_url + link};
}

}  // namespace oficio::notifications
