#include "services/chat/conversation.hpp"

#include <algorithm>

#include "platform/base/uuid.hpp"
#include "platform/json/check.hpp"

namespace oficio::chat {

std::string conversation_id_of(const std::string& one, const std::string& other) {
  return uuid_v5("conversation/" + std::min(one, other) + "/" + std::max(one, other));
}

std::string membership_id_of(const std::string& conversation_id, const std::string& account_id) {
  return uuid_v5("membership/" + conversation_id + "/" + account_id);
}

std::string handle_of(std::string_view username) {
  std::string handle(username);
  for (char& c : handle) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return handle;
}

bool may_be_username(std::string_view text) {
  return text.size() >= 3 && text.size() <= 30 && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

bool says_the_same(const message& one, const message& other) {
  if (one.text != other.text || one.files != other.files) return false;
  if (!one.offer || !other.offer) return one.offer.has_value() == other.offer.has_value();
  return one.offer->same_terms(*other.offer);
}

message seen_at(message m, time_point now) {
  if (m.offer) m.offer->status = m.offer->status_at(now);
  return m;
}

membership new_membership(const conversation& c, const std::string& account_id) {
  membership m;
  m.id = membership_id_of(c.id, account_id);
  m.conversation_id = c.id;
  m.account_id = account_id;
  m.with = c.other_than(account_id);
  m.gig_id = c.gig_id;
  m.updated_at = c.created_at;
  return m;
}

bool include(membership& m, const message& next) {
  if (next.seq != m.included_seq + 1) return false;
  m.included_seq = next.seq;
  if (next.from.id != m.account_id) {
    ++m.received;
    m.received_seq = next.seq;
    m.has_unread = true;
    if (!m.notice_due_at && !m.notified) m.notice_due_at = next.created_at + unread_patience;
  }
  m.last_message = next;
  m.updated_at = std::max(m.updated_at, next.created_at);
  return true;
}

bool mark_read(membership& m, std::int64_t seq, time_point now, std::int64_t received_read,
               std::optional<time_point> waiting_since) {
  if (seq <= m.read_seq) return false;
  m.read_seq = seq;
  m.read_at = now;
  m.received_read = received_read;
  m.has_unread = m.unread() > 0;
  if (!m.has_unread) {
    m.notice_due_at.reset();
    m.notified = false;
  } else if (m.notice_due_at && waiting_since) {
    // A message that has been read waits no more; those behind it have waited less.
    m.notice_due_at = std::max(*m.notice_due_at, *waiting_since + unread_patience);
  }
  return true;
}

bool take_notice(membership& m, time_point now) {
  if (!m.notice_due_at || *m.notice_due_at > now) return false;
  m.notice_due_at.reset();
  m.notified = true;
  return true;
}

void check(const new_conversation& input, json::violations& out) {
  json::check_text(out, "/with", input.with, 1, 100);
  if (input.gig_id && !is_uuid(*input.gig_id)) {
    out.add("/gig_id", "format", "must be the id of a gig");
  }
}

void check(const new_message& input, json::violations& out) {
  auto files = input.files ? input.files->size() : 0;
  json::check_text(out, "/text", input.text, files > 0 ? 0 : 1, longest_text);
  json::check_count(out, "/files", files, 0, most_files);
  if (input.client_id) {
    json::check_text(out, "/client_id", *input.client_id, 1, longest_client_id);
  }
}

void check(const read_mark& input, json::violations& out) {
  if (input.seq < 0) out.add("/seq", "range", "must not be negative");
}

}  // namespace oficio::chat
