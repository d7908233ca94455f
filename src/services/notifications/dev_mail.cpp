#include "services/notifications/dev_mail.hpp"

#include <memory>
#include <regex>

#include "platform/http/json_response.hpp"
#include "platform/http/query.hpp"
#include "services/notifications/templates.hpp"

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

struct outbox_page {
  mail::local_outbox& outbox;
  mail::sender from;
};

struct mail_page {
  std::vector<shown_mail> items;
};
BOOST_DESCRIBE_STRUCT(mail_page, (), (items))

// Nothing in it runs, and it may ask nobody for anything; styles are the mails' own. Frames are
// documents of the page itself (srcdoc), so this holds in them, too, and their sandbox besides.
constexpr const char* page_policy =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

std::vector<std::string> links_in(const std::string& text) {
  static const std::regex link(R"(https?://[^\s<>"]+)");
  std::vector<std::string> out;
  for (std::sregex_iterator i(text.begin(), text.end(), link), end; i != end; ++i) {
    out.push_back(i->str());
  }
  return out;
}

// Links in a sandboxed frame lead nowhere unless they open a page of their own.
std::string framed(const std::string& html) {
  auto at = html.find("<head>");
  if (at == std::string::npos) return html;
  auto out = html;
  return out.insert(at + 6, "<base target=\"_blank\">");
}

std::string page_of(const mail_page& page, const std::string& to) {
  ctemplate::TemplateDictionary values("page");
  values.SetValue("TO", to);
  if (page.items.empty()) values.ShowSection("NONE");
  for (const auto& item : page.items) {
    auto* mail = values.AddSectionDictionary("MAIL");
    mail->SetValue("ID", item.id);
    mail->SetValue("SUBJECT", item.subject);
    mail->SetValue("RECIPIENT", item.to);
    mail->SetValue("AT", format_time(item.at));
    mail->SetValue("TEXT", item.text);
    mail->SetValue("FRAME", framed(item.html));
    for (const auto& link : item.links) mail->AddSectionDictionary("LINK")->SetValue("URL", link);
  }
  return templates::expand(templates::page::outbox, values);
}

awaitable<result<http::response>> show(mail::local_outbox& outbox, http::request& r) {
  http::query_reader query(r);
  auto to = query.text("to").value_or("");
  bool as_json = r.headers.get("Accept").find("application/json") != std::string_view::npos;
  auto limit = query.limit(as_json ? 50 : 20);
  CO_TRY_VOID(query.done());
  CO_TRY(auto mails, co_await outbox.list(r.ctx, to, limit));
  mail_page page;
  for (auto& m : mails) {
    page.items.push_back({m.mail.id, m.mail.to, m.mail.subject, m.mail.text, m.mail.html,
                          links_in(m.mail.text), m.at});
  }
  if (as_json) co_return http::json_response(200, page);
  http::response answer;
  answer.headers.set("Content-Type", "text/html; charset=utf-8");
  answer.headers.set("Content-Security-Policy", page_policy);
  answer.body = page_of(page, to);
  co_return answer;
}

awaitable<result<http::response>> show_raw(const outbox_page& own, http::request& r) {
  CO_TRY_VOID(http::query_reader(r).done());
  CO_TRY(auto found, co_await own.outbox.get(r.ctx, r.param("id")));
  if (!found) co_return not_found("The mail");
  http::response answer;
  answer.headers.set("Content-Type", "message/rfc822");
  answer.headers.set("Content-Disposition", "attachment");
  answer.body = mail::to_mime(found->mail, own.from, found->at);
  co_return answer;
}

}  // namespace

void add_dev_mail(http::router& routes, mail::local_outbox& outbox, mail::sender from) {
  auto own = std::make_shared<outbox_page>(outbox_page{outbox, std::move(from)});
  routes.get("/dev/mail", [own](http::request& r) { return show(own->outbox, r); });
  routes.get("/dev/mail/{id}", [own](http::request& r) { return show_raw(*own, r); });
}

}  // namespace oficio::notifications
