#include "services/reviews/review.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "platform/base/uuid.hpp"

namespace oficio::reviews {

std::optional<side> completed_order::side_of(const std::string& account_id) const {
  if (account_id == buyer.id) return side::buyer;
  if (account_id == seller.id) return side::seller;
  return std::nullopt;
}

void check(const review_request& r, json::violations& out) {
  json::check_range(out, "/rating", r.rating, 1, 5);
  json::check_text(out, "/text", r.text, 1, 2'000);
}

void check(const reply_request& r, json::violations& out) {
  json::check_text(out, "/text", r.text, 1, 2'000);
}

std::string handle_of(std::string_view username) {
  std::string handle(username);
  for (char& c : handle) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return handle;
}

bool may_be_username(std::string_view text) {
  return text.size() >= 3 && text.size() <= 30 && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

review write_review(const completed_order& o, side by, const review_request& what, time_point now) {
  review r;
  r.id = uuid_v7(now);
  r.order_id = o.id;
  r.gig_id = o.gig_id;
  r.side = by;
  r.from = o.on(by);
  r.about = o.on(other(by));
  r.rating = what.rating;
  r.text = what.text;
  r.written_at = now;
  r.due_at = o.closes_at();
  return r;
}

std::int64_t rating_sum::count() const {
  return std::accumulate(histogram.begin(), histogram.end(), std::int64_t{0});
}

double rating_sum::average() const {
  auto marks = count();
  if (marks == 0) return 0;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    sum += static_cast<std::int64_t>(i + 1) * histogram[i];
  }
  return std::round(100.0 * static_cast<double>(sum) / static_cast<double>(marks)) / 100.0;
}

}  // namespace oficio::reviews
