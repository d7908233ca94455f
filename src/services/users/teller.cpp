#include "services/users/teller.hpp"

#include <utility>

#include "platform/base/uuid.hpp"

namespace oficio::users {
namespace {

// Entries and events of that age are forgotten, so nobody could tell whether they are new.
bool is_forgotten(const notice& n, time_point now) {
  return n.at < now - longest_memory;
}

std::string entry_id(const std::string& conversation_id, const std::string& account_id) {
  return uuid_v5("conversation/" + conversation_id + "/" + account_id);
}

activity conversation_entry(const teller::message_news& m, const profile& to, time_point now) {
  auto out = entry_of(m.words, to, now);
  out.id = entry_id(m.conversation_id, to.id);
  out.read = true;  // there is nothing new yet
  return out;
}

// True if the entry was read, and now there is something new behind it.
bool wakes(activity& a, const teller::message_news& m, const profile& to, time_point now) {
  bool was_read = a.is_read(to.read_until);
  a.told_seq = m.seq;
  if (!was_read) return false;
  a.text = text_of(m.words, to.locale);
  a.at = m.words.at;
  a.told_at = place_in_feed(to, now);
  a.read = false;
  return true;
}

}  // namespace

awaitable<result<profile>> teller::known(const context& ctx, std::string account_id) {
  CO_TRY(auto found, co_await profiles_.get(ctx, account_id));
  if (!found || !found->is_complete()) {
    co_return error{errc::unavailable, "account_unknown",
                    "auth has not told of the account " + account_id + " yet."};
  }
  co_return std::move(*found);
}

// Two at once may both be the last one: the bound is one for people's patience, not for counting.
awaitable<result<bool>> teller::may_mail(const context& ctx, const notice& n, const profile& to) {
  if (!is_mailed(n, to)) co_return false;
  auto kind = group_of(n.kind);
  CO_TRY(auto mails, co_await feed_.mailed(ctx, to.id, kind, clock_.now() - mails_counted_for));
  if (mails < most_mails) co_return true;
  log_.log(telemetry::level::warning, ctx, "A mail is not sent: the account got many in this hour.",
           {{"user.id", to.id}, {"event.action", n.kind}});
  co_return false;
}

events::raised teller::event_for(activity& entry, const notice& n, const profile& to,
                                 bool mail) const {
  auto kind = group_of(n.kind);
  if (mail) {
    entry.mailed_at = clock_.now();
    entry.mailed_as = kind;
  }
  return told(entry.id, n, to, tokens_.make_sealed({to.id, kind}), mail);
}

awaitable<result<void>> teller::tell(const context& ctx, std::string account_id, notice n) {
  if (is_forgotten(n, clock_.now())) co_return result<void>{};
  CO_TRY(auto to, co_await known(ctx, std::move(account_id)));
  CO_TRY(bool mail, co_await may_mail(ctx, n, to));
  auto entry = entry_of(n, to, clock_.now());
  auto event = event_for(entry, n, to, mail);
  co_return co_await feed_.append(ctx, std::move(entry), std::move(event));
}

awaitable<result<void>> teller::tell_message(const context& ctx, message_news m) {
  auto now = clock_.now();
  if (is_forgotten(m.words, now)) co_return result<void>{};
  CO_TRY(auto to, co_await known(ctx, m.account_id));
  CO_TRY(bool mail, co_await may_mail(ctx, m.words, to));
  auto change = [&](activity& a) -> feed_store::outcome {
    if (m.seq <= a.told_seq || m.seq <= a.seen_seq) return {};
    if (!wakes(a, m, to, now)) return {.write = true, .event = std::nullopt};
    return {.write = true, .event = event_for(a, m.words, to, mail)};
  };
  co_return co_await feed_.change(ctx, entry_id(m.conversation_id, to.id),
                                  conversation_entry(m, to, now), change);
}

awaitable<result<void>> teller::note_read(const context& ctx, std::string account_id,
                                          std::string conversation_id, std::int64_t seq) {
  auto change = [seq](activity& a) -> feed_store::outcome {
    if (seq <= a.seen_seq) return {};
    a.seen_seq = seq;
    if (a.told_seq <= seq) a.read = true;
    return {.write = true, .event = std::nullopt};
  };
  co_return co_await feed_.change(ctx, entry_id(conversation_id, account_id), std::nullopt, change);
}

awaitable<result<void>> teller::tell_waiting(const context& ctx, message_news m, notice digest) {
  auto now = clock_.now();
  if (is_forgotten(digest, now)) co_return result<void>{};
  CO_TRY(auto to, co_await known(ctx, m.account_id));
  CO_TRY(bool mail, co_await may_mail(ctx, digest, to));
  auto change = [&](activity& a) -> feed_store::outcome {
    if (a.mailed_by == digest.id || m.seq <= a.seen_seq) return {};
    a.mailed_by = digest.id;
    if (m.seq > a.told_seq) wakes(a, m, to, now);
    return {.write = true, .event = event_for(a, digest, to, mail)};
  };
  co_return co_await feed_.change(ctx, entry_id(m.conversation_id, to.id),
                                  conversation_entry(m, to, now), change);
}

}  // namespace oficio::users
