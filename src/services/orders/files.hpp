#pragma once

#include "platform/files/shelf.hpp"
#include "platform/hosting/service.hpp"
#include "services/orders/store.hpp"

namespace oficio::orders {

inline constexpr std::size_t max_files = 10;  // of one submission

// To what the files of a step are bound: the order, and which step of it.
std::string submission_key(const std::string& order_id, const std::string& step);

// Where what goes into orders is kept; null without a studio. All must outlive it.
std::unique_ptr<files::shelf> order_files(const hosting::environment& env,
                                          documents::database& database, pictures::studio* studio,
                                          order_store& orders);

}  // namespace oficio::orders
