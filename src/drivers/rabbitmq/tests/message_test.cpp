#include "drivers/rabbitmq/message.hpp"

#include <gtest/gtest.h>

#include "drivers/rabbitmq/table.hpp"
#include "platform/base/uuid.hpp"

namespace oficio::rabbitmq {
namespace {

message read(const table& headers) {
  amqp_basic_properties_t with{};
  with._flags = AMQP_BASIC_HEADERS_FLAG;
  with.headers = headers.get();
  message m;
  read_properties(with, m);
  return m;
}

TEST(rabbitmq_message, reads_its_own_headers) {
  table t;
  t.number(header::attempts, 3).text(header::reason, "away: gone").number(header::died_at, 1'500);
  auto m = read(t);
  EXPECT_EQ(m.attempts, 3);
  EXPECT_EQ(m.reason, "away: gone");
  EXPECT_EQ(m.died_at, time_point(std::chrono::milliseconds(1'500)));
}

TEST(rabbitmq_message, does_not_trust_headers) {
  table t;
  t.text(header::attempts, "many").number(header::reason, 7).number(header::died_at, -1);
  auto m = read(t);
  EXPECT_EQ(m.attempts, 0);
  EXPECT_EQ(m.reason, "");
  EXPECT_FALSE(m.died_at);

  table huge;
  huge.number(header::attempts, std::numeric_limits<std::int64_t>::max())
      .number(header::died_at, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(read(huge).attempts, 1'000'000);
  EXPECT_FALSE(read(huge).died_at);
}

TEST(rabbitmq_message, reads_why_the_server_itself_laid_it_down) {
  table death;
  death.text("reason", "delivery_limit").number("time", 86'400);
  amqp_field_value_t first{};
  first.kind = AMQP_FIELD_KIND_TABLE;
  first.value.table = death.get();
  amqp_table_entry_t entry{};
  entry.key = bytes("x-death");
  entry.value.kind = AMQP_FIELD_KIND_ARRAY;
  entry.value.value.array = {1, &first};
  amqp_basic_properties_t with{};
  with._flags = AMQP_BASIC_HEADERS_FLAG;
  with.headers = {1, &entry};
  message m;
  read_properties(with, m);
  EXPECT_TRUE(m.reason.starts_with("delivery_limit: "));
  EXPECT_EQ(m.died_at, time_point(std::chrono::hours(24)));
}

TEST(rabbitmq_message, a_letter_that_is_no_event_has_an_id_all_the_same) {
  message m;
  m.body = "not JSON";
  m.reason = "malformed_json: no";
  auto letter = to_letter(m, "a.queue");
  EXPECT_EQ(letter.event.id, uuid_v5("not JSON"));
  EXPECT_EQ(letter.event.type, "malformed");
  EXPECT_EQ(letter.queue, "a.queue");
  EXPECT_EQ(id_in(m), letter.event.id);
}

}  // namespace
}  // namespace oficio::rabbitmq
