#include "services/notifications/templates.hpp"

#include <mutex>
#include <stdexcept>
#include <string_view>

namespace oficio::notifications::templates {

std::string_view mail_html();
std::string_view mail_txt();
std::string_view outbox_html();

namespace {

void load(const char* name, std::string_view content) {
  if (!ctemplate::StringToTemplateCache(name, content.data(), content.size(),
                                        ctemplate::DO_NOT_STRIP)) {
    throw std::logic_error(std::string("the template does not parse: ") + name);
  }
}

void load_all() {
  static std::once_flag once;
  std::call_once(once, [] {
    load("mail.html", mail_html());
    load("mail.txt", mail_txt());
    load("outbox.html", outbox_html());
  });
}

const char* name_of(page which) {
  switch (which) {
    case page::html_mail:
      return "mail.html";
    case page::text_mail:
      return "mail.txt";
    case page::outbox:
      return "outbox.html";
  }
  throw std::logic_error("no such template");
}

}  // namespace

std::string expand(page which, const ctemplate::TemplateDictionary& values) {
  load_all();
  std::string out;
  if (!ctemplate::ExpandTemplate(name_of(which), ctemplate::DO_NOT_STRIP, &values, &out)) {
    throw std::logic_error(std::string("the template cannot be filled: ") + name_of(which));
  }
  return out;
}

}  // namespace oficio::notifications::templates
