#include "services/gateway/table.hpp"

#include <array>

namespace oficio::gateway {
namespace {

using enum treatment;

constexpr auto table = std::to_array<route>({
    {"POST", "/auth/signup", "auth", opens},
    {"POST", "/auth/signin", "auth", signs_in},
    {"POST", "/auth/signin/otp", "auth", opens},
    {"POST", "/auth/refresh", "auth", refreshes},
    {"POST", "/auth/signout", "auth", signs_out},
    {"POST", "/auth/signout-all", "auth", signs_out},
    {"GET", "/auth/sessions", "auth"},
    {"DELETE", "/auth/sessions/{id}", "auth", ends},
    {"GET", "/auth/me", "auth"},
    {"POST", "/auth/email/verify", "auth"},
    {"POST", "/auth/email/resend", "auth"},
    {"POST", "/auth/password/forgot", "auth"},
    {"POST", "/auth/password/reset", "auth", ends},
    {"POST", "/auth/password/change", "auth", ends},
    {"GET", "/auth/jwks", "auth"},

    {"GET PATCH", "/users/me", "users"},
    {"GET", "/users/me/favorites", "users"},
    {"GET PUT DELETE", "/users/me/favorites/{gig_id}", "users"},
    {"GET", "/users/me/activity", "users"},
    {"POST", "/users/me/activity/read", "users"},
    {"GET", "/users/{username}", "users"},
    {"POST", "/sellers", "users"},
    {"GET PATCH", "/sellers/me", "users"},
    {"GET", "/sellers/{username}", "users"},
    {"GET POST", "/unsubscribe", "users", proves},

    {"GET POST", "/gigs", "gigs"},
    {"GET", "/gigs/mine", "gigs"},
    {"GET", "/gigs/search", "gigs"},
    {"GET", "/gigs/suggest", "gigs"},
    {"GET", "/gigs/top", "gigs"},
    {"GET PATCH DELETE", "/gigs/{id}", "gigs"},
    {"PUT", "/gigs/{id}/active", "gigs"},
    {"GET", "/gigs/{id}/similar", "gigs"},
    {"GET", "/categories", "gigs"},
    {"GET", "/sellers/{username}/gigs", "gigs"},

    {"GET POST", "/conversations", "chat"},
    {"GET", "/conversations/{id}", "chat"},
    {"GET POST", "/conversations/{id}/messages", "chat"},
    {"POST", "/conversations/{id}/read", "chat"},
    {"POST", "/conversations/{id}/offers", "chat"},
    {"GET", "/offers/{id}", "chat"},
    {"POST", "/offers/{id}/decline", "chat"},
    {"POST", "/offers/{id}/withdraw", "chat"},
    {"POST", "/messages/{id}/report", "chat"},
    {"GET", "/users/me/blocks", "chat"},
    {"PUT DELETE", "/users/me/blocks/{username}", "chat"},
    {"GET", "/ops/reports", "chat"},

    {"GET POST", "/orders", "orders"},
    {"GET", "/orders/{id}", "orders"},
    {"POST", "/orders/{id}/pay", "orders"},
    {"POST", "/orders/{id}/requirements", "orders"},
    {"POST", "/orders/{id}/deliver", "orders"},
    {"POST", "/orders/{id}/revision", "orders"},
    {"POST", "/orders/{id}/accept", "orders"},
    {"POST", "/orders/{id}/cancel", "orders"},
    {"POST", "/orders/{id}/cancel/approve", "orders"},
    {"POST", "/orders/{id}/cancel/reject", "orders"},
    {"POST", "/orders/{id}/extension", "orders"},
    {"POST", "/orders/{id}/extension/approve", "orders"},
    {"POST", "/orders/{id}/extension/reject", "orders"},
    {"POST", "/payments/webhook", "orders"},
    {"GET", "/earnings", "orders"},

    {"POST", "/orders/{id}/review", "reviews"},
    {"GET", "/orders/{id}/reviews", "reviews"},
    {"POST", "/reviews/{id}/reply", "reviews"},
    {"GET", "/gigs/{id}/reviews", "reviews"},
    {"GET", "/sellers/{username}/reviews", "reviews"},

    {"POST", "/files", "", upload},
    {"GET", "/files/{id}", "", download},
});

}  // namespace

std::span<const route> public_routes() {
  return table;
}

}  // namespace oficio::gateway
