#pragma once

#include "platform/events/bus.hpp"
#include "services/chat/conversation.hpp"

namespace oficio::chat {

class messenger;

// What chat tells others.
events::raised message_sent(const conversation& c, const message& m);
events::raised conversation_read(const conversation& c, const std::string& account_id,
                                 const shown_mark& mark);
// To the one whose membership it is.
events::raised messages_unread(const membership& m);
// `type` is chat.offer.made, .declined or .withdrawn; `m` has an offer.
events::raised offer_changed(std::string type, const message& m, const conversation& c);

// What it does on events: who exists (users.profile.updated, auth.account.*), which gigs do
// (gigs.gig.*), which offers were ordered (orders.order.placed), and its own messages, so that
// conversations are in step with them for sure. `own` must outlive the coroutines.
awaitable<result<void>> on_account(messenger& own, events::envelope e, context ctx);
awaitable<result<void>> on_profile(messenger& own, events::envelope e, context ctx);
awaitable<result<void>> on_gig(messenger& own, events::envelope e, context ctx);
awaitable<result<void>> on_order_placed(messenger& own, events::envelope e, context ctx);
awaitable<result<void>> on_message(messenger& own, events::envelope e, context ctx);

}  // namespace oficio::chat
