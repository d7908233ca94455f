#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/gateway/compression.hpp"
#include "services/gateway/intake/browser.hpp"
#include "services/gateway/intake/documents.hpp"
#include "services/gateway/intake/picking.hpp"
#include "services/gateway/intake/unpacking.hpp"

namespace oficio::gateway::intake {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string metadata =
    R"({"metadata":{"service":{"name":"shop","version":"1.2","agent":{"name":"rum-js","version":"5.17.5"}}}})"
    "\n";

sender ana() {
  return {*parse_time("2026-01-31T09:30:00Z"), "192.0.2.7", "Mozilla/5.0 (X11)"};
}

documents read(const std::string& lines) {
  auto got = read_lines(metadata + lines);
  if (!got) throw std::runtime_error(got.error().detail);
  return documents_of(*got, ana());
}

std::string at(const json::object& in, std::string_view path) {
  auto* found = picker(in).at(path);
  if (!found) return "(none)";
  return found->is_string() ? std::string(found->get_string().c_str()) : json::to_text(*found);
}

const std::string load =
    R"({"transaction":{"id":"0123456789abcdef","trace_id":"0123456789abcdef0123456789abcdef","name":"/gigs/:id",)"
    R"("type":"page-load","duration":1500.25,"sampled":true,"sample_rate":0.5,"span_count":{"started":1},)"
    R"("context":{"page":{"url":"https://ana:pw@market.example:8443/verify?token=geheim#a","referer":"https://x.example/?q=geheim"},)"
    R"("user":{"id":"ana@example.com","email":"ana@example.com"},"tags":{"theme":"dark","n.a":3,"inp_value":88}},)"
    R"("marks":{"agent":{"largestContentfulPaint":812.5,"odd":1},"navigationTiming":{"responseEnd":40}},)"
    R"("experience":{"cls":0.02,"tbt":7,"longtask":{"count":2,"sum":130,"max":70}},"outcome":"success","odd":"geheim"}})"
    "\n";

TEST(intake, keeps_page_loads_with_their_vitals_and_without_secrets) {
  auto got = read(load);
  ASSERT_EQ(got.items.size(), 1U);
  EXPECT_EQ(got.items[0].to, stream::page_loads);
  const auto& it = got.items[0].fields;
  EXPECT_EQ(at(it, "@timestamp"), "2026-01-31T09:29:58.500Z");
  EXPECT_EQ(at(it, "timestamp.us"), "1769851798500000");
  EXPECT_EQ(at(it, "service.name"), "web");
  EXPECT_EQ(at(it, "service.version"), "1.2");
  EXPECT_EQ(at(it, "agent.name"), "rum-js");
  EXPECT_EQ(at(it, "trace.id"), "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(at(it, "transaction.duration.us"), "1500250");
  EXPECT_EQ(at(it, "transaction.representative_count"), "2.0");
  EXPECT_EQ(at(it, "transaction.marks.agent.largestContentfulPaint"), "812.5");
  EXPECT_EQ(at(it, "transaction.experience.cls"), "0.02");
  EXPECT_EQ(at(it, "transaction.experience.inp"), "88.0");
  EXPECT_EQ(at(it, "transaction.experience.longtask.max"), "70.0");
  EXPECT_EQ(at(it, "url.full"), "https://market.example:8443/verify");
  EXPECT_EQ(at(it, "url.path"), "/verify");
  EXPECT_EQ(at(it, "http.request.referrer"), "https://x.example/");
  EXPECT_EQ(at(it, "labels.theme"), "dark");
  EXPECT_EQ(at(it, "numeric_labels.n_a"), "3");
  EXPECT_EQ(at(it, "client.ip"), "192.0.2.7");
  EXPECT_EQ(at(it, "user_agent.original"), "Mozilla/5.0 (X11)");
  EXPECT_EQ(at(it, "user.id"), "(none)");
  auto all = json::to_text(json::value(it));
  EXPECT_THAT(all, Not(HasSubstr("geheim")));
  EXPECT_THAT(all, Not(HasSubstr("odd")));
  EXPECT_THAT(all, Not(HasSubstr("ana@")));
}

// Kibana's page about users' experience tells visitors apart by these.
TEST(intake, says_which_browser_it_was) {
  auto of = [](std::string_view agent) {
    auto is = browser_of(agent);
    return is.name + "|" + is.version + "|" + is.system + "|" + is.device;
  };
  EXPECT_EQ(of("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
               "Chrome/126.0.0.0 Safari/537.36"),
            "Chrome|126.0.0.0|Linux|Other");
  EXPECT_EQ(of("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
               "Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.68"),
            "Edge|126.0.2592.68|Windows|Other");
  EXPECT_EQ(of("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
               "Chrome/126.0.0.0 Mobile Safari/537.36"),
            "Chrome Mobile|126.0.0.0|Android|Generic Smartphone");
  EXPECT_EQ(of("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
               "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"),
            "Mobile Safari|17.5|iOS|iPhone");
  EXPECT_EQ(of("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 "
               "Firefox/127.0"),
            "Firefox|127.0|Mac OS X|Mac");
  EXPECT_EQ(of("curl/8.5.0"), "Other||Other|Other");
  EXPECT_EQ(of("Firefox/"), "Firefox||Other|Other");
  auto it = read(load).items.at(0).fields;
  EXPECT_EQ(at(it, "user_agent.name"), "Other");
  EXPECT_EQ(at(it, "user_agent.os.name"), "Other");
}

TEST(intake, puts_spans_behind_the_start_of_their_transaction) {
  auto got = read(
      load +
      R"({"span":{"id":"aaaaaaaaaaaaaaaa","transaction_id":"0123456789abcdef",)"
      R"("trace_id":"0123456789abcdef0123456789abcdef","name":"GET /api/v1/gigs","type":"external",)"
      R"("subtype":"http","start":200,"duration":12.5,"outcome":"failure","context":{"http":{"method":"GET",)"
      R"("url":"https://market.example/api/v1/gigs?q=geheim","status_code":503},)"
      R"("destination":{"service":{"resource":"market.example:443"}}}}})");
  ASSERT_EQ(got.items.size(), 2U);
  const auto& it = got.items[1].fields;
  EXPECT_EQ(at(it, "@timestamp"), "2026-01-31T09:29:58.700Z");
  EXPECT_EQ(at(it, "parent.id"), "0123456789abcdef");
  EXPECT_EQ(at(it, "span.duration.us"), "12500");
  EXPECT_EQ(at(it, "http.response.status_code"), "503");
  EXPECT_EQ(at(it, "url.original"), "https://market.example/api/v1/gigs");
  EXPECT_EQ(at(it, "service.target.name"), "gateway");
  EXPECT_EQ(at(it, "event.outcome"), "failure");
  EXPECT_EQ(at(it, "transaction.type"), "(none)");
}

std::string an_error(const std::string& message, const std::string& file,
                     const std::string& function = "draw") {
  return R"({"error":{"id":"0123456789abcdef0123456789abcdef","culprit":"x.js","trace_id":"0123456789abcdef0123456789abcdef",)"
         R"("exception":{"type":"TypeError","message":")" +
         message + R"(","stacktrace":[{"abs_path":"https://m.example/assets/)" + file +
         R"(?v=1","filename":"assets/)" + file + R"(","function":")" + function +
         R"(","lineno":3,"colno":14}]}}})"
         "\n";
}

