#include "services/orders/requests.hpp"

#include "platform/json/check.hpp"

namespace oficio::orders {

void check(const place_request& r, json::violations& out) {
  json::check_text(out, "/gig_id", r.gig_id, 1, 64);
  json::check_text(out, "/package", r.package, 1, 40);
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
  json::check_text(out, "/text", r.text, 1, 10'000);
}

void check(const deliver_request& r, json::violations& out) {
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
