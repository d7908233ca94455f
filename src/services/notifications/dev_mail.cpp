#include "services/notifications/dev_mail.hpp"

#include <mutex>
#include <regex>

#include <ctemplate/template.h>

#include "platform/http/json_response.hpp"
#include "platform/http/query.hpp"

namespace oficio::notifications {
namespace {

struct shown_mail {
  std::string id;
  std::string to;
  std::string subject;
  std::string text;
  std::string html;
  std::vector<std::string> links;
  time_point at;
};
BOOST_DESCRIBE_STRUCT(shown_mail, (), (id, to, subject, text, html, links, at))

struct mail_page {
  std::vector<shown_mail> items;
};
BOOST_DESCRIBE_STRUCT(mail_page, (), (items))

constexpr const char* page_template = R"({{%AUTOESCAPE context="HTML"}}<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Mail · Oficio</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:760px;margin:2rem auto;padding:0 1rem;color:#1d2733;background:#f4f5f7}
article{background:#fff;border-radius:12px;padding:1rem 1.5rem;margin:1rem 0}h2{font-size:1.1rem;margin:.2rem 0}
small{color:#5b6775}pre{white-space:pre-wrap;font:inherit}</style></head>
<body><h1>Mail</h1><p>Everything that this installation would have sent, newest first.</p>
{{#NONE}}<p>No mail yet.</p>{{/NONE}}
{{#MAIL}}<article><h2>{{SUBJECT}}</h2><small>{{AT}} · {{TO}}</small><pre>{{TEXT}}</pre>
{{#LINK}}<p><a href="{{URL}}">{{URL}}</a></p>{{/LINK}}</article>
{{/MAIL}}</body></html>
)";

std::vector<std::string> links_in(const std::string& text) {
  static const std::regex link(R"(https?://[^\s<>"]+)");
  std::vector<std::string> out;
  for (std::sregex_iterator i(text.begin(), text.end(), link), end; i != end; ++i) {
    out.push_back(i->str());
  }
  return out;
}

std::string page_of(const mail_page& page) {
  static std::once_flag once;
  std::call_once(once, [] {
    ctemplate::StringToTemplateCache("dev_mail.html", page_template, ctemplate::DO_NOT_STRIP);
  });
  ctemplate::TemplateDictionary values("page");
  if (page.items.empty()) values.ShowSection("NONE");
  for (const auto& item : page.items) {
    auto* mail = values.AddSectionDictionary("MAIL");
    mail->SetValue("SUBJECT", item.subject);
    mail->SetValue("TO", item.to);
    mail->SetValue("AT", format_time(item.at));
    mail->SetValue("TEXT", item.text);
    for (const auto& link : item.links) mail->AddSectionDictionary("LINK")->SetValue("URL", link);
  }
  std::string out;
  ctemplate::ExpandTemplate("dev_mail.html", ctemplate::DO_NOT_STRIP, &values, &out);
  return out;
}

awaitable<result<http::response>> show(mail::local_outbox& outbox, http::request& r) {
  http::query_reader query(r);
  auto to = query.text("to").value_or("");
  auto limit = query.limit(50);
  CO_TRY_VOID(query.done());
  CO_TRY(auto mails, co_await outbox.list(r.ctx, to, limit));
  mail_page page;
  for (auto& m : mails) {
    page.items.push_back({m.mail.id, m.mail.to, m.mail.subject, m.mail.text, m.mail.html,
                          links_in(m.mail.text), m.at});
  }
  if (r.headers.get("Accept").find("application/json") != std::string_view::npos) {
    co_return http::json_response(200, page);
  }
  http::response answer;
  answer.headers.set("Content-Type", "text/html; charset=utf-8");
  answer.headers.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  answer.body = page_of(page);
  co_return answer;
}

}  // namespace

void add_dev_mail(http::router& routes, mail::local_outbox& outbox) {
  routes.get("/dev/mail", [&outbox](http::request& r) { return show(outbox, r); });
}

}  // namespace oficio::notifications
