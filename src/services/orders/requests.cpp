#include "services/orders/requests.hpp"

#include <utility>

#include "platform/json/check.hpp"
#include "services/orders/files.hpp"

namespace oficio::orders {
namespace {

void check_files(const std::optional<std::vector<std::string>>& files, json::violations& out) {
  if (files) json::check_count(out, "/files", files->size(), 0, max_files);
}

void check_text_if(json::violations& out, std::string pointer,
                   const std::optional<std::string>& text, std::size_t max, bool needed) {
  if (text) {
    json::check_text(out, std::move(pointer), *text, 1, max);
  } else if (needed) {
    out.add(std::move(pointer), "required", "is required");
  }
}

void check_absent(json::violations& out, std::string pointer, bool there) {
  if (there) out.add(std::move(pointer), "one_of", "cannot come with an offer_id");
}

}  // namespace

void check(const place_request& r, json::violations& out) {
  bool by_offer = r.offer_id.has_value();
  check_text_if(out, "/offer_id", r.offer_id, 64, false);
  check_text_if(out, "/gig_id", r.gig_id, 64, !by_offer);
  check_text_if(out, "/package", r.package, 40, !by_offer);
  if (by_offer) {
    check_absent(out, "/gig_id", r.gig_id.has_value());
    check_absent(out, "/package", r.package.has_value());
    check_absent(out, "/quantity", r.quantity.has_value());
    check_absent(out, "/gig_revision", r.gig_revision.has_value());
  }
  if (r.quantity) json::check_range(out, "/quantity", *r.quantity, 1, 20);
  json::check_range(out, "/expected_total", r.expected_total, 1, 1'000'000'000);
  if (r.gig_revision) json::check_range(out, "/gig_revision", *r.gig_revision, 0, INT32_MAX);
}

void check(const pay_request& r, json::violations& out) {
  if (r.method.has_value() == r.confirm.has_value()) {
    out.add("", "one_of", "must have either method or confirm");
  }
  if (r.confirm) json::check_text(out, "/confirm", *r.confirm, 1, 200);
  if (r.method) {
    json::check_text(out, "/method/card", r.method->card, 1, 40);
    json::check_text(out, "/method/expiry", r.method->expiry, 1, 10);
    json::check_text(out, "/method/cvc", r.method->cvc, 1, 10);
  }
}

void check(const requirements_request& r, json::violations& out) {
  check_files(r.files, out);
  json::check_text(out, "/text", r.text, 1, 10'000);
}

void check(const deliver_request& r, json::violations& out) {
  check_files(r.files, out);
  json::check_text(out, "/message", r.message, 1, 5'000);
}

void check(const revise_request& r, json::violations& out) {
  json::check_text(out, "/message", r.message, 1, 5'000);
}

void check(const extend_request& r, json::violations& out) {
  json::check_range(out, "/days", r.days, 1, longest_extension_days);
  json::check_text(out, "/reason", r.reason, 1, 1'000);
}

void check(const cancel_request& r, json::violations& out) {
  json::check_text(out, "/reason", r.reason, 1, 1'000);
}

}  // namespace oficio::orders
