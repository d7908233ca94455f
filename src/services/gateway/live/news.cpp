#include "services/gateway/live/news.hpp"

#include <boost/describe.hpp>

namespace oficio::gateway {
namespace {

struct told_people {
  std::vector<std::string> concerns;
};
BOOST_DESCRIBE_STRUCT(told_people, (), (concerns))

struct told_notice {
  std::string id;
  std::string account_id;
  std::string kind;
  std::string text;
  std::string link;
  std::string at;
};
BOOST_DESCRIBE_STRUCT(told_notice, (), (id, account_id, kind, text, link, at))

struct told_channels {
  bool live = false;
};
BOOST_DESCRIBE_STRUCT(told_channels, (), (live))

struct notice_event {
  told_notice notice;
  told_channels channels;
};
BOOST_DESCRIBE_STRUCT(notice_event, (), (notice, channels))

struct session_event {
  std::vector<std::string> session_ids;
};
BOOST_DESCRIBE_STRUCT(session_event, (), (session_ids))

// An item of the feed of what happened, as GET /users/me/activity shows it.
std::optional<news> notification_of(const events::envelope& e) {
  auto read = json::from_stored<notice_event>(json::value(e.data));
  if (read.has_error() || !read->channels.live || read->notice.account_id.empty()) {
    return std::nullopt;
  }
  const auto& n = read->notice;
  json::object item{{"id", n.id},     {"kind", n.kind}, {"text", n.text},
                    {"link", n.link}, {"read", false},  {"at", n.at}};
  return news{"notification", std::move(item), {n.account_id}};
}

json::value member_of(const events::envelope& e, std::string_view name) {
  auto* found = e.data.if_contains(name);
  return found ? *found : json::value();
}

json::value read_mark_of(const events::envelope& e) {
  return json::object{{"conversation_id", member_of(e, "conversation_id")},
                      {"account_id", member_of(e, "account_id")},
                      {"seq", member_of(e, "seq")},
                      {"at", member_of(e, "at")}};
}

json::value offer_of(const events::envelope& e) {
  auto out = member_of(e, "offer");
  if (auto* offer = out.if_object()) {
    (*offer)["conversation_id"] = member_of(e, "conversation_id");
  }
  return out;
}

}  // namespace

std::optional<news> news_of(const events::envelope& e) {
  if (e.type == "users.notice.created") return notification_of(e);
  auto people = json::from_stored<told_people>(json::value(e.data));
  if (people.has_error() || people->concerns.empty()) return std::nullopt;
  auto& who = people->concerns;
  if (e.type == "chat.message.sent") return news{"message", member_of(e, "message"), who};
  if (e.type == "chat.conversation.read") return news{"message:read", read_mark_of(e), who};
  if (e.type.starts_with("chat.offer.")) return news{"offer", offer_of(e), who};
  if (e.type.starts_with("orders.order.")) return news{"order", member_of(e, "order"), who};
  return std::nullopt;
}

std::vector<std::string> ended_by(const events::envelope& e) {
  if (e.type != "auth.session.ended") return {};
  auto read = json::from_stored<session_event>(json::value(e.data));
  return read.has_value() ? read->session_ids : std::vector<std::string>{};
}

}  // namespace oficio::gateway
