#include "services/users/notice.hpp"

#include <chrono>
#include <stdexcept>

#include "services/users/wordings.hpp"

namespace oficio::users {
namespace {

// Mail about something older only confuses.
constexpr std::chrono::hours worth_mailing{24};

std::string amount_text(const money& m, bool spanish) {
  auto cents = std::to_string(m.amount % 100);
  if (cents.size() < 2) cents.insert(0, 1, '0');
  return std::to_string(m.amount / 100) + (spanish ? "," : ".") + cents + " " + m.currency;
}

const wording& wording_of(const std::string& kind) {
  if (const auto* found = find_wording(kind)) return *found;
  throw std::logic_error("no words for a notice of " + kind);
}

std::string value_of(std::string_view name, const notice& n, bool spanish) {
  if (name == "actor") return n.actor;
  if (name == "title") return n.title;
  if (name == "amount") return n.amount ? amount_text(*n.amount, spanish) : std::string();
  if (name == "number") return std::to_string(n.number);
  throw std::logic_error("a notice has no \"" + std::string(name) + "\"");
}

}  // namespace

std::string group_of(std::string_view kind) {
  return std::string(kind.substr(0, kind.find('.')));
}

std::string text_of(const notice& n, std::string_view locale) {
  const auto& found = wording_of(n.kind);
  bool spanish = locale.starts_with("es");
  bool one = n.number == 1;
  std::string_view words = spanish ? found.es : found.en;
  if (one && !found.en_one.empty()) words = spanish ? found.es_one : found.en_one;
  std::string out;
  while (!words.empty()) {
    auto open = words.find('{');
    out += words.substr(0, open);
    if (open == std::string_view::npos) break;
    auto close = words.find('}', open);
    out += value_of(words.substr(open + 1, close - open - 1), n, spanish);
    words.remove_prefix(close + 1);
  }
  return out;
}

// An address that was never confirmed may be somebody else's.
bool is_mailed(const notice& n, const profile& to) {
  return wording_of(n.kind).way != delivery::live_only && to.email_verified &&
         to.allows(group_of(n.kind), "email");
}

events::raised told(const std::string& entry_id, const notice& n, const profile& to,
                    std::string unsubscribe, bool may_mail) {
  auto group = group_of(n.kind);
  const auto& way = wording_of(n.kind).way;
  json::object facts = n.facts;
  if (!n.actor.empty()) facts["actor"] = n.actor;
  if (!n.title.empty()) facts["title"] = n.title;
  if (n.amount) facts["amount"] = json::to_value(*n.amount);
  if (n.number > 0) facts["number"] = n.number;
  bool email = may_mail && is_mailed(n, to);
  bool live = way != delivery::mail_only && to.allows(group, "live");
  return {.type = "users.notice.created",
          .data = {{"notice",
                    {{"id", entry_id},
                     {"account_id", to.id},
                     {"kind", n.kind},
                     {"text", text_of(n, to.locale)},
                     {"link", n.link},
                     {"at", format_time(n.at)}}},
                   {"group", group},
                   {"username", to.username},
                   {"email", to.email},
                   {"locale", to.locale},
                   {"channels", {{"email", email}, {"live", live}}},
                   {"facts", std::move(facts)},
                   {"unsubscribe", std::move(unsubscribe)},
                   {"not_after", format_time(n.at + worth_mailing)}},
          .concerns = {to.id}};
}

}  // namespace oficio::users
