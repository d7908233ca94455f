#include "drivers/elasticsearch/telemetry/bulk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "drivers/elasticsearch/server.hpp"
#include "drivers/elasticsearch/telemetry/templates.hpp"
#include "platform/json/json.hpp"

namespace oficio::elasticsearch {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

telemetry::record a_record(std::string id) {
  telemetry::record r;
  r.stream = "logs-oficio.orders-dev";
  r.id = std::move(id);
  r.document = R"({"@timestamp":"2026-01-01T12:00:00.000Z"})";
  return r;
}

TEST(bulk, lines_create_each_record_under_its_own_id) {
  EXPECT_EQ(bulk_lines({a_record("a"), a_record("b")}),
            R"({"create":{"_index":"logs-oficio.orders-dev","_id":"a"}})"
            "\n"
            R"({"@timestamp":"2026-01-01T12:00:00.000Z"})"
            "\n"
            R"({"create":{"_index":"logs-oficio.orders-dev","_id":"b"}})"
            "\n"
            R"({"@timestamp":"2026-01-01T12:00:00.000Z"})"
            "\n");
}

TEST(bulk, what_was_there_already_is_stored_what_is_too_much_comes_again_the_rest_is_refused) {
  auto out = read_bulk_answer(
      R"({"errors":true,"items":[{"create":{"status":201}},
          {"create":{"status":409,"error":{"type":"version_conflict_engine_exception"}}},
          {"create":{"status":429,"error":{"type":"es_rejected_execution_exception"}}},
          {"create":{"status":400,"error":{"type":"document_parsing_exception","reason":"no date"}}},
          {"create":{"status":503}}]})",
      5);
  EXPECT_TRUE(out.understood);
  EXPECT_THAT(out.again, ElementsAre(2, 4));
  EXPECT_THAT(out.refused, ElementsAre(3));
  EXPECT_EQ(out.reason, "document_parsing_exception: no date");
}

TEST(bulk, without_errors_nobody_looks_at_items) {
  auto out = read_bulk_answer(R"({"errors":false,"items":[{"create":{"status":201}}]})", 1);
  EXPECT_TRUE(out.understood);
  EXPECT_THAT(out.again, IsEmpty());
  EXPECT_THAT(out.refused, IsEmpty());
}

TEST(bulk, an_answer_of_somebody_else_is_not_understood) {
  EXPECT_FALSE(read_bulk_answer("<html>", 1).understood);
  EXPECT_FALSE(read_bulk_answer("{}", 1).understood);
  EXPECT_FALSE(read_bulk_answer(R"({"errors":false,"items":[]})", 1).understood);
}

TEST(bulk, gzip_is_read_by_zlib) {
  std::string text(100'000, 'x');
  auto packed = gzip(text);
  EXPECT_LT(packed.size(), 2'000U);
  std::string back(text.size() + 1, '\0');
  z_stream z{};
  ASSERT_EQ(inflateInit2(&z, 15 + 16), Z_OK);
  z.next_in = reinterpret_cast<Bytef*>(packed.data());
  z.avail_in = static_cast<uInt>(packed.size());
  z.next_out = reinterpret_cast<Bytef*>(back.data());
  z.avail_out = static_cast<uInt>(back.size());
  EXPECT_EQ(inflate(&z, Z_FINISH), Z_STREAM_END);
  back.resize(z.total_out);
  inflateEnd(&z);
  EXPECT_EQ(back, text);
}

TEST(templates, stand_above_the_servers_own_and_only_for_one_environment) {
  for (const auto& t : stream_templates("dev")) {
    auto body = template_body(t, 14, nullptr, nullptr);
    EXPECT_TRUE(t.pattern.ends_with("-dev")) << t.pattern;
    EXPECT_GT(integer_of(find(body, {"priority"})), 240);
    EXPECT_NE(find(body, {"data_stream"}), nullptr);
    EXPECT_EQ(text_of(find(body, {"template", "mappings", "properties", "@timestamp", "type"})),
              "date");
    EXPECT_EQ(text_of(find(body, {"template", "mappings", "properties", "transaction", "properties",
                                  "duration", "properties", "us", "type"})),
              "long");
  }
}

}  // namespace
}  // namespace oficio::elasticsearch
