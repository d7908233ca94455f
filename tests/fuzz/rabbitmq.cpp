// What a message on RabbitMQ says of itself, and what becomes of it as a dead letter: the first two
// bytes say how much is the table of headers, the rest is the body.
#include <cstring>

#include "drivers/rabbitmq/message.hpp"
#include "fuzz/must.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace oficio;
  if (size < 2) return 0;
  auto length = std::min<std::size_t>(data[0] * 256U + data[1], size - 2);
  std::string encoded(reinterpret_cast<const char*>(data) + 2, length);
  rabbitmq::message m;
  m.body.assign(reinterpret_cast<const char*>(data) + 2 + length, size - 2 - length);

  amqp_pool_t pool;
  init_amqp_pool(&pool, 4'096);
  amqp_basic_properties_t with{};
  std::size_t offset = 0;
  if (amqp_decode_table({encoded.size(), encoded.data()}, &pool, &with.headers, &offset) == 0) {
    with._flags = AMQP_BASIC_HEADERS_FLAG;
    rabbitmq::read_properties(with, m);
  }
  empty_amqp_pool(&pool);

  must(m.attempts >= 0 && m.reason.size() <= 1'100);
  auto letter = rabbitmq::to_letter(m, "a.queue");
  must(!letter.event.id.empty() && letter.event.id == rabbitmq::id_in(m));
  must(!format_time(letter.died_at).empty());
  return 0;
}
