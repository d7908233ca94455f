#include "services/users/activity.hpp"

#include <algorithm>

#include "platform/base/uuid.hpp"

namespace oficio::users {

time_point place_in_feed(const profile& to, time_point now) {
  return to.read_until ? std::max(now, *to.read_until + std::chrono::milliseconds(1)) : now;
}

activity entry_of(const notice& n, const profile& to, time_point now) {
  activity out;
  out.id = uuid_v5(n.id + "/" + to.id);
  out.account_id = to.id;
  out.kind = n.kind;
  out.text = text_of(n, to.locale);
  out.link = n.link;
  out.at = n.at;
  out.told_at = place_in_feed(to, now);
  return out;
}

json::object view_of(const activity& entry, bool read) {
  return {{"id", entry.id},     {"kind", entry.kind}, {"text", entry.text},
          {"link", entry.link}, {"read", read},       {"at", format_time(entry.at)}};
}

}  // namespace oficio::users
