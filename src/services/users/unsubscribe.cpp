#include "services/users/unsubscribe.hpp"

#include "platform/base/uuid.hpp"
#include "platform/security/crypto.hpp"
#include "services/users/profile.hpp"

namespace oficio::users {
namespace {

constexpr std::string_view scope = "users/unsubscribe";

struct kind_words {
  std::string_view kind;
  std::string_view en;
  std::string_view es;
};
constexpr std::array<kind_words, 5> about{{{"order", "your orders", "tus pedidos"},
                                           {"offer", "offers", "ofertas"},
                                           {"review", "reviews", "reseñas"},
                                           {"message", "unread messages", "mensajes sin leer"},
                                           {"gig", "your gigs", "tus servicios"}}};

std::string_view words_for(std::string_view kind, bool spanish) {
  for (const auto& w : about) {
    if (w.kind == kind) return spanish ? w.es : w.en;
  }
  return kind;
}

std::string page(bool spanish, std::string_view title, const std::string& content) {
  std::string out = R"(<!doctype html>
<html lang=")";
  out += spanish ? "es" : "en";
  out += R"("><head><meta charset="utf-8"><title>)";
  out += title;
  out += R"( · Oficio</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:17px/1.55 system-ui,sans-serif;background:#f4f5f7;color:#1d2733;margin:0;display:grid;min-height:100vh;place-items:center}
main{background:#fff;border-radius:14px;padding:2rem;max-width:26rem;margin:1rem}h1{font-size:1.3rem;margin:0 0 1rem}
button{font:inherit;font-weight:600;border:0;border-radius:8px;padding:.7rem 1.2rem;background:#0f6b5c;color:#fff;cursor:pointer}
button:focus-visible{outline:3px solid #7fd0c2;outline-offset:2px}</style></head>
<body><main><h1>)";
  out += title;
  out += "</h1>" + content + "</main></body></html>\n";
  return out;
}

}  // namespace

std::string unsubscribe_tokens::make(const subscription_ref& of) const {
  return signer_.sign(scope, of.account_id + "/" + of.kind);
}

std::string unsubscribe_tokens::make_sealed(const subscription_ref& of) const {
  return security::seal(seal_key_, make(of));
}

result<subscription_ref> unsubscribe_tokens::read(std::string_view token) const {
  error bad{errc::bad_request, "bad_token", "This link is not complete, or not one of ours."};
  auto text = signer_.open(scope, token);
  if (!text) return bad;
  auto slash = text->find('/');
  if (slash == std::string::npos) return bad;
  subscription_ref out{text->substr(0, slash), text->substr(slash + 1)};
  if (!is_uuid(out.account_id) || !find_group(out.kind)) return bad;
  return out;
}

std::string asking_page(const std::string& token, std::string_view kind, std::string_view locale) {
  bool spanish = locale.starts_with("es");
  std::string content = spanish ? "<p>¿No quieres recibir más correos sobre "
                                : "<p>Do you want no more e-mail about ";
  content += words_for(kind, spanish);
  content += "?</p><form method=\"post\" action=\"?token=" + token + "\"><button>";
  content += spanish ? "Dejar de recibirlos" : "Stop these e-mails";
  content += "</button></form>";
  return page(spanish, spanish ? "Correos" : "E-mail", content);
}

std::string done_page(std::string_view kind, std::string_view locale) {
  bool spanish = locale.starts_with("es");
  std::string content = spanish ? "<p>No te enviaremos más correos sobre "
                                : "<p>We will send you no more e-mail about ";
  content += words_for(kind, spanish);
  content += spanish ? ". Puedes volver a activarlos en tus ajustes.</p>"
                     : ". You can switch them on again in your settings.</p>";
  return page(spanish, spanish ? "Hecho" : "Done", content);
}

}  // namespace oficio::users