TEST(intake, groups_the_same_error_of_all_releases) {
  auto got =
      read(an_error("x is 7", "index-Cx81hf2_.js") + an_error("x is 8", "index-Aa11bb22.js") +
           an_error("x is 7", "index-Cx81hf2_.js", "other"));
  ASSERT_EQ(got.items.size(), 3U);
  const auto& it = got.items[0].fields;
  EXPECT_EQ(got.items[0].to, stream::errors);
  EXPECT_EQ(at(it, "message"), "x is 7");
  EXPECT_EQ(at(it, "error.stack_trace"),
            "TypeError: x is 7\n    at draw (assets/index-Cx81hf2_.js:3:14)");
  auto frame = picker(it).list("error.exception")->at(0).at("stacktrace").at(0);
  EXPECT_EQ(frame.at("abs_path"), "https://m.example/assets/index-Cx81hf2_.js");
  EXPECT_EQ(at(it, "error.grouping_key"), at(got.items[1].fields, "error.grouping_key"));
  EXPECT_NE(at(it, "error.grouping_key"), at(got.items[2].fields, "error.grouping_key"));
  auto bare = read(R"({"error":{"exception":{"message":"order 71 is gone"}}})"
                   "\n"
                   R"({"error":{"exception":{"message":"order 8 is gone"}}})");
  EXPECT_EQ(at(bare.items[0].fields, "error.grouping_key"),
            at(bare.items[1].fields, "error.grouping_key"));
}

