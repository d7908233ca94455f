#include "services/gateway/live/talking.hpp"

#include <set>

#include "platform/base/uuid.hpp"
#include "platform/http/problem.hpp"
#include "platform/json/check.hpp"
#include "platform/json/json.hpp"
#include "services/gateway/live/rooms.hpp"

namespace oficio::gateway {
namespace {

using realtime::args;
using realtime::items;
using realtime::socket_ptr;

constexpr std::chrono::seconds patience{10};
constexpr std::chrono::milliseconds typing_pause{1'000};
constexpr std::size_t longest_id = 200;
constexpr std::size_t longest_message = 4'096;

struct sent_message {
  std::string conversation_id;
  std::string text;
  std::optional<std::string> client_id;
  std::optional<std::vector<std::string>> files;
};
BOOST_DESCRIBE_STRUCT(sent_message, (), (conversation_id, text, client_id, files))

// Its part that chat reads, and judges.
struct message_body {
  std::string text;
  std::optional<std::string> client_id;
  std::optional<std::vector<std::string>> files;
};
BOOST_DESCRIBE_STRUCT(message_body, (), (text, client_id, files))

struct read_mark {
  std::string conversation_id;
  std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(read_mark, (), (conversation_id, seq))

struct typed {
  std::string conversation_id;
};
BOOST_DESCRIBE_STRUCT(typed, (), (conversation_id))

struct watched {
  std::vector<std::string> account_ids;
};
BOOST_DESCRIBE_STRUCT(watched, (), (account_ids))

void check(const sent_message& m, json::violations& out) {
  json::check_text(out, "/conversation_id", m.conversation_id, 1, longest_id);
}
void check(const read_mark& m, json::violations& out) {
  json::check_text(out, "/conversation_id", m.conversation_id, 1, longest_id);
}
void check(const typed& t, json::violations& out) {
  json::check_text(out, "/conversation_id", t.conversation_id, 1, longest_id);
}
void check(const watched& w, json::violations& out) {
  json::check_count(out, "/account_ids", w.account_ids.size(), 0, most_watched);
  std::size_t i = 0;
  for (const auto& id : w.account_ids) {
    json::check_text(out, "/account_ids/" + std::to_string(i++), id, 1, longest_id);
  }
}

// What gateways tell each other.
struct typing_news {
  std::string from;  // a gateway
  std::string to;    // an account
  std::string conversation_id;
  std::string account_id;
};
BOOST_DESCRIBE_STRUCT(typing_news, (), (from, to, conversation_id, account_id))

struct shown_typing {
  std::string conversation_id;
  std::string account_id;
};
BOOST_DESCRIBE_STRUCT(shown_typing, (), (conversation_id, account_id))

items acknowledgement(result<json::value> outcome) {
  json::object told;
  if (outcome.has_value()) {
    told = {{"ok", true}, {"data", std::move(*outcome)}};
  } else {
    told = {{"ok", false}, {"error", problem_of(outcome.error())}};
  }
  return items::of(json::value(std::move(told)));
}

std::string in_conversation(const std::string& id, std::string_view what) {
  return ("/conversations/" + http::encode_segment(id)).append(what);
}

}  // namespace

awaitable<result<json::value>> ask_chat(forwarder& by, std::shared_ptr<socket_owner> who,
                                        http::method m, std::string target, std::string body) {
  CO_TRY_VOID(by.known_sessions().still_holds(who->who.sid, who->until));
  http::request r;
  r.method = m;
  r.target = std::move(target);
  r.ctx = context::for_system(patience);
  r.ctx.who = who->who;
  r.remote_address = who->address;
  if (!body.empty()) r.headers.set("Content-Type", "application/json");
  r.body = std::move(body);
  CO_TRY(auto answer, co_await by.call_for("chat", std::move(r)));
  if (answer.status >= 400) co_return http::read_problem(answer);
  co_return json::parse(answer.body, 32);
}

talking::talking(const wall_clock& clock, forwarder& by, realtime::space& people, presence& there,
                 cache::store* over)
    : by_(by), people_(people), there_(there), participants_(by), name_(uuid_v7(clock.now())) {
  if (!over) return;
  channel_ = std::make_unique<channel>(
      *over, "gateway.typing", [this](const std::string& message) { hear_typing(message); });
}

void talking::listen() {
  people_.on("message:send", [this](socket_ptr s, args with) { return send(s, with); });
  people_.on("conversation:read", [this](socket_ptr s, args with) { return mark_read(s, with); });
  people_.on("typing", [this](socket_ptr s, args with) { return type(s, with); });
  people_.on("presence:watch", [this](socket_ptr s, args with) { return watch(s, with); });
}

awaitable<void> talking::run_channel() {
  if (channel_) co_await channel_->run();
}

awaitable<items> talking::send(socket_ptr s, args with) {
  auto input = with.get<sent_message>();
  if (input.has_error()) co_return acknowledgement(input.error());
  auto target = in_conversation(input->conversation_id, "/messages");
  auto body = json::to_text(message_body{input->text, input->client_id, input->files});
  co_return acknowledgement(
      co_await ask_chat(by_, owner_of(*s), http::method::post, std::move(target), std::move(body)));
}

awaitable<items> talking::mark_read(socket_ptr s, args with) {
  auto input = with.get<read_mark>();
  if (input.has_error()) co_return acknowledgement(input.error());
  auto target = in_conversation(input->conversation_id, "/read");
  auto body = json::to_text(json::value(json::object{{"seq", input->seq}}));
  co_return acknowledgement(
      co_await ask_chat(by_, owner_of(*s), http::method::post, std::move(target), std::move(body)));
}

awaitable<items> talking::type(socket_ptr s, args with) {
  auto input = with.get<typed>();
  if (input.has_error()) co_return acknowledgement(input.error());
  co_return acknowledgement(co_await relay_typing(s, std::move(input->conversation_id)));
}

// More than once a second says nothing new.
awaitable<result<json::value>> talking::relay_typing(socket_ptr s, std::string conversation) {
  auto owner = owner_of(*s);
  auto now = std::chrono::steady_clock::now();
  if (owner->typed_in == conversation && now - owner->typed_at < typing_pause) {
    co_return json::value(nullptr);
  }
  owner->typed_in = conversation;
  owner->typed_at = now;
  CO_TRY(auto other, co_await participants_.other_of(owner, conversation));
  typing_news told{name_, other, conversation, owner->who.sub};
  if (channel_) channel_->tell(json::to_text(told));
  people_.to(room_of_account(other))
      .passing()
      .emit("typing", shown_typing{told.conversation_id, told.account_id});
  co_return json::value(nullptr);
}

void talking::hear_typing(const std::string& message) {
  if (message.size() > longest_message) return;
  auto parsed = json::parse(message);
  if (parsed.has_error()) return;
  auto told = json::from_stored<typing_news>(*parsed);
  if (told.has_error() || told->from == name_) return;
  people_.to(room_of_account(told->to))
      .passing()
      .emit("typing", shown_typing{told->conversation_id, told->account_id});
}

awaitable<items> talking::watch(socket_ptr s, args with) {
  auto input = with.get<watched>();
  if (input.has_error()) co_return acknowledgement(input.error());
  std::set<std::string> once(input->account_ids.begin(), input->account_ids.end());
  auto shown = co_await there_.watch(s, {once.begin(), once.end()});
  co_return acknowledgement(json::value(json::object{{"items", json::to_value(shown)}}));
}

}  // namespace oficio::gateway
