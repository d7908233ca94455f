#include "platform/realtime/space.hpp"

#include <algorithm>

#include "platform/base/random.hpp"
#include "platform/realtime/connection.hpp"
#include "platform/realtime/engine_core.hpp"
#include "platform/realtime/history.hpp"
#include "platform/security/crypto.hpp"

namespace oficio::realtime {

namespace {

std::string new_id() {
  return security::base64url(random_bytes(15));
}

frame::pointer connect_packet(const socket& who, std::string_view space_name) {
  json::object body{{"sid", who.id()}};
  if (!who.private_id().empty()) body.emplace("pid", who.private_id());
  return frame::text(
      {packet_head(kind::connect, 0, space_name, {}), json::to_text(json::value(std::move(body)))});
}

// A string member of the CONNECT packet's payload.
std::string member_of(const std::string& auth, std::string_view name) {
  auto read = json::parse(auth, 64);
  if (read.has_error()) return {};
  const auto* all = read->if_object();
  const auto* found = all ? all->if_contains(name) : nullptr;
  const auto* text = found ? found->if_string() : nullptr;
  return text ? std::string(*text) : std::string();
}

}  // namespace

space::space(server_core& core, std::string name) : core_(core), name_(std::move(name)) {
  if (core.options.recovery.on) history_ = std::make_unique<history>(core.options.recovery);
}

space::~space() = default;

// --- who is here

std::shared_ptr<socket> space::find(const std::string& id) const {
  std::shared_lock lock(guard_);
  auto found = sockets_.find(id);
  return found == sockets_.end() ? nullptr : found->second;
}

std::size_t space::size() const {
  std::shared_lock lock(guard_);
  return sockets_.size();
}

std::size_t space::size_of(const std::string& room) const {
  std::shared_lock lock(guard_);
  auto found = rooms_.find(room);
  return found == rooms_.end() ? 0 : found->second.size();
}

std::vector<std::shared_ptr<socket>> space::in_room(const std::string& room) const {
  std::shared_lock lock(guard_);
  std::vector<std::shared_ptr<socket>> out;
  auto found = rooms_.find(room);
  if (found == rooms_.end()) return out;
  for (auto* who : found->second) out.push_back(who->shared_from_this());
  return out;
}

void space::join(socket& who, const std::string& room) {
  std::unique_lock lock(guard_);
  if (who.connected()) join_locked(who, room);
}

void space::join_locked(socket& who, const std::string& room) {
  if (rooms_[room].insert(&who).second) who.rooms_.push_back(room);
}

void space::leave(socket& who, const std::string& room) {
  std::unique_lock lock(guard_);
  auto found = rooms_.find(room);
  if (found == rooms_.end() || found->second.erase(&who) == 0) return;
  if (found->second.empty()) rooms_.erase(found);
  std::erase(who.rooms_, room);
}

void space::leave_all_locked(socket& who) {
  for (const auto& room : who.rooms_) {
    auto found = rooms_.find(room);
    if (found == rooms_.end()) continue;
    found->second.erase(&who);
    if (found->second.empty()) rooms_.erase(found);
  }
  who.rooms_.clear();
}

std::vector<std::string> space::rooms_of(const socket& who) const {
  std::shared_lock lock(guard_);
  return who.rooms_;
}

// --- coming and going

std::shared_ptr<socket> space::let_in(const std::shared_ptr<connection>& on,
                                      const std::shared_ptr<session>& by, std::string auth,
                                      grant who) {
  if (history_) {
    if (auto back = come_back(on, by, auth, who)) return back;
  }
  auto made = std::make_shared<socket>(*this, on, by, new_id(), std::move(auth), std::move(who));
  std::unique_lock<std::mutex> in_order;
  if (history_) {
    made->private_id_ = security::random_token();
    in_order = std::unique_lock(history_->guard);
    made->since_ = history_->position();
    history_->is_here(made->private_id_, made);
  }
  {
    std::unique_lock lock(guard_);
    sockets_.emplace(made->id(), made);
  }
  auto f = connect_packet(*made, name_);
  made->send({&f, 1});
  return made;
}

std::shared_ptr<socket> space::come_back(const std::shared_ptr<connection>& on,
                                         const std::shared_ptr<session>& by,
                                         const std::string& auth, const grant& who) {
  auto private_id = member_of(auth, "pid");
  if (private_id.empty()) return nullptr;
  std::shared_ptr<socket> old;
  {
    std::lock_guard lock(history_->guard);
    old = history_->here(private_id);
  }
  // Its old line is dead, which we have not noticed.
  if (old) old->session_->drop(end_reason::moved);

  std::lock_guard in_order(history_->guard);
  auto was = history_->take(private_id);
  std::optional<std::vector<frame::pointer>> missed;
  if (was && was->who.account == who.account) {
    missed = history_->missed(*was, member_of(auth, "offset"));
  }
  by->core().figures.recovered(missed.has_value()).add();
  if (!missed) return nullptr;
  // What the application kept with it is kept, unless the authoriser gave something newer.
  auto again = who.data ? who : was->who;
  auto made = std::make_shared<socket>(*this, on, by, was->id, auth, std::move(again));
  made->private_id_ = private_id;
  made->since_ = was->since;
  made->recovered_ = true;
  history_->is_here(private_id, made);
  {
    std::unique_lock lock(guard_);
    sockets_[made->id()] = made;
    for (const auto& room : was->rooms) join_locked(*made, room);
  }
  missed->insert(missed->begin(), connect_packet(*made, name_));
  made->send(*missed);
  return made;
}

void space::remove(const std::shared_ptr<socket>& who, leave_reason why) {
  if (!who->connected_.exchange(false)) return;
  {
    std::unique_lock<std::mutex> in_order;
    if (history_) in_order = std::unique_lock(history_->guard);
    absence was{who->id(), {}, who->who_, who->since_, {}};
    {
      std::unique_lock lock(guard_);
      was.rooms = who->rooms_;
      leave_all_locked(*who);
      auto found = sockets_.find(who->id());
      if (found != sockets_.end() && found->second == who) sockets_.erase(found);
    }
    if (history_ && why == leave_reason::line) {
      history_->is_away(who->private_id_, std::move(was));
    } else if (history_) {
      history_->is_gone(who->private_id_);
    }
  }
  who->connection_->forget(*this);
  who->left();
  if (on_disconnect_) on_disconnect_(who, why);
}

// --- events

void broadcast::emit(std::string_view name, const items& with) const {
  space_->emit(to_, name, with);
}

void space::emit(const audience& to, std::string_view event, const items& with) {
  if (!history_ || to.passing) return deliver(to, encode_event(name_, event, with, {}, {}));
  std::lock_guard in_order(history_->guard);
  auto frames = encode_event(name_, event, with, {}, history_->next_offset());
  deliver(to, frames);
  history_->add(to, std::move(frames));
}

bool space::is_excepted(const audience& to, socket* who) const {
  if (!to.except.empty() && to.except == who->id()) return true;
  return std::ranges::any_of(to.except_rooms, [&](const auto& name) {
    auto found = rooms_.find(name);
    return found != rooms_.end() && found->second.contains(who);
  });
}

void space::deliver(const audience& to, std::span<const frame::pointer> frames) const {
  std::shared_lock lock(guard_);
  if (!to.only.empty()) {
    auto found = sockets_.find(to.only);
    if (found != sockets_.end()) found->second->send(frames);
    return;
  }
  auto give = [&](socket* who) {
    if (!is_excepted(to, who)) who->send(frames);
  };
  if (to.rooms.empty()) {
    for (const auto& [id, who] : sockets_) give(who.get());
    return;
  }
  members seen;  // who is in several of the rooms
  for (const auto& name : to.rooms) {
    auto found = rooms_.find(name);
    if (found == rooms_.end()) continue;
    for (auto* who : found->second) {
      if (to.rooms.size() == 1 || seen.insert(who).second) give(who);
    }
  }
}

// --- what an event looks like

namespace {

void append_name(std::string& to, std::string_view name) {
  bool plain = std::ranges::all_of(
      name, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; });
  if (plain) {
    to.append("\"").append(name).append("\"");
  } else {
    to.append(json::to_text(std::string(name)));
  }
}

std::vector<frame::pointer> with_attachments(frame::pointer text,
                                             const std::vector<bytes>& attachments) {
  std::vector<frame::pointer> out;
  out.reserve(1 + attachments.size());
  out.push_back(std::move(text));
  for (const auto& a : attachments) out.push_back(frame::binary(*a));
  return out;
}

}  // namespace

std::vector<frame::pointer> encode_event(std::string_view space_name, std::string_view event,
                                         const items& with, std::optional<std::uint64_t> id,
                                         std::string_view offset) {
  auto count = with.attachments().size();
  auto head = packet_head(count > 0 ? kind::binary_event : kind::event, count, space_name, id);
  head.push_back('[');
  append_name(head, event);
  if (!with.text().empty()) head.push_back(',');
  std::string tail;
  if (!offset.empty()) tail.append(",\"").append(offset).append("\"");
  tail.push_back(']');
  return with_attachments(frame::text({head, with.text(), tail}), with.attachments());
}

std::vector<frame::pointer> encode_ack(std::string_view space_name, std::uint64_t id,
                                       const items& with) {
  auto count = with.attachments().size();
  auto head = packet_head(count > 0 ? kind::binary_ack : kind::ack, count, space_name, id);
  return with_attachments(frame::text({head, "[", with.text(), "]"}), with.attachments());
}

}  // namespace oficio::realtime
