#pragma once

#include "platform/files/shelf.hpp"
#include "services/chat/store.hpp"

namespace oficio::chat {

// To what the files of a message are bound: the message as its sender repeats it, whose id is known
// only once it was kept.
std::string attachment_key(const std::string& conversation_id, const std::string& account_id,
                           const std::string& client_id);

// Where what people send each other is kept; null without a studio. All must outlive it.
std::unique_ptr<files::shelf> attachments(documents::database& database, const wall_clock& clock,
                                          telemetry::logger log, pictures::studio* studio,
                                          store& kept);

}  // namespace oficio::chat
