#include "platform/security/cursor.hpp"

#include <stdexcept>

#include "platform/security/crypto.hpp"

namespace oficio::security {
namespace {

constexpr std::size_t mac_size = 16;
constexpr std::size_t max_cursor = 4'096;

// The scope's length keeps ("ab", "c") and ("a", "bc") apart.
std::string mac_of(std::string_view key, std::string_view scope, std::string_view position) {
  std::string text = "cursor\n" + std::to_string(scope.size()) + "\n";
  text += scope;
  text += position;
  return hmac_sha256(key, text).substr(0, mac_size);
}

error bad_cursor() {
  return {errc::bad_request, "bad_cursor",
          "The cursor does not belong to this list; start again without one."};
}

}  // namespace

cursor_signer::cursor_signer(std::string key) : key_(std::move(key)) {
  if (key_.empty()) throw std::invalid_argument("cursors need a key to be signed with");
}

std::string cursor_signer::sign(std::string_view scope, std::string_view position) const {
  std::string raw = mac_of(key_, scope, position);
  raw += position;
  return base64url(raw);
}

result<std::string> cursor_signer::open(std::string_view scope, std::string_view cursor) const {
  if (cursor.size() > max_cursor) return bad_cursor();
  auto raw = from_base64url(cursor);
  if (!raw || raw->size() < mac_size) return bad_cursor();
  std::string position = raw->substr(mac_size);
  raw->resize(mac_size);
  if (!equal_in_constant_time(*raw, mac_of(key_, scope, position))) return bad_cursor();
  return position;
}

}  // namespace oficio::security
