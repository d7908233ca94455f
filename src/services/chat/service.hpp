#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/files/shelf.hpp"
#include "platform/security/cursor.hpp"
#include "platform/telemetry/log.hpp"
#include "services/chat/store.hpp"
#include "services/chat/store/moderation.hpp"

namespace oficio::chat {

// The use cases. ctx.who is the actor, signed in.
class messenger {
 public:
  // `currency` (ISO 4217): the only one that offers are made in. Without a studio no files can be
  // sent.
  messenger(documents::database& database, const wall_clock& clock, std::string cursor_key,
            std::string currency, telemetry::logger log, pictures::studio* studio);

  struct opened {
    shown_conversation value;
    bool made = false;
  };
  // Errors: not_found for an unknown user name, which is waited for a second at most (events may be
  // on their way); invalid for one's own; forbidden `blocked` if one of the two blocked the other.
  awaitable<result<opened>> open(const context& ctx, new_conversation input);
  awaitable<result<shown_conversation>> get(const context& ctx, std::string id);
  // The account whom the actor reaches by it. Errors: not_found; forbidden `blocked`.
  awaitable<result<std::string>> correspondent(const context& ctx, std::string id);

  template <class T>
  struct page {
    std::vector<T> items;
    std::optional<std::string> next_cursor;
  };
  // Newest first. Errors: bad_request `bad_cursor`.
  awaitable<result<page<shown_conversation>>> list(const context& ctx, std::size_t limit,
                                                   std::optional<std::string> cursor);
  // How many messages the actor has not read, in all conversations.
  awaitable<result<std::int64_t>> unread(const context& ctx);

  // At most one of them; none: the newest.
  struct position {
    std::optional<std::int64_t> before;
    std::optional<std::int64_t> after;
    std::optional<std::string> cursor;
  };
  // Ascending. The cursor leads on in the direction in which one was going.
  awaitable<result<page<message>>> messages(const context& ctx, std::string conversation_id,
                                            position from, std::size_t limit);

  struct sent {
    message value;
    bool made = false;  // false: it was sent before
  };
  // Errors: not_found; forbidden `blocked`; invalid `idempotency_mismatch`.
  awaitable<result<sent>> send(const context& ctx, std::string conversation_id, new_message input);
  // An offer about one of the actor's own gigs, which is waited for a second at most if it is new.
  // Errors: as send(), and forbidden `not_yours`; conflict `gig_removed`; invalid.
  awaitable<result<sent>> make_offer(const context& ctx, std::string conversation_id,
                                     new_offer input);
  // One of the actor's, as it is now, however long ago it was made. Error: not_found.
  awaitable<result<offer>> get_offer(const context& ctx, std::string id);
  // Errors: as chat::close().
  awaitable<result<offer>> close_offer(const context& ctx, std::string id, offer_status to);
  // Writes down which offers have expired and tells of messages that wait to be read, in batches.
  awaitable<result<void>> work_on_due(const context& ctx);
  awaitable<result<shown_conversation>> mark_read(const context& ctx, std::string conversation_id,
                                                  std::int64_t seq);

  // Harmless when it is so already. Errors: not_found; invalid for one's own name; conflict
  // `too_many_blocks`.
  awaitable<result<void>> block(const context& ctx, std::string username);
  awaitable<result<void>> unblock(const context& ctx, std::string username);
  awaitable<result<page<shown_block>>> blocks(const context& ctx, std::size_t limit,
                                              std::optional<std::string> cursor);
  struct reported {
    chat::report value;
    bool made = false;  // false: it was reported before
  };
  // Shows a message that the actor got to the operators. Errors: not_found; forbidden
  // `own_message`.
  awaitable<result<reported>> report(const context& ctx, std::string message_id, new_report input);
  // For operators, newest first.
  awaitable<result<page<chat::report>>> reports(const context& ctx, std::size_t limit,
                                                std::optional<std::string> cursor);

  chat::store& store() { return store_; }
  files::shelf* attachments() { return attachments_.get(); }  // null without a studio

 private:
  enum class waiting { none, a_second };
  awaitable<result<person>> find_person(const context& ctx, std::string username, waiting w);
  awaitable<result<void>> refuse_blocked(const context& ctx, std::string other);
  awaitable<result<known_gig>> own_gig(const context& ctx, std::string id);
  awaitable<result<sent>> keep(const context& ctx, const conversation& c, message wanted);
  awaitable<result<void>> expire_offers(const context& ctx);
  awaitable<result<void>> give_notices(const context& ctx);
  awaitable<result<void>> give_notice(const context& ctx, membership m);
  awaitable<result<void>> know_actor(const context& ctx);
  awaitable<result<std::vector<shown_conversation>>> shown(const context& ctx,
                                                           std::vector<membership> from);
  awaitable<result<shown_conversation>> shown_one(const context& ctx, membership from);

  chat::store store_;
  moderation_store moderation_;
  const wall_clock& clock_;
  std::string currency_;
  security::cursor_signer cursors_;
  telemetry::logger log_;
  std::unique_ptr<files::shelf> attachments_;
};

}  // namespace oficio::chat
