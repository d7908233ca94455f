#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "platform/json/reader.hpp"
#include "services/orders/order.hpp"

namespace oficio::orders {

// What people send. `check` beside each tells what the shape alone cannot.

// POST /orders: a gig's package, or an offer. `expected_total` is what the buyer saw, fee included,
// in minor units.
struct place_request {
  std::optional<std::string> gig_id;
  std::optional<std::string> package;
  std::optional<std::int64_t> quantity;
  std::optional<std::int64_t> gig_revision;
  std::optional<std::string> offer_id;
  std::int64_t expected_total = 0;
};
BOOST_DESCRIBE_STRUCT(place_request, (),
                      (gig_id, package, quantity, gig_revision, offer_id, expected_total))
void check(const place_request& r, json::violations& out);

// A card on its way to the provider. Never kept, never logged.
struct typed_card {
  std::string card;
  std::string expiry;
  std::string cvc;
};
BOOST_DESCRIBE_STRUCT(typed_card, (), (card, expiry, cvc))

// POST /orders/{id}/pay: a card, or the token of the second step.
struct pay_request {
  std::optional<typed_card> method;
  std::optional<std::string> confirm;
};
BOOST_DESCRIBE_STRUCT(pay_request, (), (method, confirm))
void check(const pay_request& r, json::violations& out);

struct requirements_request {
  std::string text;
  std::optional<std::vector<std::string>> files;
};
BOOST_DESCRIBE_STRUCT(requirements_request, (), (text, files))
void check(const requirements_request& r, json::violations& out);

struct deliver_request {
  std::string message;
  std::optional<std::vector<std::string>> files;
};
BOOST_DESCRIBE_STRUCT(deliver_request, (), (message, files))
void check(const deliver_request& r, json::violations& out);

struct revise_request {
  std::string message;
};
BOOST_DESCRIBE_STRUCT(revise_request, (), (message))
void check(const revise_request& r, json::violations& out);

struct extend_request {
  std::int64_t days = 0;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(extend_request, (), (days, reason))
void check(const extend_request& r, json::violations& out);

struct cancel_request {
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(cancel_request, (), (reason))
void check(const cancel_request& r, json::violations& out);

// What a changing request says about itself in its headers.
struct edit {
  std::optional<std::int64_t> revision;  // If-Match
  done_request request;                  // Idempotency-Key; an empty key when there is none
};

}  // namespace oficio::orders
