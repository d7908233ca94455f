#include "platform/realtime/connection.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "platform/realtime/engine_core.hpp"

namespace oficio::realtime {

connection::connection(std::shared_ptr<server_core> core, const std::shared_ptr<session>& on)
    : core_(std::move(core)), session_(on) {}

connection::~connection() {
  core_->connects.remove(*this);
}

void connection::begin() {
  core_->connects.add(*this);
}

std::shared_ptr<session> connection::line() const {
  std::lock_guard lock(guard_);
  return session_;
}

void connection::fail() {
  if (auto s = line()) s->close(end_reason::protocol_error);
}

void connection::expired(steady_time) {
  std::shared_ptr<session> s;
  {
    std::lock_guard lock(guard_);
    if (!joined_) s = session_;
  }
  if (s) s->close(end_reason::not_connected);
}

bool connection::wants_pause() {
  std::lock_guard lock(guard_);
  return std::ranges::any_of(members_, [](const auto& m) { return m.who && m.who->wants_pause(); });
}

// --- packets

void connection::received(std::string_view data, bool binary) {
  if (!within_limits(data.size(), !binary)) return;
  if (binary != (incomplete_ != nullptr)) return fail();
  if (!binary) {
    packet p;
    if (!read_packet(data, core_->options.max_attachments, p)) return fail();
    if (p.attachments == 0) return take(p, {});
    incomplete_ = std::make_unique<incomplete>();
    incomplete_->text = data;
    read_packet(incomplete_->text, core_->options.max_attachments, incomplete_->read);
    return;
  }
  auto& next = *incomplete_;
  next.size += data.size();
  if (next.size > core_->options.max_attached_bytes) return fail();
  next.attached.push_back(std::make_shared<const std::string>(data));
  if (next.attached.size() < next.read.attachments) return;
  auto whole = std::move(incomplete_);
  take(whole->read, std::move(whole->attached));
}

bool connection::within_limits(std::size_t size, bool is_event) {
  const auto& of = core_->options.per_account;
  if (of.events.per_second <= 0 && of.bytes.per_second <= 0) return true;
  std::shared_ptr<shared_allowance> account;
  {
    std::lock_guard lock(guard_);
    account = account_;
  }
  if (!account || account->message(of, size, is_event, std::chrono::steady_clock::now())) {
    return true;
  }
  if (auto s = line()) s->close(end_reason::too_many_events);
  return false;
}

void connection::take(const packet& p, std::vector<bytes> attached) {
  switch (p.kind) {
    case kind::connect:
      return take_connect(p);
    case kind::disconnect:
      return take_disconnect(p);
    case kind::connect_error:
      return fail();
    default:
      return take_event(p, std::move(attached));
  }
}

connection::member* connection::find(std::string_view name) {
  auto found = std::ranges::find_if(members_, [&](const auto& m) { return m.in->name() == name; });
  return found == members_.end() ? nullptr : &*found;
}

void connection::take_event(const packet& p, std::vector<bytes> attached) {
  std::shared_ptr<socket> who;
  bool was_in = false;
  {
    std::lock_guard lock(guard_);
    if (auto* m = find(p.space)) {
      who = m->who;
      was_in = m->was_in;
    }
  }
  if (!who) {
    // What was on its way when the server sent the client out of the namespace harms nobody.
    if (!was_in) fail();
    return;
  }
  bool is_event = p.kind == kind::event || p.kind == kind::binary_event;
  if (!is_event) return who->acknowledged(*p.id, args(p.data, p.items, 0, std::move(attached)));
  std::string room;
  who->event(event_name(p, room), args(p.data, p.items, 1, std::move(attached)), p.id);
}

void connection::take_disconnect(const packet& p) {
  std::shared_ptr<socket> who;
  bool known = false;
  {
    std::lock_guard lock(guard_);
    if (auto* m = find(p.space)) {
      who = m->who;
      known = true;
    }
  }
  if (!known) return fail();
  if (who) who->in().remove(who, leave_reason::by_client);
}

void connection::take_connect(const packet& p) {
  auto* in = core_->find(p.space);
  if (!in) return refuse(p.space, "Invalid namespace", nullptr);
  bool twice = false;
  {
    std::lock_guard lock(guard_);
    if (!session_) return;
    auto* m = find(p.space);
    twice = m && (m->who || !m->was_in);
    if (!m && members_.size() >= core_->options.max_spaces) twice = true;
    if (!twice && m) m->was_in = false;
    if (!twice && !m) members_.push_back({in, nullptr, false});
  }
  if (twice) return fail();
  std::string auth(p.data.empty() ? "{}" : p.data);
  if (!in->authorise_) return let_in(*in, std::move(auth), {});
  auto s = line();
  if (!s) return;
  boost::asio::co_spawn(s->executor(), decide(shared_from_this(), in, std::move(auth)),
                        boost::asio::detached);
}

awaitable<void> connection::decide(std::shared_ptr<connection> self, space* in, std::string auth) {
  auto s = self->line();
  if (!s) co_return;
  decision made = refusal{"The server failed"};
  try {
    made = co_await in->authorise_({s->from(), in->name(), auth});
  } catch (const std::exception& e) {
    self->core_->log.error("authorising failed", {{"error.message", e.what()}});
  }
  if (auto* in_as = std::get_if<grant>(&made)) {
    self->let_in(*in, std::move(auth), std::move(*in_as));
    co_return;
  }
  self->forget(*in);
  const auto& no = std::get<refusal>(made);
  self->refuse(in->name(), no.message, no.data);
}

void connection::let_in(space& in, std::string auth, grant who) {
  auto s = line();
  if (!s) return;
  std::shared_ptr<shared_allowance> account;
  if (!who.account.empty()) account = core_->accounts.of(who.account);
  auto made = in.let_in(shared_from_this(), s, std::move(auth), std::move(who));
  bool gone = false;
  {
    std::lock_guard lock(guard_);
    gone = !session_;
    if (auto* m = find(in.name()); m && !gone) m->who = made;
    joined_ = true;
    account_ = std::move(account);
  }
  core_->connects.remove(*this);
  if (gone) return in.remove(made, leave_reason::line);
  made->begin();
}

void connection::refuse(std::string_view name, std::string_view message, const json::value& data) {
  json::object body{{"message", message}};
  if (!data.is_null()) body.emplace("data", data);
  auto f = frame::text(
      {packet_head(kind::connect_error, 0, name, {}), json::to_text(json::value(std::move(body)))});
  if (auto s = line()) s->send({&f, 1});
}

void connection::forget(const space& of) {
  std::lock_guard lock(guard_);
  auto* m = find(of.name());
  if (!m) return;
  m->was_in = true;
  m->who = nullptr;
}

// However the line ended, its client may come back: only DISCONNECT says that it will not.
void connection::closed(end_reason) {
  boost::container::small_vector<member, 1> gone;
  {
    std::lock_guard lock(guard_);
    gone.swap(members_);
    session_ = nullptr;
  }
  core_->connects.remove(*this);
  for (auto& m : gone) {
    if (m.who) m.who->in().remove(m.who, leave_reason::line);
  }
}

}  // namespace oficio::realtime
