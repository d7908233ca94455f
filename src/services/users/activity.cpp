#include "services/users/activity.hpp"

#include <chrono>
#include <map>
#include <stdexcept>

#include "platform/base/uuid.hpp"

namespace oficio::users {
namespace {

// Mail about something older only confuses.
constexpr std::chrono::hours worth_mailing{24};

struct wording {
  std::string_view en;
  std::string_view es;
};

// "{actor}", "{title}", "{amount}" and "{rating}" are filled in.
const std::map<std::string, wording, std::less<>>& wordings() {
  static const std::map<std::string, wording, std::less<>> all = {
      {"order.placed",
       {"You ordered “{title}”. Pay {amount} so that the work can begin.",
        "Has pedido «{title}». Paga {amount} para que el trabajo pueda empezar."}},
      {"order.paid",
       {"{actor} ordered “{title}” for {amount}.", "{actor} ha pedido «{title}» por {amount}."}},
      {"order.started",
       {"{actor} told you all you need for “{title}”: the work can begin.",
        "{actor} te ha dado todo lo necesario para «{title}»: el trabajo puede empezar."}},
      {"order.delivered",
       {"{actor} delivered “{title}”. Have a look and accept it.",
        "{actor} ha entregado «{title}». Revísalo y acéptalo."}},
      {"order.completed",
       {"The order “{title}” is complete. How was it? Leave a review.",
        "El pedido «{title}» está completo. ¿Qué tal fue? Deja una reseña."}},
      {"order.accepted",
       {"{actor}'s order “{title}” is complete, and the money is yours.",
        "El pedido «{title}» de {actor} está completo y el dinero es tuyo."}},
      {"order.cancelled",
       {"The order “{title}” was cancelled.", "El pedido «{title}» se ha cancelado."}},
      {"order.expired",
       {"The order “{title}” was not paid in time and is closed.",
        "El pedido «{title}» no se pagó a tiempo y se ha cerrado."}},
      {"review.received",
       {"{actor} reviewed you: {rating} of 5.", "{actor} te ha valorado con {rating} de 5."}},
      {"message.received", {"{actor} wrote to you.", "{actor} te ha escrito."}}};
  return all;
}

bool is_spanish(std::string_view locale) {
  return locale.starts_with("es");
}

std::string amount_text(const money& m, bool spanish) {
  auto cents = std::to_string(m.amount % 100);
  if (cents.size() < 2) cents.insert(0, 1, '0');
  return std::to_string(m.amount / 100) + (spanish ? "," : ".") + cents + " " + m.currency;
}

std::string group_of(const std::string& kind) {
  return kind.substr(0, kind.find('.'));
}

}  // namespace

std::string text_of(const notice& n, std::string_view locale) {
  auto found = wordings().find(n.kind);
  if (found == wordings().end()) throw std::logic_error("no words for a notice of " + n.kind);
  bool spanish = is_spanish(locale);
  std::string_view words = spanish ? found->second.es : found->second.en;
  std::string out;
  while (!words.empty()) {
    auto open = words.find('{');
    out += words.substr(0, open);
    if (open == std::string_view::npos) break;
    auto close = words.find('}', open);
    auto name = words.substr(open + 1, close - open - 1);
    if (name == "actor") {
      out += n.actor;
    } else if (name == "title") {
      out += n.title;
    } else if (name == "amount") {
      out += n.amount ? amount_text(*n.amount, spanish) : std::string();
    } else {
      out += std::to_string(n.rating);
    }
    words.remove_prefix(close + 1);
  }
  return out;
}

activity entry_of(const notice& n, const profile& to, time_point now) {
  return {.id = uuid_v5(n.id + "/" + to.id),
          .account_id = to.id,
          .kind = n.kind,
          .text = text_of(n, to.locale),
          .link = n.link,
          .at = n.at,
          .told_at = now};
}

events::raised told(const activity& entry, const notice& n, const profile& to) {
  auto group = group_of(n.kind);
  json::object facts = n.facts;
  if (!n.actor.empty()) facts["actor"] = n.actor;
  if (!n.title.empty()) facts["title"] = n.title;
  if (n.amount) facts["amount"] = json::to_value(*n.amount);
  return {.type = "users.notice.created",
          .data = {{"notice",
                    {{"id", entry.id},
                     {"account_id", entry.account_id},
                     {"kind", entry.kind},
                     {"text", entry.text},
                     {"link", entry.link},
                     {"at", format_time(entry.at)}}},
                   {"username", to.username},
                   {"email", to.email},
                   {"locale", to.locale},
                   // An address that was never confirmed may be somebody else's.
                   {"channels",
                    {{"email", to.email_verified && to.allows(group, "email")},
                     {"live", to.allows(group, "live")}}},
                   {"facts", std::move(facts)},
                   {"not_after", format_time(entry.told_at + worth_mailing)}},
          .concerns = {entry.account_id}};
}

json::object view_of(const activity& entry, bool read) {
  return {{"id", entry.id},     {"kind", entry.kind}, {"text", entry.text},
          {"link", entry.link}, {"read", read},       {"at", format_time(entry.at)}};
}

}  // namespace oficio::users