TEST(intake, takes_what_pages_log) {
  auto got = read(
      R"({"error":{"log":{"message":"slow","level":"warning","logger_name":"web"}}})"
      "\n"
      R"({"log":{"message":"no socket to https://m.example/x?t=geheim yet","level":"warning","logger":"sockets"}})");
  ASSERT_EQ(got.items.size(), 2U);
  EXPECT_EQ(got.items[0].to, stream::logs);
  EXPECT_EQ(at(got.items[0].fields, "log.level"), "warn");
  EXPECT_EQ(at(got.items[0].fields, "log.logger"), "web");
  EXPECT_EQ(got.items[1].to, stream::logs);
  EXPECT_EQ(at(got.items[1].fields, "message"), "no socket to https://m.example/x yet");
  EXPECT_EQ(at(got.items[1].fields, "log.level"), "warn");
  EXPECT_EQ(at(got.items[1].fields, "event.dataset"), "oficio.web");
}

TEST(intake, reads_texts_that_were_cut_within_a_character) {
  auto got =
      read(R"({"log":{"message":"cut \ud83d","level":"info"}})"
           "\n"
           R"({"log":{"message":"\uDE00 \ud83d\ude00 \\ud83d \ud83d\u0041","level":"info"}})");
  ASSERT_EQ(got.items.size(), 2U);
  EXPECT_EQ(at(got.items[0].fields, "message"), "cut \xef\xbf\xbd");
  EXPECT_EQ(at(got.items[1].fields, "message"),
            "\xef\xbf\xbd \xf0\x9f\x98\x80 \\ud83d \xef\xbf\xbd"
            "A");
  for (auto wrong : {R"({"log":{"message":"\u"}})", R"({"log":{"message":"\ud8"}})", "\\", "\\u"}) {
    EXPECT_FALSE(read_lines(metadata + wrong).has_value()) << wrong;
  }
}

TEST(intake, leaves_out_what_is_not_whole) {
  auto got = read(R"({"transaction":{"id":"x","trace_id":"y","type":"page-load","duration":1}})"
                  "\n"
                  R"({"span":{"id":"0000000000000000","duration":-1}})"
                  "\n"
                  R"({"error":{}})"
                  "\n"
                  R"({"metricset":{"samples":{}}})"
                  "\n" +
                  load);
  EXPECT_EQ(got.items.size(), 1U);
  EXPECT_EQ(got.refused, 3U);
}

TEST(intake, refuses_what_is_no_batch) {
  auto code = [](const std::string& text) {
    auto got = read_lines(text);
    return got.has_value() ? "" : got.error().code;
  };
  EXPECT_EQ(code(""), "malformed_events");
  EXPECT_EQ(code(load), "malformed_events");
  EXPECT_EQ(code(metadata + "{"), "malformed_events");
  EXPECT_EQ(code(metadata + "[]"), "malformed_events");
  std::string many = metadata;
  for (std::size_t i = 1; i < most_lines; ++i) many += "{}\n";
  EXPECT_EQ(code(many), "");
  EXPECT_EQ(code(many + "{}\n"), "too_many_events");
  auto where = read_lines(metadata + "{}\n{\n").error().violations;
  ASSERT_EQ(where.size(), 1U);
  EXPECT_EQ(where[0].pointer, "/2");
}

TEST(intake, unpacks_within_bounds) {
  std::string text(5'000, 'a');
  EXPECT_EQ(unpack(text, "", 5'000).value(), text);
  EXPECT_EQ(unpack(text, "identity", 4'999).error().code, "too_large");
  EXPECT_EQ(unpack(gzip(text), "gzip", 5'000).value(), text);
  EXPECT_EQ(unpack(gzip(text), "GZIP", 4'999).error().code, "too_large");
  EXPECT_EQ(unpack(gzip(""), "gzip", 10).value(), "");
  EXPECT_EQ(unpack(text, "br", 9'000).error().code, "unsupported_encoding");
  EXPECT_EQ(unpack(text, "gzip", 9'000).error().code, "malformed_gzip");
  EXPECT_EQ(unpack("", "gzip", 9'000).error().code, "malformed_gzip");
  auto packed = gzip(text);
  EXPECT_EQ(unpack(packed.substr(0, packed.size() - 9), "gzip", 9'000).error().code,
            "malformed_gzip");
  EXPECT_EQ(unpack(packed + "x", "gzip", 9'000).error().code, "malformed_gzip");
  std::string bomb(50'000'000, '\0');
  EXPECT_EQ(unpack(gzip(bomb), "gzip", 300'000).error().code, "too_large");
}

TEST(intake, makes_no_large_documents_of_a_small_request) {
  json::object labels;
  for (int i = 0; i < 30; ++i) labels["l" + std::to_string(i)] = std::string(2'000, 'x');
  auto lines = json::to_text(json::value{{"metadata", {{"labels", std::move(labels)}}}}) + "\n";
  for (int i = 0; i < 99; ++i)
    lines += R"({"log":{"message":"m"}})"
             "\n";
  auto got = documents_of(read_lines(lines).value(), ana());
  ASSERT_EQ(got.items.size(), 99U);
  std::size_t bytes = 0;
  for (const auto& one : got.items) bytes += json::to_text(json::value(one.fields)).size();
  EXPECT_LT(bytes, 4 * lines.size());
}

TEST(intake, scrubs_addresses_in_texts) {
  EXPECT_EQ(scrubbed("GET https://a.example/b?token=1&x=2 failed"),
            "GET https://a.example/b failed");
  EXPECT_EQ(scrubbed("(/reset?token=1) or \"/x#t=2\""), "(/reset) or \"/x\"");
  EXPECT_EQ(scrubbed("what? nothing #1"), "what? nothing #1");
  EXPECT_EQ(scrubbed(std::string(5'000, 'x')).size(), most_bytes);
  EXPECT_EQ(scrubbed("a\xc3\xa9", 2), "a");
  EXPECT_EQ(scrubbed(std::string("a\x01\xff z", 5)), "a z");
  EXPECT_FALSE(read_address("javascript:alert(1)"));
  EXPECT_FALSE(read_address("/relative"));
  EXPECT_FALSE(read_address("http://"));
  EXPECT_FALSE(read_address("http://a b/"));
  EXPECT_FALSE(read_address("http://h:99999/"));
  EXPECT_EQ(read_address("http://h.example")->path, "/");
  EXPECT_EQ(read_address("https://a:b@h.example:8443/gigs/{id}?x=1")->full,
            "https://h.example:8443/gigs/{id}");
  EXPECT_EQ(read_address("http://[::1]:80/x")->domain, "[::1]");
  EXPECT_EQ(read_address("http://[::1]")->port, 0);
}

TEST(intake, scrubs_people_and_tokens) {
  const std::string dots = "\xE2\x80\xA6";
  const auto person = dots + "@" + dots;
  EXPECT_EQ(scrubbed("no mail to ana.b+x@mail.example.org, or <bob@b.de>."),
            "no mail to " + person + ", or <" + person + ">.");
  EXPECT_EQ(scrubbed("/users/ana%40mail.example/x"), "/users/" + person + "/x");
  EXPECT_EQ(scrubbed("http://ana:word@h.example/x"), "http://ana:" + person + "/x");
  EXPECT_EQ(scrubbed("a@b draw@https://h/a.js @media x@1.2.3 @ana.example"),
            "a@b draw@https://h/a.js @media x@1.2.3 @ana.example");
  EXPECT_EQ(scrubbed("Bearer eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2ln refused"),
            "Bearer " + dots + " refused");
  EXPECT_EQ(scrubbed("eyJ is no token"), "eyJ is no token");
  EXPECT_EQ(scrubbed("eyJ-eyJ-eyJ-eyJ-eyJ-eyJ and eyJhbGciOiJFZERTQSJ9.eyJzdWIi.c2ln"),
            "eyJ-eyJ-eyJ-eyJ-eyJ-eyJ and " + dots);
  EXPECT_EQ(scrubbed("a@b.example@c.example"), person + "@c.example");
  EXPECT_EQ(read_address("http://ana:b@h.example/of/ana@mail.example?x")->full,
            "http://h.example/of/" + person);
  EXPECT_EQ(read_address("http://h/eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2ln")->path, "/" + dots);
}

}  // namespace
}  // namespace oficio::gateway::intake
