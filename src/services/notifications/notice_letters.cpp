#include "services/notifications/notice_letters.hpp"

#include <algorithm>
#include <array>

#include "platform/base/unicode.hpp"

namespace oficio::notifications {
namespace {

constexpr std::size_t longest_name = 80;  // of a gig, in the subject

// "{actor}" and "{title}" are filled in. The notice's own sentence stands first; `next` says what
// follows from it.
struct wording {
  std::string_view kind;
  both subject;
  both next;
  both action;
};

constexpr both see_order{"See the order", "Ver el pedido"};
constexpr both answer{"Answer", "Responder"};
constexpr both nothing{"", ""};

constexpr auto wordings = std::to_array<wording>({
    {"order.placed",
     {"Pay for “{title}” to get started", "Paga «{title}» para empezar"},
     {"As soon as it is paid, {actor} can begin. An order that is not paid within an hour closes "
      "by "
      "itself.",
      "En cuanto esté pagado, {actor} podrá empezar. Un pedido que no se paga en una hora se "
      "cierra "
      "solo."},
     {"Pay now", "Pagar ahora"}},
    {"order.receipt",
     {"Your receipt for “{title}”", "Tu recibo de «{title}»"},
     {"Your money is held and goes to {actor} only when the order is complete.",
      "Tu dinero queda retenido y llega a {actor} solo cuando el pedido esté completo."},
     {"Say what is needed", "Contar qué hace falta"}},
    {"order.paid",
     {"New order: “{title}”", "Nuevo pedido: «{title}»"},
     {"The work begins when {actor} has told you what it needs.",
      "El trabajo empieza cuando {actor} te haya contado qué hace falta."},
     see_order},
    {"order.started", {"“{title}” can begin", "«{title}» puede empezar"}, nothing, see_order},
    {"order.delivered",
     {"“{title}” was delivered", "«{title}» está entregado"},
     {"If something is missing, ask for changes. If you do nothing, the order completes by itself "
      "after three days.",
      "Si falta algo, pide cambios. Si no haces nada, el pedido se completa solo a los tres días."},
     {"See the delivery", "Ver la entrega"}},
    {"order.revision_requested",
     {"Changes wanted for “{title}”", "Cambios pedidos en «{title}»"},
     nothing,
     see_order},
    {"order.extension_requested",
     {"More time for “{title}”?", "¿Más plazo para «{title}»?"},
     {"The due date stays as it is until you agree.",
      "La fecha de entrega no cambia hasta que aceptes."},
     answer},
    {"order.extension_approved",
     {"More time for “{title}”", "Más plazo para «{title}»"},
     nothing,
     see_order},
    {"order.extension_rejected",
     {"No more time for “{title}”", "Sin más plazo para «{title}»"},
     {"The due date stays as it is.", "La fecha de entrega no cambia."},
     see_order},
    {"order.cancellation_requested",
     {"Cancel “{title}”?", "¿Cancelar «{title}»?"},
     {"If you agree, the buyer gets all of the money back. If not, the order goes on.",
      "Si aceptas, el comprador recupera todo el dinero. Si no, el pedido sigue adelante."},
     answer},
    {"order.cancellation_approved",
     {"“{title}” is cancelled", "«{title}» está cancelado"},
     {"The buyer gets all of the money back.", "El comprador recupera todo el dinero."},
     see_order},
    {"order.cancellation_rejected",
     {"“{title}” goes on", "«{title}» sigue adelante"},
     nothing,
     see_order},
    {"order.completed",
     {"“{title}” is complete", "«{title}» está completo"},
     {"What you say of {actor} helps others to choose.",
      "Lo que cuentes de {actor} ayuda a otros a elegir."},
     {"Leave a review", "Dejar una reseña"}},
    {"order.accepted",
     {"You have earned “{title}”", "Has cobrado «{title}»"},
     {"You can review {actor}, too.", "Tú también puedes valorar a {actor}."},
     see_order},
    {"order.cancelled",
     {"“{title}” was cancelled", "«{title}» se ha cancelado"},
     {"What the buyer paid goes back in full, the fee included.",
      "Lo que pagó el comprador se devuelve por completo, comisión incluida."},
     see_order},
    {"order.expired",
     {"“{title}” is closed", "«{title}» está cerrado"},
     {"No money was taken. You can order it again at any time.",
      "No se ha cobrado nada. Puedes volver a pedirlo cuando quieras."},
     see_order},
    {"order.late",
     {"“{title}” is late", "«{title}» va con retraso"},
     {"The buyer may now cancel it for a full refund.",
      "El comprador ya puede cancelarlo con reembolso completo."},
     see_order},
    {"order.overdue", {"“{title}” is late", "«{title}» va con retraso"}, nothing, see_order},
    {"offer.made",
     {"An offer from {actor}: “{title}”", "Una oferta de {actor}: «{title}»"},
     {"You accept it by ordering it, as long as it is open.",
      "La aceptas al pedirla, mientras esté abierta."},
     {"See the offer", "Ver la oferta"}},
    {"offer.declined",
     {"Your offer “{title}” was declined", "Han rechazado tu oferta «{title}»"},
     nothing,
     {"See the conversation", "Ver la conversación"}},
    {"offer.withdrawn",
     {"The offer “{title}” was withdrawn", "La oferta «{title}» se ha retirado"},
     nothing,
     {"See the conversation", "Ver la conversación"}},
    {"message.unread",
     {"{actor} is waiting for your answer", "{actor} espera tu respuesta"},
     nothing,
     {"Read and answer", "Leer y responder"}},
    {"review.received",
     {"{actor} reviewed you", "{actor} te ha valorado"},
     {"Everybody can read it now, and you can reply.",
      "Ya lo puede leer todo el mundo, y puedes responder."},
     {"See the review", "Ver la reseña"}},
    {"review.replied",
     {"{actor} replied to your review", "{actor} ha respondido a tu reseña"},
     nothing,
     {"See the reply", "Ver la respuesta"}},
});

std::string filled(std::string_view words, const told_facts& facts) {
  std::string out;
  while (!words.empty()) {
    auto open = words.find('{');
    out += words.substr(0, open);
    if (open == std::string_view::npos) break;
    auto close = words.find('}', open);
    bool actor = words.substr(open + 1, close - open - 1) == "actor";
    out += tidy_line(actor ? facts.actor : facts.title, longest_name);
    words.remove_prefix(close + 1);
  }
  return out;
}

void add_details(letter& to, const told_facts& facts) {
  auto add = [&to](both label, std::string value) {
    to.details.push_back({label.in(to.locale), std::move(value)});
  };
  if (!facts.title.empty()) add({"Work", "Trabajo"}, facts.title);
  if (facts.amount) add({"Amount", "Importe"}, shown_money(*facts.amount, to.locale));
  if (facts.due_at) add({"Due", "Entrega"}, shown_time(*facts.due_at, to.locale));
}

// Only paths of our own: "//" would be another machine's.
bool is_path(std::string_view link) {
  return link.starts_with('/') && !link.starts_with("//") && link.find('\\') == link.npos;
}

}  // namespace

std::vector<std::string_view> kinds_with_words() {
  std::vector<std::string_view> out;
  for (const auto& w : wordings) out.push_back(w.kind);
  return out;
}

letter notice_letter(const notice_news& news, const std::string& unsubscribe_token,
                     const std::string& public_url) {
  letter l{.locale = news.locale,
           .to = news.email,
           .username = news.username,
           .subject = news.notice.text,
           .paragraphs = {news.notice.text}};
  both action{"See it on Oficio", "Verlo en Oficio"};
  const auto* found = std::ranges::find(wordings, news.notice.kind, &wording::kind);
  if (found != wordings.end()) {
    l.subject = filled(found->subject.in(l.locale), news.facts);
    auto next = filled(found->next.in(l.locale), news.facts);
    if (!next.empty()) l.after.push_back(std::move(next));
    action = found->action;
  }
  l.quote = news.facts.quote;
  add_details(l, news.facts);
  if (is_path(news.notice.link)) {
    l.action = action.in(l.locale);
    l.url = public_url + news.notice.link;
  }
  if (!unsubscribe_token.empty()) {
    l.unsubscribe_url = public_url + "/api/v1/unsubscribe?token=" + unsubscribe_token;
    l.settings_url = public_url + "/settings/notifications";
  }
  return l;
}

}  // namespace oficio::notifications
