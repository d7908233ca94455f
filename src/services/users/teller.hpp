#pragma once

#include "platform/base/clock.hpp"
#include "platform/telemetry/log.hpp"
#include "services/users/store/lists.hpp"
#include "services/users/store/profiles.hpp"
#include "services/users/unsubscribe.hpp"

namespace oficio::users {

// Tells people what they should hear of: an entry of their feed and, in the same write, the event
// that makes a mail or a live notice of it. Each is harmless when it comes twice or late, and gives
// an error while auth has not told of the person yet, so that the bus tries again.
class teller {
 public:
  teller(profile_store& profiles, feed_store& feed, const unsubscribe_tokens& tokens,
         const wall_clock& clock, telemetry::logger log)
      : profiles_(profiles), feed_(feed), tokens_(tokens), clock_(clock), log_(std::move(log)) {}

  awaitable<result<void>> tell(const context& ctx, std::string account_id, notice n);

  // A conversation has one entry, which comes again with the first message after it was read.
  struct message_news {
    std::string conversation_id;
    std::int64_t seq = 0;
    std::string account_id;  // who should hear of it
    notice words;
  };
  awaitable<result<void>> tell_message(const context& ctx, message_news m);
  // The conversation was read up to `seq`; so is its entry.
  awaitable<result<void>> note_read(const context& ctx, std::string account_id,
                                    std::string conversation_id, std::int64_t seq);
  // Messages have been waiting: `digest` goes by mail, unless they were read meanwhile.
  awaitable<result<void>> tell_waiting(const context& ctx, message_news m, notice digest);

 private:
  awaitable<result<profile>> known(const context& ctx, std::string account_id);
  // Whether a mail may be made of it: an account gets most_mails of a kind in an hour.
  awaitable<result<bool>> may_mail(const context& ctx, const notice& n, const profile& to);
  // The event of that entry, which notes that it is mailed.
  events::raised event_for(activity& entry, const notice& n, const profile& to, bool mail) const;

  profile_store& profiles_;
  feed_store& feed_;
  const unsubscribe_tokens& tokens_;
  const wall_clock& clock_;
  telemetry::logger log_;
};

}  // namespace oficio::users
