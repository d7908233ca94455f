#include <gmock/gmock.h>

#include "services/auth/tests/running_auth.hpp"

namespace oficio::auth {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

class sessions : public running_auth {
 protected:
  answer_of refresh(const std::string& token) {
    return post("/auth/refresh", {{"refresh_token", token}});
  }

  answer_of end(const std::string& path, identity who) {
    return run(ask(auth.routes, http::method::del, path, "", std::move(who)));
  }

  static std::vector<std::string> ids_in(const json::value& list) {
    std::vector<std::string> ids;
    for (const auto& id : list.as_array()) ids.emplace_back(id.as_string());
    return ids;
  }

  std::vector<std::string> ended(const std::string& since = "") {
    auto list = get("/internal/sessions/ended" + (since.empty() ? "" : "?since=" + since),
                    {.username = "gateway", .roles = {"gateway"}});
    EXPECT_EQ(list.status, 200);
    std::vector<std::string> ids;
    for (const auto& item : list.body.at("items").as_array()) {
      ids.emplace_back(item.as_object().at("session_id").as_string());
      EXPECT_TRUE(parse_time(std::string(item.as_object().at("ended_at").as_string())));
    }
    return ids;
  }
};

TEST_F(sessions, refresh_tokens_rotate) {
  auto up = sign_up("ana");
  auto next = refresh(up.text("refresh_token"));
  ASSERT_EQ(next.status, 200);
  EXPECT_NE(next.text("refresh_token"), up.text("refresh_token"));
  EXPECT_EQ(next.account(), up.account());
  EXPECT_EQ(next.body.at("expires_in"), 900);
  EXPECT_EQ(who_is(next).sid, who_is(up).sid) << "the session stays the same";
  EXPECT_EQ(refresh(next.text("refresh_token")).status, 200);
}

TEST_F(sessions, a_token_used_twice_ends_the_session) {
  auto up = sign_up("ana");
  auto sid = who_is(up).sid;
  auto next = refresh(up.text("refresh_token"));
  events_told();
  auto reused = refresh(up.text("refresh_token"));
  EXPECT_EQ(reused.status, 401);
  EXPECT_EQ(reused.code(), "refresh_reused");
  EXPECT_EQ(refresh(next.text("refresh_token")).status, 401) << "the thief's token lives on";

  auto told = events_told();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].type, "auth.session.ended");
  EXPECT_EQ(told[0].subject, up.account_id());
  EXPECT_EQ(told[0].data.at("account_id").as_string(), up.account_id());
  EXPECT_THAT(ids_in(told[0].data.at("session_ids")), ElementsAre(sid));
  EXPECT_THAT(ended(), ElementsAre(sid));

  EXPECT_EQ(refresh(up.text("refresh_token")).code(), "refresh_reused");
  EXPECT_TRUE(events_told().empty()) << "it ends once";
  EXPECT_EQ(sign_in("ana").status, 200);
}

TEST_F(sessions, an_old_token_is_known_after_many_rotations) {
  auto first = sign_up("ana").text("refresh_token");
  auto token = first;
  for (int i = 0; i < 10; ++i) token = refresh(token).text("refresh_token");
  EXPECT_EQ(refresh(first).code(), "refresh_reused");
  EXPECT_EQ(refresh(token).status, 401);
}

TEST_F(sessions, of_concurrent_refreshes_no_two_tokens_live) {
  for (int round = 0; round < 5; ++round) {
    auto up = sign_up("ana" + std::to_string(round));
    std::vector<std::future<answer_of>> tries;
    for (int i = 0; i < 8; ++i) {
      tries.push_back(post_later("/auth/refresh", {{"refresh_token", up.text("refresh_token")}}));
    }
    std::vector<std::string> won;
    for (auto& t : tries) {
      auto answer = t.get();
      if (answer.status == 200) {
        won.push_back(answer.text("refresh_token"));
      } else {
        EXPECT_EQ(answer.code(), "refresh_reused");
      }
    }
    EXPECT_EQ(won.size(), 1U);
    for (const auto& token : won) EXPECT_EQ(refresh(token).status, 401);
  }
  EXPECT_EQ(count("sessions WHERE ended_at = 0"), 0);
}

