#include <functional>

#include "gigs_fixture.hpp"

namespace oficio::gigs {
namespace {

using http::method;
using testing::Contains;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

// Texts that have broken programs: syntax of databases, of pages, of search; odd Unicode.
const std::vector<std::string>& nasty() {
  static const std::vector<std::string> all{
      "'; DROP TABLE documents; --",
      "\" OR 1=1 --",
      "<script>alert(1)</script>",
      "<img src=x onerror=alert(1)>",
      "{{7*7}} ${7*7} #{7*7} %s%n%x",
      "../../../../etc/passwd",
      "NEAR(a b) AND NOT c OR \"d\"* ^e title:f",
      "{\"$gt\": \"\"}",
      "\xF0\x9F\x8E\x89\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB emoji",
      "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81 stacked accents",
      "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE3\x83\xAD\xE3\x82\xB4",
      "\\u0000 \\x00 %00"};
  return all;
}

std::string encoded(const std::string& text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

// A member of a draft, by a pointer such as "/packages/0/title".
json::value& at(json::object& body, const std::string& pointer) {
  auto* now = &body[pointer.substr(1, pointer.find('/', 1) - 1)];
  for (auto from = pointer.find('/', 1); from != std::string::npos;) {
    auto next = pointer.find('/', from + 1);
    auto name = pointer.substr(from + 1, next == std::string::npos ? next : next - from - 1);
    now = now->is_array() ? &now->as_array().at(std::stoul(name)) : &now->as_object()[name];
    from = next;
  }
  return *now;
}

using gigs_hostile = gigs_fixture;

TEST_F(gigs_hostile, each_wrong_value_is_told_by_its_place) {
  become_seller(ana_);
  auto text = [](std::size_t size) { return json::value(std::string(size, 'x')); };
  auto list = [](std::size_t size, json::value of) { return json::array(size, std::move(of)); };
  json::object question{{"question", "Q"}, {"answer", "A"}};
  struct {
    const char* pointer;
    json::value wrong;
    const char* told;
  } cases[] = {{"/title", 5, "/title type"},
               {"/title", nullptr, "/title type"},
               {"/title", text(14), "/title too_short"},
               {"/title", text(81), "/title too_long"},
               {"/title", json::value(std::string(40, ' ')), "/title too_short"},
               {"/title", "a bell\x07 in a long title", "/title control_character"},
               {"/description", json::object{}, "/description type"},
               {"/description", text(119), "/description too_short"},
               {"/description", text(5'001), "/description too_long"},
               {"/category", "cooking", "/category choice"},
               {"/category", json::array{}, "/category type"},
               {"/subcategory", "translation", "/subcategory choice"},
               {"/tags", "logo", "/tags type"},
               {"/tags", json::array{}, "/tags too_few"},
               {"/tags", list(6, "tag"), "/tags too_many"},
               {"/tags", json::array{"ok", 7}, "/tags/1 type"},
               {"/tags", json::array{"a,b"}, "/tags/0 format"},
               {"/tags", json::array{"x"}, "/tags/0 too_short"},
               {"/tags", json::array{text(31)}, "/tags/0 too_long"},
               {"/packages", json::object{}, "/packages type"},
               {"/packages", json::array{}, "/packages too_few"},
               {"/packages/0", "basic", "/packages/0 type"},
               {"/packages/0/name", "gold", "/packages/0/name choice"},
               {"/packages/0/title", text(81), "/packages/0/title too_long"},
               {"/packages/0/description", text(1'201), "/packages/0/description too_long"},
               {"/packages/0/price", 50, "/packages/0/price type"},
               {"/packages/0/price/amount", 499, "/packages/0/price/amount range"},
               {"/packages/0/price/amount", 1'000'001, "/packages/0/price/amount range"},
               {"/packages/0/price/amount", 50.5, "/packages/0/price/amount type"},
               {"/packages/0/price/amount", "5000", "/packages/0/price/amount type"},
               {"/packages/0/price/currency", "EUR", "/packages/0/price/currency currency"},
               {"/packages/0/delivery_days", 0, "/packages/0/delivery_days range"},
               {"/packages/0/delivery_days", 91, "/packages/0/delivery_days range"},
               {"/packages/0/delivery_days", 99'999'999'999, "/packages/0/delivery_days range"},
               {"/packages/0/revisions", -1, "/packages/0/revisions range"},
               {"/packages/0/revisions", true, "/packages/0/revisions type"},
               {"/packages/0/colour", "red", "/packages/0/colour unknown"},
               {"/faq", list(21, question), "/faq too_many"},
               {"/faq", json::array{json::object{{"question", "Q"}}}, "/faq/0/answer required"},
               {"/faq", json::array{json::object{{"question", ""}, {"answer", "A"}}},
                "/faq/0/question too_short"},
               {"/images", json::array{"file-of-nobody"}, "/images/0 unknown_file"},
               {"/id", "mine", "/id unknown"},
               {"/seller", json::object{}, "/seller unknown"},
               {"/sales", 1'000, "/sales unknown"},
               {"/rating", json::object{}, "/rating unknown"}};
  auto mine = offer(ana_);
  for (const auto& c : cases) {
    auto body = draft();
    at(body, c.pointer) = c.wrong;
    auto refused = call(method::post, "/gigs", ana_, body);
    EXPECT_EQ(refused.status, 422) << c.told;
    EXPECT_EQ(refused.code(), "validation_failed") << c.told;
    EXPECT_THAT(refused.errors(), ElementsAre(c.told)) << json::to_text(body);
    if (c.wrong.is_null()) continue;  // as if it were not there
    json::object patch;
    std::string member(c.pointer + 1);
    member = member.substr(0, member.find('/'));
    patch[member] = body[member];
    if (member == "category") continue;  // another complaint: the subcategory is of the old one
    refused = call(method::patch, "/gigs/" + mine, ana_, patch);
    EXPECT_EQ(refused.status, 422) << c.told;
    EXPECT_THAT(refused.errors(), ElementsAre(c.told)) << "patch " << c.told;
  }
  EXPECT_EQ(get("/gigs/" + mine).body.at("revision"), 1);
}

TEST_F(gigs_hostile, all_that_is_wrong_is_told_in_one_answer) {
  become_seller(ana_);
  auto body = draft();
  body.erase("category");
  body["title"] = "short";
  body["description"] = 7;
  body["colour"] = "red";
  body["packages"].as_array()[0].as_object()["price"] = {{"amount", "5"}, {"currency", "EUR"}};
  body["packages"].as_array().push_back(body["packages"].as_array()[0]);
  body["packages"].as_array()[1].as_object()["delivery_days"] = 0;
  auto refused = call(method::post, "/gigs", ana_, body);
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.errors(),
              UnorderedElementsAre(
                  "/category required", "/title too_short", "/description type", "/colour unknown",
                  "/packages/0/price/amount type", "/packages/0/price/currency currency",
                  "/packages/1/price/amount type", "/packages/1/price/currency currency",
                  "/packages/1/delivery_days range"));
  auto nothing = call(method::post, "/gigs", ana_, json::object{});
  EXPECT_THAT(nothing.errors(), UnorderedElementsAre("/title required", "/description required",
                                                     "/category required", "/subcategory required",
                                                     "/tags required", "/packages required"));
  json::array many(400, json::object{{"name", 1}});
  body["packages"] = std::move(many);
  EXPECT_LE(call(method::post, "/gigs", ana_, body).errors().size(), 50U);
}

TEST_F(gigs_hostile, what_is_no_json_is_told) {
  become_seller(ana_);
  auto id = offer(ana_);
  struct {
    std::string body;
    const char* type;
    int status;
    const char* code;
  } cases[] = {
      {"", "application/json", 400, "malformed_json"},
      {"{", "application/json", 400, "malformed_json"},
      {"{\"title\": \"\xFF\xFE\"}", "application/json", 400, "malformed_json"},
      {std::string(100, '[') + std::string(100, ']'), "application/json", 400, "malformed_json"},
      {"null", "application/json", 422, "validation_failed"},
      {"[]", "application/json", 422, "validation_failed"},
      {"12", "application/json", 422, "validation_failed"},
      {"title=x", "application/x-www-form-urlencoded", 415, "unsupported_media_type"},
      {"{}", "text/plain", 415, "unsupported_media_type"},
      {"{}", "", 415, "unsupported_media_type"}};
  for (const auto& c : cases) {
    for (auto [m, target] : {std::pair{method::post, std::string("/gigs")},
                             {method::patch, "/gigs/" + id},
                             {method::put, "/gigs/" + id + "/active"}}) {
      http::request r;
      ASSERT_TRUE(http::parse_target(target, r));
      r.method = m;
      r.ctx.who = ana_;
      r.body = c.body;
      if (*c.type) r.headers.set("Content-Type", c.type);
      auto got = run(service_->routes.handle(r));
      EXPECT_EQ(got.status, c.status) << target << " " << c.body;
      EXPECT_EQ(json::parse(got.body).value().at("code").as_string(), c.code) << c.body;
    }
  }
}

TEST_F(gigs_hostile, nasty_texts_are_kept_as_they_are_and_found) {
  become_seller(ana_);
  for (const auto& text : nasty()) {
    auto body = draft(text + " in a title");
    body["description"] = text + std::string(120, 'd');
    body["faq"] = json::array{json::object{{"question", text}, {"answer", text}}};
    body["packages"].as_array()[0].as_object()["title"] = text;
    auto made = call(method::post, "/gigs", ana_, body);
    ASSERT_EQ(made.status, 201) << text << json::to_text(made.body);
    auto shown = get("/gigs/" + made.id());
    EXPECT_EQ(shown.body.at("title").as_string(), text + " in a title");
    EXPECT_EQ(shown.body.at("faq").at(0).at("answer").as_string(), text);
    auto found = get("/gigs/search?limit=100&sort=newest&q=" + encoded(text));
    ASSERT_EQ(found.status, 200) << text;
    EXPECT_THAT(found.ids(), Contains(made.id())) << text;
  }
}

TEST_F(gigs_hostile, texts_that_deceive_are_refused) {
  become_seller(ana_);
  auto refused = call(method::post, "/gigs", ana_,
                      draft("\xE2\x80\xAE"
                            "A title from right to left"));
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.errors(), ElementsAre("/title deceptive_character"));
}

TEST_F(gigs_hostile, nasty_parameters_are_answered) {
  auto id = offer(ana_);
  auto texts = nasty();
  texts.push_back(std::string("a\0b", 3));
  texts.push_back(
      "\xE2\x80\xAE"
      "right to left");
  texts.push_back("\xFF\xFE\xC3");
  texts.push_back("\xC3");
  texts.push_back(std::string(200, '"'));
  texts.push_back(std::string(200, '*'));
  for (const auto& text : texts) {
    auto value = encoded(text);
    for (const auto& target :
         {"/gigs/search?q=" + value, "/gigs/suggest?q=" + value, "/gigs/search?tags=" + value,
          "/gigs/search?seller=" + value, "/gigs/search?category=" + value,
          "/gigs/search?country=" + value, "/gigs/search?cursor=" + value,
          "/gigs/search?sort=" + value, "/gigs/search?min_price=" + value,
          "/gigs/top?category=" + value, "/gigs?ids=" + value, "/gigs/" + value,
          "/gigs/" + value + "/similar", "/sellers/" + value + "/gigs",
          "/gigs/search?" + value + "=1"}) {
      http::request r;
      if (!http::parse_target(target, r)) continue;  // the server says 400
      r.method = method::get;
      auto got = run(service_->routes.handle(r));
      EXPECT_TRUE(got.status == 200 || got.status == 400 || got.status == 404 || got.status == 422)
          << target << " " << got.status;
      EXPECT_TRUE(json::parse(got.body).has_value()) << target;
    }
  }
  EXPECT_EQ(get("/gigs/search?q=" + std::string(10'000, 'q')).errors(),
            std::vector<std::string>{"?q too_long"});
  EXPECT_EQ(get("/gigs/suggest?q=" + std::string(10'000, 'q')).status, 422);
  EXPECT_EQ(get("/gigs/" + std::string(5'000, 'i')).status, 404);
}

TEST_F(gigs_hostile, forged_cursors_are_refused) {
  for (int i = 0; i < 3; ++i) offer(ana_);
  auto first = get("/gigs/search?limit=1&q=logo");
  auto cursor = std::string(first.body.at("next_cursor").as_string());
  EXPECT_EQ(get("/gigs/search?limit=1&q=logo&cursor=" + cursor).status, 200);
  std::vector<std::string> bad{"x", cursor + "x", cursor.substr(1), cursor.substr(0, 10),
                               std::string(3'000, 'A')};
  for (std::size_t i = 0; i < cursor.size(); i += 7) {
    auto changed = cursor;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    bad.push_back(changed);
  }
  for (const auto& b : bad) {
    auto refused = get("/gigs/search?limit=1&q=logo&cursor=" + b);
    EXPECT_EQ(refused.status, 400) << b;
    EXPECT_EQ(refused.code(), "bad_cursor") << b;
  }
  for (const char* other : {"q=logos", "q=logo&sort=newest", "q=logo&category=design",
                            "q=logo&min_price=1", "sort=relevance"}) {
    auto refused = get("/gigs/search?limit=1&" + std::string(other) + "&cursor=" + cursor);
    EXPECT_EQ(refused.code(), "bad_cursor") << other;
  }
}

TEST_F(gigs_hostile, a_visitor_or_another_changes_nothing) {
  auto id = offer(ana_);
  become_seller(bob_);
  json::object off{{"active", false}};
  json::object patch{{"title", "A wholly different title"}};
  struct {
    method m;
    std::string target;
    json::value body;
  } calls[] = {{method::patch, "/gigs/" + id, patch},
               {method::del, "/gigs/" + id, nullptr},
               {method::put, "/gigs/" + id + "/active", off}};
  for (const auto& c : calls) {
    EXPECT_EQ(call(c.m, c.target, {}, c.body).status, 401) << c.target;
    auto refused = call(c.m, c.target, bob_, c.body);
    EXPECT_EQ(refused.status, 403) << c.target;
    EXPECT_EQ(refused.code(), "not_yours") << c.target;
  }
  EXPECT_EQ(get("/gigs/" + id).body.at("revision"), 1);
  for (const char* unknown : {"nothing", "0190ffff-0000-7000-8000-000000000000", "'--"}) {
    for (const auto& c : calls) {
      auto target = "/gigs/" + std::string(unknown) + c.target.substr(6 + id.size());
      auto refused = call(c.m, target, ana_, c.body);
      EXPECT_EQ(refused.status, 404) << target;
      EXPECT_EQ(refused.code(), "not_found") << target;
    }
  }
}

}  // namespace
}  // namespace oficio::gigs
