#include "drivers/redis/protocol.hpp"

#include <new>

#include <hiredis/hiredis.h>

namespace oficio::redis {
namespace {

struct free_reply {
  void operator()(void* r) const { freeReplyObject(r); }
};

reply read(const redisReply& from) {
  reply out;
  switch (from.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      out.is = reply::type::text;
      out.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_ERROR:
      out.is = reply::type::failure;
      out.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_INTEGER:
      out.is = reply::type::number;
      out.number = from.integer;
      break;
    case REDIS_REPLY_ARRAY:
      out.is = reply::type::list;
      out.items.reserve(from.elements);
      for (std::size_t i = 0; i < from.elements; ++i) out.items.push_back(read(*from.element[i]));
      break;
    default:
      break;
  }
  return out;
}

}  // namespace

std::string command(std::initializer_list<std::string_view> words) {
  std::string out = "*" + std::to_string(words.size()) + "\r\n";
  for (auto word : words) {
    out += "$" + std::to_string(word.size()) + "\r\n";
    out += word;
    out += "\r\n";
  }
  return out;
}

void reply_reader::release::operator()(redisReader* r) const {
  redisReaderFree(r);
}

reply_reader::reply_reader() : reader_(redisReaderCreate()) {
  if (!reader_) throw std::bad_alloc();
}

void reply_reader::feed(std::string_view bytes) {
  // A failure is told by the next reply that is asked for.
  redisReaderFeed(reader_.get(), bytes.data(), bytes.size());
}

result<bool> reply_reader::next(reply& out) {
  void* got = nullptr;
  if (redisReaderGetReply(reader_.get(), &got) != REDIS_OK) {
    return error{errc::bad_upstream, "not_redis", "What answers does not speak as Redis does."};
  }
  std::unique_ptr<void, free_reply> owned(got);
  if (!got) return false;
  out = read(*static_cast<const redisReply*>(got));
  return true;
}

}  // namespace oficio::redis