// Two processes on one database: nothing may depend on a lock in memory.
TEST_F(sessions, of_concurrent_refreshes_at_two_instances_one_wins) {
  auto second_database = kept_in.open(app.blocking());
  auto second = make(env, {*second_database, keys, passwords});
  auto up = sign_up("ana");
  auto body = json::to_text(json::value{{"refresh_token", up.text("refresh_token")}});
  std::vector<std::future<answer_of>> tries;
  for (int i = 0; i < 8; ++i) {
    const auto& routes = i % 2 ? auth.routes : second.routes;
    tries.push_back(start(ask(routes, http::method::post, "/auth/refresh", body, {})));
  }
  int won = 0;
  for (auto& t : tries) won += t.get().status == 200 ? 1 : 0;
  EXPECT_EQ(won, 1);
  EXPECT_EQ(count("sessions WHERE ended_at = 0"), 0);
}

TEST_F(sessions, refresh_tokens_expire_unless_used) {
  auto token = sign_up("ana").text("refresh_token");
  clock.advance(std::chrono::days(29));
  auto next = refresh(token);
  ASSERT_EQ(next.status, 200);
  clock.advance(std::chrono::days(29));
  next = refresh(next.text("refresh_token"));
  ASSERT_EQ(next.status, 200);
  clock.advance(std::chrono::days(30));
  EXPECT_EQ(refresh(next.text("refresh_token")).code(), "invalid_refresh_token");
}

TEST_F(sessions, unknown_tokens_are_refused) {
  for (const std::string token : {"", "x", "null"}) {
    auto refused = refresh(token);
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.code(), "invalid_refresh_token");
  }
}

TEST_F(sessions, signing_out_ends_this_one) {
  auto up = sign_up("ana");
  auto in = sign_in("ana");
  auto who = who_is(up);
  events_told();
  auto out = post("/auth/signout", {}, who);
  EXPECT_EQ(out.status, 200);
  EXPECT_THAT(ids_in(out.body.at("session_ids")), ElementsAre(who.sid));
  EXPECT_THAT(types_told(), ElementsAre("auth.session.ended"));
  EXPECT_EQ(refresh(up.text("refresh_token")).status, 401);
  EXPECT_EQ(refresh(in.text("refresh_token")).status, 200);

  out = post("/auth/signout", {}, who);
  EXPECT_THAT(ids_in(out.body.at("session_ids")), ElementsAre(who.sid));
  EXPECT_TRUE(events_told().empty());
}

TEST_F(sessions, are_listed_with_their_device) {
  auto up = sign_up("ana");
  sign_up("bob");
  clock.advance(10min);
  auto asked = sign_in_elsewhere("ana");
  auto in = answer_code(asked, mailed_code());
  ASSERT_EQ(in.status, 200);
  clock.advance(1min);
  refresh(up.text("refresh_token"));
  auto list = get("/auth/sessions", who_is(in));
  ASSERT_EQ(list.status, 200);
  auto& items = list.body.at("items").as_array();
  ASSERT_EQ(items.size(), 2U) << "one's own alone";
  EXPECT_EQ(items[0].at("id"), json::value(who_is(up).sid)) << "the last used first";
  EXPECT_EQ(items[0].at("device"), "");
  EXPECT_EQ(items[0].at("current"), false);
  EXPECT_EQ(items[1].at("device"), "Another one");
  EXPECT_EQ(items[1].at("current"), true);
  EXPECT_NE(items[0].at("created_at"), items[0].at("last_used_at"));
  EXPECT_TRUE(list.body.at("next_cursor").is_null());
  post("/auth/signout", {}, who_is(in));
  list = get("/auth/sessions", who_is(up));
  EXPECT_EQ(list.body.at("items").as_array().size(), 1U) << "ended ones are not";
  EXPECT_EQ(get("/auth/sessions").status, 401);
}

