// Cursors: no bytes but the signed ones open, and those only for their own list.
#include "platform/security/cursor.hpp"

#include "fuzz/must.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace oficio;
  static const security::cursor_signer signer(std::string(32, 'k'));
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto half = bytes.substr(0, size / 2);
  auto rest = bytes.substr(size / 2);
  must(signer.open("list", bytes).has_error());
  auto cursor = signer.sign(half, rest);
  auto opened = signer.open(half, cursor);
  must(opened.has_value() && *opened == rest);
  must(signer.open(std::string(half) + "x", cursor).has_error());
  if (!cursor.empty()) {
    auto changed = cursor;
    changed[size % changed.size()] ^= 1;
    auto other = signer.open(half, changed);
    must(other.has_error() || *other == rest);  // a bit that base64url leaves over changes nothing
  }
  return 0;
}
