#include "drivers/rabbitmq/link.hpp"

#include <algorithm>
#include <cstdint>
#include <system_error>

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/base/random.hpp"

namespace oficio::rabbitmq {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds first_pause{100};
constexpr milliseconds longest_pause{5'000};
constexpr milliseconds patience{500};  // between looks at the heartbeats
constexpr seconds connecting_within{10};
constexpr int events_in_a_row = 512;  // before somebody's wishes are looked at again

// Up to a quarter more, so that processes do not come back all at once.
milliseconds jittered(milliseconds pause) {
  auto byte = static_cast<unsigned char>(random_bytes(1)[0]);
  return pause + pause * byte / 1'024;
}

}  // namespace

link::link(const access& to, std::string name, telemetry::logger log)
    : to_(to), name_(std::move(name)), log_(std::move(log)), bell_(::eventfd(0, EFD_NONBLOCK)) {
  if (bell_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

link::~link() {
  ::close(bell_);
}

void link::start() {
  // Signals are for the program's own threads; a socket that broke must not end it.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void link::wake() {
  if (rung_.exchange(true)) return;
  std::uint64_t one = 1;
  [[maybe_unused]] auto written = ::write(bell_, &one, sizeof one);
}

bool link::wait_up(steady_time until) {
  std::unique_lock lock(guard_);
  changed_.wait_until(lock, until, [&] { return up_ || !refusal_.empty(); });
  if (!up_ && !refusal_.empty()) throw not_admitted(refusal_);
  return up_;
}

void link::end(milliseconds at_most) {
  if (!thread_.joinable()) return;
  ending_ = true;
  rung_ = false;
  wake();
  {
    // A server that does not answer must not hold us: the socket is shut under the library's hands.
    std::unique_lock lock(guard_);
    bool done = changed_.wait_for(lock, at_most, [&] { return ended_; });
    if (!done && socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  }
  thread_.join();
}

void link::show(connection* c) {
  std::lock_guard lock(guard_);
  socket_ = c ? c->socket() : -1;
  if (!c) up_ = false;
}

void link::run() {
  auto pause = first_pause;
  std::size_t host = 0;
  while (!ending_) {
    std::unique_ptr<connection> c;
    std::string why;
    bool admitted = true;
    try {
      c = connect_any(to_, host, name_, steady_clock::now() + connecting_within);
      show(c.get());
      on_up(*c);
      {
        std::lock_guard lock(guard_);
        up_ = true;
        refusal_.clear();
      }
      changed_.notify_all();
      if (told_) log_.info("The event server is back.", {{"server.address", to_.address.shown()}});
      told_ = false;
      pause = first_pause;
      serve(*c);
    } catch (const not_admitted& e) {
      why = e.what();
      admitted = false;
    } catch (const std::exception& e) {
      why = e.what();
    }
    show(nullptr);
    c.reset();
    if (ending_) break;
    if (to_.address.hosts.size() > 1) ++host;
    tell_down(why, admitted);
    on_down(why);
    wait(-1, jittered(pause));
    pause = std::min(pause * 2, longest_pause);
  }
  on_down("this process ends");
  std::lock_guard lock(guard_);
  ended_ = true;
  changed_.notify_all();
}

void link::tell_down(const std::string& why, bool admitted) {
  {
    std::lock_guard lock(guard_);
    if (!admitted) refusal_ = why;
  }
  changed_.notify_all();
  if (!told_) log_.warn("The event server is away.", {{"error.message", why}});
  told_ = true;
}

void link::serve(connection& c) {
  for (;;) {
    rung_ = false;
    on_wake(c);
    if (ending_) {
      on_end(c);
      c.close(milliseconds(500));
      return;
    }
    int more = events_in_a_row;
    while (more-- > 0) {
      auto happened = c.next(milliseconds(0));
      if (!happened) break;
      on_event(c, std::move(*happened));
    }
    if (more < 0 || rung_) continue;
    wait(c.socket(), patience);
  }
}

// Until somebody rings, the server sends, or the time is over. Rings early rather than never.
void link::wait(int socket, milliseconds at_most) {
  auto until = steady_clock::now() + at_most;
  pollfd at[2] = {{bell_, POLLIN, 0}, {socket, POLLIN, 0}};
  for (;;) {
    auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
    if (left <= 0) return;
    ::poll(at, socket >= 0 ? 2 : 1, static_cast<int>(left));
    if (at[0].revents != 0) {
      std::uint64_t rings = 0;
      [[maybe_unused]] auto got = ::read(bell_, &rings, sizeof rings);
      rung_ = false;
    }
    // A connection that is away is not asked sooner because somebody wants it.
    if (socket >= 0 || ending_) return;
  }
}

}  // namespace oficio::rabbitmq
