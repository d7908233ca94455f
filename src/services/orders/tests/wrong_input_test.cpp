// Everything that can be wrong with what people send, at every route: the right refusal, and no
// trace left of it.
#include <set>

#include "market.hpp"
#include "platform/json/json.hpp"

namespace oficio::orders {
namespace {

using boost::json::object;
using boost::json::value;
using testing_help::text_of;

enum class from { unpaid, paid, at_work, asked_time, asked_to_cancel, delivered };

// A step of an order that would be right just now.
struct right_step {
  std::string path;
  from situation;
  bool sellers;
  object body;  // empty: the step says nothing
};

const std::vector<right_step>& steps() {
  static const std::vector<right_step> table{
      {"/pay",
       from::unpaid,
       false,
       {{"method", {{"card", "4242424242424242"}, {"expiry", "12/60"}, {"cvc", "123"}}}}},
      {"/requirements", from::paid, false, {{"text", "Blue"}}},
      {"/deliver", from::at_work, true, {{"message", "Here"}}},
      {"/revision", from::delivered, false, {{"message", "Bluer"}}},
      {"/accept", from::delivered, false, {}},
      {"/cancel", from::at_work, false, {{"reason", "No more"}}},
      {"/cancel/approve", from::asked_to_cancel, true, {}},
      {"/cancel/reject", from::asked_to_cancel, true, {}},
      {"/extension", from::at_work, true, {{"days", 2}, {"reason", "A flu"}}},
      {"/extension/approve", from::asked_time, false, {}},
      {"/extension/reject", from::asked_time, false, {}},
  };
  return table;
}

// What a text field must refuse.
const std::vector<value>& bad_texts() {
  static const std::vector<value> table{nullptr,
                                        5,
                                        true,
                                        boost::json::array{"a"},
                                        object{{"$ne", 1}},
                                        "",
                                        "   \n\t ",
                                        "a\x01z",
                                        value(std::string("a\0z", 3)),
                                        "a\x1b[31mz",
                                        "a\x7fz",
                                        "a\u202ez",  // turns the text around it
                                        "a\u2028z",
                                        value(std::string(20'000, 'x'))};
  return table;
}

// Bodies that are no JSON object at all.
const std::vector<std::string> no_objects{"",
                                          "{",
                                          "}",
                                          "[]",
                                          "null",
                                          "\"text\"",
                                          "5",
                                          "{\"a\":}",
                                          "{'a': 1}",
                                          "{\"a\": NaN}",
                                          "{} {}",
                                          "\xff\xfe{}",
                                          "{\"\xc3\x28\": 1}",
                                          "{\"a\": \"\\ud800\"}",
                                          "{\"a\": 1e999}",
                                          std::string(64, '['),
                                          std::string(2'000, '{')};

// Texts that are odd, but people's own: kept letter by letter.
const std::vector<std::string> odd_texts{"<script>alert(1)</script>",
                                         "'; DROP TABLE orders; --",
                                         "{\"$where\": \"1\"}",
                                         "{{7*7}} ${7*7}",
                                         "../../etc/passwd",
                                         "%00%0d%0aSet-Cookie: x=1",
                                         "\u05e9\u05dc\u05d5\u05dd abc",
                                         "\U0001f469\u200d\U0001f4bb \U0001f1ea\U0001f1f8",
                                         "e\u0301 \u00e9 \ufb01",
                                         "\u4f60\u597d",
                                         "line\nline\ttab",
                                         "\\\" \\u0000 \\",
                                         "NULL"};

class wrong : public testing_help::market {
 protected:
  std::string order_in(from situation) {
    switch (situation) {
      case from::unpaid:
        publish_gig(gig_);
        return place();
      case from::paid:
        return paid_order();
      case from::delivered:
        return delivered_order();
      default:
        break;
    }
    auto id = order_in_progress();
    auto path = "/orders/" + id;
    if (situation == from::asked_time) {
      EXPECT_EQ(post(seller_, path + "/extension", R"({"days": 1, "reason": "x"})").status, 200);
    }
    if (situation == from::asked_to_cancel) {
      EXPECT_EQ(post(buyer_, path + "/cancel", R"({"reason": "x"})").status, 200);
    }
    return id;
  }

  // Remembers how everything is; unchanged() tells whether it still is so.
  void remember(const std::string& id) {
    id_ = id;
    raised();
    before_ = get(buyer_, "/orders/" + id_).body;
    charged_ = charges();
  }
  void expect_unchanged() {
    EXPECT_EQ(get(buyer_, "/orders/" + id_).body, before_);
    EXPECT_EQ(get(buyer_, "/orders").body.at("items").as_array().size(), 1u);
    EXPECT_EQ(charges(), charged_);
    EXPECT_TRUE(raised_types().empty());
  }

  void expect_refused(const reply& r, int status, const std::string& what) {
    EXPECT_EQ(r.status, status) << what << ": " << r.code();
    if (r.status < 400) return;
    EXPECT_FALSE(r.code().empty()) << what;
    EXPECT_NE(r.code(), "internal") << what;
    EXPECT_EQ(r.headers.get("Content-Type"), "application/problem+json") << what;
  }

  const identity& right(const right_step& s) const { return s.sellers ? seller_ : buyer_; }
  const identity& other(const right_step& s) const { return s.sellers ? buyer_ : seller_; }

  void bad_bodies(const identity& who, const std::string& path, const object& good);
  void bad_fields(const identity& who, const std::string& path, const object& good,
                  const std::string& pointer, object& at, object& whole);

  std::string id_;
  object before_;
  std::int64_t charged_ = 0;
};

bool points_at(const object& problem, const std::string& pointer) {
  const auto* errors = problem.if_contains("errors");
  if (!errors) return false;
  return std::ranges::any_of(errors->as_array(), [&](const value& e) {
    return text_of(e.at("pointer")).starts_with(pointer);
  });
}

// Every member of `at`, which is somewhere in `whole`, made wrong in every way.
void wrong::bad_fields(const identity& who, const std::string& path, const object& good,
                       const std::string& pointer, object& at, object& whole) {
  for (const auto& [key, fine] : good) {
    auto name = pointer + "/" + std::string(key);
    if (fine.is_object()) {
      bad_fields(who, path, fine.as_object(), name, at.at(key).as_object(), whole);
    }
    std::vector<value> cases;
    if (fine.is_string()) cases = bad_texts();
    if (fine.is_number()) {
      for (value v :
           {value(nullptr), value("5"), value(1.5), value(-1), value(INT64_MAX), value(UINT64_MAX),
            value(INT64_MIN), value(1e300), value(true), value(object{})}) {
        cases.push_back(std::move(v));
      }
    }
    if (fine.is_object()) cases = {value(5), value("x"), value(boost::json::array{})};
    for (const auto& bad : cases) {
      at[key] = bad;
      auto answered = post(who, path, json::to_text(value(whole)));
      expect_refused(answered, 422, path + " " + json::to_text(bad).substr(0, 80));
      EXPECT_TRUE(points_at(answered.body, name) || points_at(answered.body, pointer))
          << name << " " << json::to_text(value(answered.body));
    }
    at.erase(key);
    expect_refused(post(who, path, json::to_text(value(whole))), 422, path + " without " + name);
    at[key] = fine;
  }
}

void wrong::bad_bodies(const identity& who, const std::string& path, const object& good) {
  for (const auto& text : no_objects) {
    auto answered =
        send(who, http::method::post, path, text, {{"Content-Type", "application/json"}}).get();
    EXPECT_TRUE(answered.status == 400 || answered.status == 422)
        << path << " " << text.substr(0, 40);
    expect_refused(answered, answered.status, path);
  }
  auto whole = good;
  bad_fields(who, path, good, "", whole, whole);
  whole["__proto__"] = 1;
  auto extra = post(who, path, json::to_text(value(whole)));
  expect_refused(extra, 422, path + " with more");
  EXPECT_TRUE(points_at(extra.body, "/__proto__")) << path;
}

TEST_F(wrong, bodies_at_every_step_are_refused_without_a_trace) {
  for (const auto& s : steps()) {
    if (s.body.empty()) continue;
    SCOPED_TRACE(s.path);
    auto id = order_in(s.situation);
    remember(id);
    // Others' orders do not count here.
    before_ = get(buyer_, "/orders/" + id).body;
    bad_bodies(right(s), "/orders/" + id + s.path, s.body);
    EXPECT_EQ(get(buyer_, "/orders/" + id).body, before_);
    EXPECT_TRUE(raised_types().empty());
    EXPECT_EQ(charges(), charged_);
  }
}

TEST_F(wrong, orders_are_not_placed_without_a_trace) {
  auto id = order_in(from::unpaid);
  remember(id);
  bad_bodies(buyer_, "/orders",
             {{"gig_id", gig_}, {"package", "basic"}, {"expected_total", 10'550}});
  bad_bodies(buyer_, "/orders", {{"offer_id", "o1"}, {"expected_total", 10'550}});
  for (value quantity :
       {value(0), value(21), value(-1), value(1.5), value("2"), value(INT64_MAX)}) {
    object body{{"gig_id", gig_}, {"package", "basic"}, {"expected_total", 10'550}};
    body["quantity"] = quantity;
    expect_refused(post(buyer_, "/orders", json::to_text(value(body))), 422, "quantity");
  }
  for (const auto& odd : odd_texts) {
    object body{{"gig_id", odd}, {"package", "basic"}, {"expected_total", 10'550}};
    expect_refused(post(buyer_, "/orders", json::to_text(value(body))), 404, odd);
    body = {{"gig_id", gig_}, {"package", odd}, {"expected_total", 10'550}};
    expect_refused(post(buyer_, "/orders", json::to_text(value(body))), 422, odd);
    body = {{"offer_id", odd}, {"expected_total", 10'550}};
    expect_refused(post(buyer_, "/orders", json::to_text(value(body))), 404, odd);
  }
  expect_unchanged();
}

TEST_F(wrong, people_states_and_heads_are_refused_at_every_step) {
  for (const auto& s : steps()) {
    SCOPED_TRACE(s.path);
    auto id = order_in(s.situation);
    auto path = "/orders/" + id + s.path;
    auto body = s.body.empty() ? std::string() : json::to_text(value(s.body));
    auto before = get(buyer_, "/orders/" + id);
    raised();
    expect_refused(post({}, path, body), 401, "nobody");
    expect_refused(post(stranger_, path, body), 404, "a stranger");
    if (s.path != "/cancel") expect_refused(post(other(s), path, body), 403, "the other side");
    for (const auto* stale : {"\"0\"", "\"99\"", "W/\"99\""}) {
      expect_refused(post(right(s), path, body, {{"If-Match", stale}}), 412, stale);
    }
    expect_refused(post(right(s), path, body, {{"If-Match", "\"x\""}}), 400, "If-Match");
    for (const auto& key : {std::string("a b"), std::string(201, 'k'), std::string("\xc3\xa9")}) {
      expect_refused(post(right(s), path, body, {{"Idempotency-Key", key}}), 400, key);
    }
    if (!s.body.empty()) {
      expect_refused(
          send(right(s), http::method::post, path, body, {{"Content-Type", "text/plain"}}).get(),
          415, "text/plain");
    }
    EXPECT_EQ(get(buyer_, "/orders/" + id).body, before.body);
    EXPECT_TRUE(raised_types().empty());

    // The step itself works, once: said again it comes too late, or is the same with the same key.
    fields key{{"Idempotency-Key", "k1"}};
    EXPECT_EQ(post(right(s), path, body, key).status, 200);
    auto done = get(buyer_, "/orders/" + id);
    raised();
    EXPECT_EQ(post(right(s), path, body, key).body, done.body);
    auto again = post(right(s), path, body);
    EXPECT_EQ(again.status, 409) << again.code();
    EXPECT_EQ(get(buyer_, "/orders/" + id).body, done.body);
    EXPECT_TRUE(raised_types().empty());
  }
}

TEST_F(wrong, a_key_is_good_for_one_request_only) {
  auto id = order_in(from::at_work);
  fields key{{"Idempotency-Key", "k1"}};
  auto path = "/orders/" + id;
  EXPECT_EQ(post(seller_, path + "/extension", R"({"days": 1, "reason": "x"})", key).status, 200);
  auto before = get(buyer_, path).body;
  for (const auto& [step, body] : std::vector<std::pair<std::string, std::string>>{
           {"/extension", R"({"days": 2, "reason": "x"})"}, {"/deliver", R"({"message": "x"})"}}) {
    auto refused = post(seller_, path + step, body, key);
    expect_refused(refused, 422, step);
    EXPECT_EQ(refused.code(), "idempotency_mismatch");
  }
  EXPECT_EQ(get(buyer_, path).body, before);
}

TEST_F(wrong, ids_that_nobody_has_are_not_found) {
  auto id = order_in(from::at_work);
  remember(id);
  std::vector<std::string> ids{"0190a0a0-0000-7000-8000-00000000ffff",
                               "x",
                               "null",
                               "-1",
                               "0",
                               id + "x",
                               id.substr(1),
                               std::string(2'000, 'a')};
  ids.insert(ids.end(), odd_texts.begin(), odd_texts.end());
  for (const auto& odd : ids) {
    auto path = "/orders/" + http::encode_segment(odd);
    expect_refused(get(buyer_, path), 404, odd.substr(0, 60));
    for (const auto& s : steps()) {
      auto body = s.body.empty() ? std::string() : json::to_text(value(s.body));
      expect_refused(post(right(s), path + s.path, body), 404, odd.substr(0, 60) + s.path);
    }
  }
  expect_unchanged();
}

TEST_F(wrong, lists_refuse_what_they_do_not_know) {
  auto id = order_in(from::at_work);
  for (const auto* query :
       {"role=admin", "status=lost", "limit=0", "limit=101", "limit=-1", "limit=x", "limit=1.5",
        "limit=99999999999999999999", "colour=blue", "limit=1&limit=2"}) {
    auto refused = get(buyer_, std::string("/orders?") + query);
    EXPECT_EQ(refused.status, 422) << query << " " << refused.code();
  }
  for (const auto& cursor : {std::string("x"), std::string("..."), std::string("%F0%9F%98%80"),
                             std::string("%27%20OR%201=1"), std::string(900, 'A')}) {
    expect_refused(get(buyer_, "/orders?cursor=" + cursor), 400, cursor);
    expect_refused(get(seller_, "/earnings?cursor=" + cursor), 400, cursor);
  }
  expect_refused(get(buyer_, "/orders?cursor=" + std::string(5'000, 'A')), 422, "long");
  expect_refused(get(seller_, "/earnings?limit=0"), 422, "earnings");
  expect_refused(get({}, "/orders"), 401, "nobody");
  expect_refused(get({}, "/earnings"), 401, "nobody");
}

TEST_F(wrong, odd_texts_are_kept_letter_by_letter) {
  for (const auto& odd : odd_texts) {
    SCOPED_TRACE(odd);
    auto id = order_in(from::paid);
    auto path = "/orders/" + id;
    auto say = [](const char* field, const std::string& text) {
      return json::to_text(value(object{{field, text}}));
    };
    auto asked = post(buyer_, path + "/requirements", say("text", odd));
    ASSERT_EQ(asked.status, 200) << asked.code();
    EXPECT_EQ(text_of(asked.body.at("requirements").at("text")), odd);
    auto given = post(seller_, path + "/deliver", say("message", odd));
    EXPECT_EQ(text_of(given.body.at("deliveries").at(0).at("message")), odd);
    auto back = post(buyer_, path + "/revision", say("message", odd));
    EXPECT_EQ(text_of(back.body.at("revision_requests").at(0).at("message")), odd);
    auto off = post(buyer_, path + "/cancel", say("reason", odd));
    EXPECT_EQ(text_of(off.body.at("cancellation").at("reason")), odd);
    auto kept = get(seller_, path);
    EXPECT_EQ(kept.body, off.body);
  }
}

}  // namespace
}  // namespace oficio::orders
