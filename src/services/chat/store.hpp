#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/documents/collection.hpp"
#include "platform/events/facts.hpp"
#include "services/chat/conversation.hpp"

namespace oficio::chat {

// How conversations are kept. The actor is who asks: strangers are told not_found.
class store {
 public:
  store(documents::database& database, const wall_clock& clock);

  // Takes over what is newer in `news` than in the copy; versions of 0 only fill a gap.
  awaitable<result<void>> learn(const context& ctx, identity actor, person news);
  awaitable<result<std::optional<person>>> person_named(const context& ctx, std::string username);
  awaitable<result<std::vector<person>>> people(const context& ctx, std::vector<std::string> ids);

  // Takes over a gig that is newer than the copy.
  awaitable<result<void>> learn(const context& ctx, known_gig news);
  awaitable<result<std::optional<known_gig>>> gig(const context& ctx, std::string id);

  struct opened {
    conversation value;
    bool made = false;
  };
  // The pair's conversation, which may have been there before.
  awaitable<result<opened>> open(const context& ctx, identity actor, conversation wanted);
  awaitable<result<conversation>> conversation_for(const context& ctx, identity actor,
                                                   std::string id);

  // Error: not_found unless the actor is one of its two.
  awaitable<result<message>> message_for(const context& ctx, identity actor, std::string id);

  // The actor's, newest first, behind `after`.
  awaitable<result<std::vector<membership>>> memberships(
      const context& ctx, identity actor, std::size_t limit,
      std::optional<documents::query::position> after);
  // The actor's unread messages in all conversations together; of `most_counted` conversations at
  // most, beyond which nobody counts.
  static constexpr std::size_t most_counted = 200;
  awaitable<result<std::int64_t>> unread(const context& ctx, identity actor);
  // Those whose notice of unread messages is due, the longest first.
  awaitable<result<std::vector<membership>>> due_notices(const context& ctx, identity actor,
                                                         std::size_t limit);
  // Takes the due notice off the membership, and tells it if `tell`.
  awaitable<result<void>> give_notice(const context& ctx, identity actor, std::string id,
                                      bool tell);
  // Those of these ids that there are, as they were last written.
  awaitable<result<std::vector<membership>>> memberships(const context& ctx,
                                                         std::vector<std::string> ids);
  // In step with all messages. Makes it if a crash left it out.
  awaitable<result<membership>> membership_of(const context& ctx, identity actor,
                                              const conversation& c);
  // Brings both memberships in step with the messages. Harmless at any time.
  awaitable<result<void>> catch_up(const context& ctx, identity actor, const conversation& c);
  // Moves the actor's mark forward, never back. Errors: invalid if there is no such message yet.
  awaitable<result<membership>> mark_read(const context& ctx, identity actor, const conversation& c,
                                          std::int64_t seq);

  struct appended {
    message value;
    bool made = false;
  };
  // Numbers and keeps the message, with its event. One with the same sender and client_id is given
  // back instead. Errors: invalid `idempotency_mismatch` if that one says something else.
  awaitable<result<appended>> append(const context& ctx, identity actor, const conversation& c,
                                     message wanted);
  // What the account said under that client id.
  awaitable<result<std::optional<message>>> said(const context& ctx, std::string conversation_id,
                                                 std::string account_id, std::string client_id);
  // Messages with after < seq < before, ascending: the last `limit` of them if `newest`, else the
  // first.
  struct span {
    std::int64_t after = 0;
    std::int64_t before = 0;
    std::size_t limit = 20;
    bool newest = true;
  };
  awaitable<result<std::vector<message>>> messages(const context& ctx, identity actor,
                                                   const conversation& c, span s);

  // Declines or withdraws an offer, with its event; as chat::close() says.
  awaitable<result<message>> close_offer(const context& ctx, identity actor, std::string id,
                                         offer_status to);
  // Whatever became of the offer: the order exists. Error: not_found.
  awaitable<result<void>> mark_ordered(const context& ctx, identity actor, std::string id,
                                       std::string order_id);
  // Open offers whose time is over, the longest first.
  awaitable<result<std::vector<std::string>>> due_offers(const context& ctx, identity actor,
                                                         std::size_t limit);
  // Writes down that the offer has expired, if it has.
  awaitable<result<void>> expire_offer(const context& ctx, identity actor, std::string id);
  // The message as it is now; one without an offer never changes and is not looked for.
  awaitable<result<void>> refresh(const context& ctx, message& m);

  std::vector<events::outbox*> outboxes();
  // Offers as they are now; others keep nothing else of conversations. The store must outlive it.
  events::fact_source facts();

 private:
  awaitable<result<std::vector<events::retold>>> retell(context ctx, std::string after,
                                                        std::size_t limit);
  awaitable<result<std::int64_t>> last_seq(const context& ctx, std::string conversation_id);
  awaitable<result<std::optional<message>>> said_before(const context& ctx, const message& wanted);
  awaitable<result<membership>> in_step(const context& ctx, const conversation& c,
                                        std::string account_id);
  awaitable<result<membership>> ensure_membership(const context& ctx, const conversation& c,
                                                  std::string account_id);

  const wall_clock& clock_;
  documents::collection<person> people_;
  documents::collection<known_gig> gigs_;
  documents::collection<conversation> conversations_;
  documents::collection<membership> memberships_;
  documents::collection<message> messages_;
};

documents::query::position position_of(const membership& m);

}  // namespace oficio::chat
