#include "services/gateway/intake/unpacking.hpp"

#include <algorithm>
#include <stdexcept>

#include <zlib.h>

#include "platform/http/message.hpp"

namespace oficio::gateway::intake {
namespace {

error too_large(std::size_t most) {
  return {errc::too_large, "too_large",
          "The events of one request may have " + std::to_string(most) +
              " bytes, counted before they are compressed."};
}

error malformed() {
  return {errc::bad_request, "malformed_gzip", "The body is not what gzip makes."};
}

class inflater {
 public:
  explicit inflater(std::string_view from) {
    constexpr int gzip_only = 15 + 16;
    if (inflateInit2(&stream_, gzip_only) != Z_OK) throw std::runtime_error("zlib has no memory");
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(from.data()));
    stream_.avail_in = static_cast<uInt>(from.size());
  }
  ~inflater() { inflateEnd(&stream_); }
  inflater(const inflater&) = delete;
  inflater& operator=(const inflater&) = delete;

  // Appends at most `room` bytes. zlib's own answer.
  int step(std::string& to, std::size_t room) {
    auto before = to.size();
    to.resize(before + room);
    stream_.next_out = reinterpret_cast<Bytef*>(to.data() + before);
    stream_.avail_out = static_cast<uInt>(room);
    int said = inflate(&stream_, Z_NO_FLUSH);
    to.resize(before + room - stream_.avail_out);
    return said;
  }
  bool used_all() const { return stream_.avail_in == 0; }

 private:
  z_stream stream_{};
};

result<std::string> gunzip(std::string_view packed, std::size_t most) {
  constexpr std::size_t piece = 16 * 1024;
  inflater from(packed);
  std::string out;
  for (;;) {
    // One byte more than allowed tells what is too large from what just fits.
    int said = from.step(out, std::min(piece, most + 1 - out.size()));
    if (out.size() > most) return too_large(most);
    if (said == Z_STREAM_END) break;
    // Z_OK only says that it went on; without more input it is Z_BUF_ERROR: cut short.
    if (said != Z_OK) return malformed();
  }
  if (!from.used_all()) return malformed();
  return out;
}

}  // namespace

result<std::string> unpack(std::string body, std::string_view encoding, std::size_t most) {
  if (encoding.empty() || http::equal_ignoring_case(encoding, "identity")) {
    if (body.size() > most) return too_large(most);
    return body;
  }
  if (http::equal_ignoring_case(encoding, "gzip")) return gunzip(body, most);
  return error{errc::unsupported, "unsupported_encoding",
               "The body may be compressed with gzip, or not at all."};
}

}  // namespace oficio::gateway::intake
