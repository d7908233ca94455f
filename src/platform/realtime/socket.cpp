#include "platform/realtime/socket.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "platform/realtime/connection.hpp"
#include "platform/realtime/engine_core.hpp"
#include "platform/realtime/space.hpp"

namespace oficio::realtime {

namespace asio = boost::asio;

// Who waits for an acknowledgement.
struct socket::question {
  explicit question(asio::any_io_executor on) : timer(std::move(on)) {}

  // From any thread, once.
  void settle(const std::shared_ptr<question>& self) {
    asio::post(timer.get_executor(), [self] {
      self->settled = true;
      self->timer.cancel();
    });
  }

  asio::steady_timer timer;
  bool settled = false;        // on the asker's executor
  std::optional<args> answer;  // none: the client is gone. Set before settle()
};

socket::socket(space& in, std::shared_ptr<connection> on, std::shared_ptr<session> by,
               std::string id, std::string auth, grant who)
    : space_(in),
      connection_(std::move(on)),
      session_(std::move(by)),
      id_(std::move(id)),
      auth_(std::move(auth)),
      who_(std::move(who)) {}

socket::~socket() = default;

void socket::set(std::string name, handler h) {
  if (!own_) own_ = std::make_unique<handlers>();
  own_->set(std::move(name), std::move(h));
}

std::shared_ptr<const handler> socket::handler_of(std::string_view name) const {
  if (own_) {
    if (auto found = own_->find(name)) return found;
  }
  return space_.handlers_.find(name);
}

// --- what comes

void socket::spawn(awaitable<void> task) {
  connection_->core().running.fetch_add(1);
  asio::co_spawn(session_->executor(), std::move(task),
                 [self = shared_from_this()](std::exception_ptr thrown) {
                   self->finished();
                   auto& core = self->connection_->core();
                   core.running.fetch_sub(1);
                   if (thrown) core.log.error("a realtime handler ended with an exception");
                 });
}

void socket::begin() {
  auto h = space_.on_connect_;
  if (!h) return;
  if (!h->waits()) {
    run_plain(*h, args());
    return;
  }
  {
    std::lock_guard lock(guard_);
    beginning_ = true;
    ++running_;
  }
  spawn(run_connect(shared_from_this(), std::move(h)));
}

awaitable<void> socket::run_connect(socket_ptr self, std::shared_ptr<const handler> h) {
  try {
    co_await h->wait(self, args());
  } catch (const std::exception& e) {
    self->connection_->core().log.error("on_connect failed", {{"error.message", e.what()}});
    self->close();
  }
  std::lock_guard lock(self->guard_);
  self->beginning_ = false;
}

void socket::event(std::string_view name, const args& with, std::optional<std::uint64_t> id) {
  session_->core().figures.events().add();
  {
    std::lock_guard lock(guard_);
    bool must_wait = beginning_ || catching_up_ ||
                     running_ >= connection_->core().options.handlers_at_once ||
                     (waiting_ && !waiting_->empty());
    if (must_wait) {
      if (!waiting_) waiting_ = std::make_unique<std::deque<waiting_event>>();
      if (waiting_->size() < max_waiting) {
        waiting_->push_back({std::string(name), with.kept(), id});
        queued_.store(waiting_->size(), std::memory_order_relaxed);
        return;
      }
      name = {};
    }
  }
  if (name.data() == nullptr) return session_->close(end_reason::too_many_events);
  start(name, with, id);
}

// It stands in the middle of reading the line, where nothing may be thrown.
items socket::run_plain(const handler& h, const args& with) {
  try {
    return h.run(shared_from_this(), with);
  } catch (const std::exception& e) {
    connection_->core().log.error("a realtime handler failed", {{"error.message", e.what()}});
    return failure({errc::internal, "internal", ""});
  }
}

// Runs the handler, or begins to.
void socket::start(std::string_view name, const args& with, std::optional<std::uint64_t> id) {
  auto h = handler_of(name);
  if (!h) return;
  if (!h->waits()) return acknowledge(id, run_plain(*h, with));
  {
    std::lock_guard lock(guard_);
    ++running_;
  }
  spawn(run(shared_from_this(), std::move(h), with.kept(), id));
}

awaitable<void> socket::run(socket_ptr self, std::shared_ptr<const handler> h, args with,
                            std::optional<std::uint64_t> id) {
  items out;
  try {
    out = co_await h->wait(self, std::move(with));
  } catch (const std::exception& e) {
    self->connection_->core().log.error("a realtime handler failed", {{"error.message", e.what()}});
    out = failure({errc::internal, "internal", ""});
  }
  self->acknowledge(id, out);
}

// One that waited has ended: the next may begin.
void socket::finished() {
  {
    std::lock_guard lock(guard_);
    --running_;
    // Whoever is at it sees that there is room for one more. What comes meanwhile waits behind.
    if (std::exchange(catching_up_, true)) return;
  }
  for (;;) {
    std::optional<waiting_event> next;
    bool resume = false;
    {
      std::lock_guard lock(guard_);
      bool enough = running_ >= connection_->core().options.handlers_at_once;
      if (!waiting_ || beginning_ || enough) {
        catching_up_ = false;
        return;
      }
      next = std::move(waiting_->front());
      waiting_->pop_front();
      auto before = queued_.exchange(waiting_->size(), std::memory_order_relaxed);
      resume = before == pause_at;
      if (waiting_->empty()) waiting_ = nullptr;
    }
    if (resume) session_->resume();
    if (connected()) start(next->name, next->with, next->id);
  }
}

void socket::acknowledge(std::optional<std::uint64_t> id, const items& with) {
  if (id && connected()) send(encode_ack(space_.name(), *id, with));
}

// --- what goes

void socket::emit(std::string_view name, const items& with) {
  if (!connected()) return;
  if (space_.history_) {
    space_.emit({.only = id_}, name, with);
  } else {
    send(encode_event(space_.name(), name, with, {}, {}));
  }
}

std::shared_ptr<socket::question> socket::new_question(asio::any_io_executor on,
                                                       std::uint64_t& id) {
  std::lock_guard lock(guard_);
  if (asked_.size() >= max_asked || !connected()) return nullptr;
  auto q = std::make_shared<question>(std::move(on));
  id = ++last_asked_;
  asked_.emplace_back(id, q);
  return q;
}

std::shared_ptr<socket::question> socket::take_question(std::uint64_t id) {
  std::lock_guard lock(guard_);
  auto found = std::ranges::find(asked_, id, [](const auto& a) { return a.first; });
  if (found == asked_.end()) return nullptr;
  auto q = std::move(found->second);
  asked_.erase(found);
  return q;
}

awaitable<result<args>> socket::ask(std::string name, items with,
                                    std::chrono::milliseconds at_most) {
  auto self = shared_from_this();  // for as long as this takes
  std::uint64_t id = 0;
  auto q = new_question(co_await asio::this_coro::executor, id);
  if (!q && connected()) {
    co_return error{errc::unavailable, "too_many_asked", "Too much is unanswered already."};
  }
  if (!q) co_return error{errc::unavailable, "disconnected", "The client is gone."};
  q->timer.expires_after(at_most);
  send(encode_event(space_.name(), name, with, id, {}));
  boost::system::error_code ended;
  if (!q->settled) {
    co_await q->timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  }
  if (take_question(id)) {
    session_->core().figures.ack_timeouts().add();
    co_return error{errc::timeout, "ack_timeout", "The client did not answer in time."};
  }
  // It was taken out by whoever settles it, who may be just about to.
  while (!q->settled) {
    q->timer.expires_after(std::chrono::seconds(1));
    co_await q->timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  }
  if (!q->answer) co_return error{errc::unavailable, "disconnected", "The client is gone."};
  co_return std::move(*q->answer);
}

void socket::acknowledged(std::uint64_t id, const args& with) {
  auto q = take_question(id);
  if (!q) return;  // too late, or to nothing: clients may
  q->answer = with.kept();
  q->settle(q);
}

// --- rooms and the end

void socket::join(const std::string& room) {
  space_.join(*this, room);
}

void socket::leave(const std::string& room) {
  space_.leave(*this, room);
}

std::vector<std::string> socket::rooms() const {
  return space_.rooms_of(*this);
}

broadcast socket::to(std::string room) {
  return {space_, {.rooms = {std::move(room)}, .except = id_}};
}

void socket::disconnect() {
  if (!connected()) return;
  auto f = frame::text({packet_head(kind::disconnect, 0, space_.name(), {})});
  send({&f, 1});
  space_.remove(shared_from_this(), leave_reason::by_server);
}

void socket::close() {
  session_->close(end_reason::server_closed);
}

void socket::drop() {
  session_->drop(end_reason::server_closed);
}

// The namespace has removed it.
void socket::left() {
  std::vector<std::pair<std::uint64_t, std::shared_ptr<question>>> unanswered;
  std::unique_ptr<std::deque<waiting_event>> unheard;
  {
    std::lock_guard lock(guard_);
    unanswered.swap(asked_);
    unheard = std::move(waiting_);
  }
  if (queued_.exchange(0) >= pause_at) session_->resume();
  for (auto& [id, q] : unanswered) q->settle(q);
}

}  // namespace oficio::realtime