TEST_F(sessions, one_is_ended_by_its_owner_alone) {
  auto up = sign_up("ana");
  auto in = sign_in("ana");
  auto bob = who_is(sign_up("bob"));
  events_told();
  auto path = "/auth/sessions/" + who_is(in).sid;
  EXPECT_EQ(end(path, bob).code(), "not_found");
  EXPECT_EQ(end(path, {}).status, 401);
  EXPECT_TRUE(events_told().empty());
  auto done = end(path, who_is(up));
  EXPECT_EQ(done.status, 200);
  EXPECT_THAT(ids_in(done.body.at("session_ids")), ElementsAre(who_is(in).sid));
  EXPECT_THAT(types_told(), ElementsAre("auth.session.ended"));
  EXPECT_THAT(ended(), ElementsAre(who_is(in).sid));
  EXPECT_EQ(refresh(in.text("refresh_token")).status, 401);
  EXPECT_EQ(end(path, who_is(up)).body, done.body) << "a repeated call is answered alike";
  EXPECT_TRUE(events_told().empty());
  EXPECT_EQ(end("/auth/sessions/x", who_is(up)).status, 404);
}

TEST_F(sessions, nobody_ends_anothers) {
  auto ana = sign_up("ana");
  auto bob = who_is(sign_up("bob"));
  bob.sid = who_is(ana).sid;
  events_told();
  post("/auth/signout", {}, bob);
  EXPECT_TRUE(events_told().empty());
  EXPECT_EQ(refresh(ana.text("refresh_token")).status, 200);
}

TEST_F(sessions, signing_out_everywhere_ends_all_of_ones_own) {
  auto up = sign_up("ana");
  auto in = sign_in("ana");
  auto bob = sign_up("bob");
  events_told();
  auto out = post("/auth/signout-all", {}, who_is(in));
  EXPECT_THAT(ids_in(out.body.at("session_ids")),
              UnorderedElementsAre(who_is(up).sid, who_is(in).sid));
  auto told = events_told();
  ASSERT_EQ(told.size(), 1U) << "one event tells of all";
  EXPECT_EQ(ids_in(told[0].data.at("session_ids")).size(), 2U);
  EXPECT_EQ(refresh(up.text("refresh_token")).status, 401);
  EXPECT_EQ(refresh(in.text("refresh_token")).status, 401);
  EXPECT_EQ(refresh(bob.text("refresh_token")).status, 200);
  out = post("/auth/signout-all", {}, who_is(in));
  EXPECT_TRUE(out.body.at("session_ids").as_array().empty());
}

TEST_F(sessions, versions_of_an_accounts_events_rise) {
  auto up = sign_up("ana");
  post("/auth/email/resend", {}, who_is(up));
  post("/auth/signout", {}, who_is(up));
  sign_in("ana");
  post("/auth/signout-all", {}, who_is(up));
  std::int64_t last = 0;
  std::set<std::string> ids;
  for (const auto& e : events_told()) {
    EXPECT_GE(e.version(), last);
    last = e.version();
    EXPECT_TRUE(ids.insert(e.id).second) << "two events with one id";
  }
  EXPECT_EQ(last, 4);
}

TEST_F(sessions, the_gateway_learns_which_ended_lately) {
  auto first = who_is(sign_up("ana"));
  post("/auth/signout", {}, first);
  clock.advance(10min);
  auto between = format_time(clock.now());
  auto second = who_is(sign_in("ana"));
  post("/auth/signout", {}, second);
  EXPECT_THAT(ended(), ElementsAre(second.sid, first.sid));
  EXPECT_THAT(ended("1970-01-01T00:00:00Z"), ElementsAre(second.sid, first.sid));
  EXPECT_THAT(ended(between), ElementsAre(second.sid));
  clock.advance(6min);
  EXPECT_THAT(ended(), ElementsAre(second.sid));
}

TEST_F(sessions, nobody_else_learns_which_ended) {
  auto ana = who_is(sign_up("ana"));
  EXPECT_EQ(get("/internal/sessions/ended").status, 403);
  EXPECT_EQ(get("/internal/sessions/ended", ana).status, 403);
  identity gateway{.username = "gateway", .roles = {"gateway"}};
  EXPECT_EQ(get("/internal/sessions/ended?since=yesterday", gateway).status, 422);
  EXPECT_EQ(get("/internal/sessions/ended?sinse=x", gateway).status, 422);
}

}  // namespace
}  // namespace oficio::auth
