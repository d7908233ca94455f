#include "services/users/wordings.hpp"

#include <algorithm>
#include <array>

namespace oficio::users {
namespace {

constexpr auto wordings = std::to_array<wording>({
    {"order.placed", "You ordered “{title}”. Pay {amount} so that the work can begin.",
     "Has pedido «{title}». Paga {amount} para que el trabajo pueda empezar."},
    {"order.receipt", "You paid {amount} for “{title}”. Now tell {actor} what the work needs.",
     "Has pagado {amount} por «{title}». Ahora cuéntale a {actor} qué necesita el trabajo."},
    {"order.paid", "{actor} ordered “{title}” for {amount}.",
     "{actor} ha pedido «{title}» por {amount}."},
    {"order.started", "{actor} told you all you need for “{title}”: the work can begin.",
     "{actor} te ha dado todo lo necesario para «{title}»: el trabajo puede empezar."},
    {"order.delivered", "{actor} delivered “{title}”. Have a look and accept it.",
     "{actor} ha entregado «{title}». Revísalo y acéptalo."},
    {"order.revision_requested", "{actor} asked for changes to “{title}”.",
     "{actor} ha pedido cambios en «{title}»."},
    {"order.extension_requested",
     "{actor} asks for {number} more days for “{title}”. Do you agree?",
     "{actor} pide {number} días más para «{title}». ¿Estás de acuerdo?", delivery::both,
     "{actor} asks for one more day for “{title}”. Do you agree?",
     "{actor} pide un día más para «{title}». ¿Estás de acuerdo?"},
    {"order.extension_approved", "{actor} gave you {number} more days for “{title}”.",
     "{actor} te ha dado {number} días más para «{title}».", delivery::both,
     "{actor} gave you one more day for “{title}”.",
     "{actor} te ha dado un día más para «{title}»."},
    {"order.extension_rejected", "{actor} did not agree to more time for “{title}”.",
     "{actor} no ha aceptado más plazo para «{title}»."},
    {"order.cancellation_requested", "{actor} asks to cancel “{title}”. Do you agree?",
     "{actor} pide cancelar «{title}». ¿Estás de acuerdo?"},
    {"order.cancellation_approved", "{actor} agreed to cancel “{title}”.",
     "{actor} ha aceptado cancelar «{title}»."},
    {"order.cancellation_rejected", "{actor} did not agree to cancel “{title}”: it goes on.",
     "{actor} no ha aceptado cancelar «{title}»: sigue adelante."},
    {"order.completed", "The order “{title}” is complete. How was it? Leave a review.",
     "El pedido «{title}» está completo. ¿Qué tal fue? Deja una reseña."},
    {"order.accepted", "{actor}'s order “{title}” is complete, and the money is yours.",
     "El pedido «{title}» de {actor} está completo y el dinero es tuyo."},
    {"order.cancelled", "The order “{title}” was cancelled.",
     "El pedido «{title}» se ha cancelado."},
    {"order.expired", "The order “{title}” was not paid in time and is closed.",
     "El pedido «{title}» no se pagó a tiempo y se ha cerrado."},
    {"order.late", "“{title}” for {actor} is late. Deliver it, or ask for more time.",
     "«{title}» para {actor} va con retraso. Entrégalo o pide más plazo."},
    {"order.overdue", "“{title}” by {actor} is late. You may wait, or cancel it for a full refund.",
     "«{title}» de {actor} va con retraso. Puedes esperar o cancelarlo con reembolso completo."},

    {"offer.made", "{actor} made you an offer: “{title}” for {amount}.",
     "{actor} te ha hecho una oferta: «{title}» por {amount}."},
    {"offer.declined", "{actor} declined your offer “{title}”.",
     "{actor} ha rechazado tu oferta «{title}»."},
    {"offer.withdrawn", "{actor} withdrew the offer “{title}”.",
     "{actor} ha retirado la oferta «{title}»."},

    {"message.received", "{actor} wrote to you.", "{actor} te ha escrito.", delivery::live_only},
    {"message.unread", "You have {number} unread messages from {actor}.",
     "Tienes {number} mensajes sin leer de {actor}.", delivery::mail_only,
     "You have an unread message from {actor}.", "Tienes un mensaje sin leer de {actor}."},

    {"review.received", "{actor} reviewed you: {number} of 5.",
     "{actor} te ha valorado con {number} de 5."},
    {"review.replied", "{actor} replied to your review.", "{actor} ha respondido a tu reseña."},

    {"gig.shop_opened", "You can sell now. Publish your first gig.",
     "Ya puedes vender. Publica tu primer servicio.", delivery::live_only},
    {"gig.published", "“{title}” is published: buyers can find it now.",
     "«{title}» está publicado: ya lo pueden encontrar.", delivery::live_only},
});

}  // namespace

const wording* find_wording(std::string_view kind) {
  const auto* found = std::ranges::find(wordings, kind, &wording::kind);
  return found == wordings.end() ? nullptr : found;
}

std::span<const wording> all_wordings() {
  return wordings;
}

}  // namespace oficio::users
