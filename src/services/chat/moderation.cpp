#include "services/chat/moderation.hpp"

#include "platform/base/uuid.hpp"
#include "platform/json/check.hpp"

namespace oficio::chat {

std::string block_id_of(const std::string& by, const std::string& whom) {
  return uuid_v5("block/" + by + "/" + whom);
}

void check(const new_report& input, json::violations& out) {
  json::check_text(out, "/reason", input.reason, 1, 1'000);
}

}  // namespace oficio::chat
