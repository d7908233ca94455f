#include "services/chat/offer.hpp"

#include "platform/base/uuid.hpp"
#include "platform/json/check.hpp"
#include "services/chat/conversation.hpp"

namespace oficio::chat {
namespace {

// Minor units; the same bounds as a gig's prices.
constexpr std::int64_t min_price = 500;
constexpr std::int64_t max_price = 1'000'000;
constexpr std::size_t longest_title = 80;
constexpr std::size_t longest_description = 5'000;

}  // namespace

bool offer::same_terms(const offer& other) const {
  return gig_id == other.gig_id && title == other.title && description == other.description &&
         price == other.price && delivery_days == other.delivery_days &&
         revisions == other.revisions;
}

result<bool> close(offer& o, offer_status to, const std::string& account_id, time_point now) {
  bool by_buyer = to == offer_status::declined;
  if (account_id != o.seller_id && account_id != o.buyer_id) return not_found("The offer");
  if (account_id != (by_buyer ? o.buyer_id : o.seller_id)) {
    return error{errc::forbidden, "not_your_turn",
                 by_buyer ? "Only the one whom it was made to can decline an offer."
                          : "Only its seller can withdraw an offer."};
  }
  if (o.status == to) return false;
  if (auto status = o.status_at(now); status != offer_status::open) {
    return error{
        errc::conflict, "offer_closed",
        std::string("The offer is ") + boost::describe::enum_to_string(status, "?") + " already."};
  }
  o.status = to;
  return true;
}

void check(const new_offer& input, json::violations& out) {
  if (!is_uuid(input.gig_id)) out.add("/gig_id", "format", "must be the id of a gig");
  if (input.title) json::check_text(out, "/title", *input.title, 1, longest_title);
  json::check_text(out, "/description", input.description, 1, longest_description);
  json::check_range(out, "/price/amount", input.price.amount, min_price, max_price);
  json::check_range(out, "/delivery_days", input.delivery_days, 1, 90);
  json::check_range(out, "/revisions", input.revisions, 0, 20);
  if (input.expires_in) {
    json::check_range(out, "/expires_in", *input.expires_in, shortest_offer.count(),
                      longest_offer.count());
    if (input.expires_at) {
      out.add("/expires_at", "exclusive", "expires_in and expires_at exclude each other");
    }
  }
  if (input.client_id) {
    json::check_text(out, "/client_id", *input.client_id, 1, longest_client_id);
  }
}

result<time_point> end_of(const new_offer& input, const std::string& currency, time_point now) {
  json::violations found;
  if (input.price.currency != currency) {
    found.add("/price/currency", "currency", "must be " + currency);
  }
  time_point end = now + usual_offer;
  if (input.expires_in) end = now + std::chrono::seconds(*input.expires_in);
  if (input.expires_at) end = *input.expires_at;
  if (end < now + shortest_offer || end > now + longest_offer) {
    found.add("/expires_at", "range", "must be from one minute to 30 days ahead");
  }
  if (!found.empty()) return invalid(found.take());
  return end;
}

}  // namespace oficio::chat
