// A client's WebSocket frames: the same messages come out however the bytes are cut, none is larger
// than it may be, and nothing is kept that was taken.
#include <vector>

#include "fuzz/must.hpp"
#include "platform/realtime/websocket.hpp"

using namespace oficio::realtime::websocket;

namespace {

constexpr std::size_t most = 1'000;

struct outcome {
  std::vector<std::string> messages;
  int failure = 0;
  bool operator==(const outcome&) const = default;
};

outcome read(std::string bytes, std::size_t step) {
  reader in(most);
  outcome out;
  for (std::size_t at = 0; at < bytes.size() && !in.failure(); at += step) {
    std::string part = bytes.substr(at, step);
    in.give(part);
    while (auto m = in.next()) {
      must(m->data.size() <= most);
      out.messages.push_back(std::to_string(static_cast<int>(m->kind)) + std::string(m->data));
    }
    in.settle();
    must(in.held() <= 4 * (most + bytes.size() + 64));
  }
  if (in.failure()) out.failure = static_cast<int>(*in.failure());
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  auto whole = read(bytes, bytes.size() + 1);
  must(read(bytes, 1) == whole);
  must(read(bytes, 7) == whole);
  accept_key(bytes);
  return 0;
}
