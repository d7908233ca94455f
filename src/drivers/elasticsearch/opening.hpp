#pragma once

#include <chrono>
#include <string>

#include "drivers/elasticsearch/address.hpp"
#include "drivers/elasticsearch/layout.hpp"

namespace oficio::elasticsearch {

// A page of documents with long texts may be large.
inline constexpr std::size_t max_answer_bytes = 64 * 1024 * 1024;

// Opens the index on this thread, trying again as long as it has patience while the server is away;
// its generation. Throws config::wrong_setting with the reason.
int open_at_start(const config::server_address& address, const place& at, const layout& fields,
                  const std::string& alias,
                  std::chrono::milliseconds patience = std::chrono::seconds(10));

}  // namespace oficio::elasticsearch
