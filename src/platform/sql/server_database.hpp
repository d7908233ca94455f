#pragma once

#include <memory>

#include "platform/config/server_address.hpp"
#include "platform/runtime/blocking_pool.hpp"
#include "platform/sql/database.hpp"
#include "platform/sql/server.hpp"

namespace oficio::sql {

// How long a start waits for a server that cannot be reached.
constexpr std::chrono::seconds start_patience{10};

// A database on a server, with at most as many sessions as the address's option `pool` says (16).
// Transactions that the server undid for the sake of others are begun again a few times; one whose
// connection broke before its end was asked for, once. A call whose deadline passes ends then,
// whatever the server does: whether a commit that was under way has succeeded is not known. Throws
// config::wrong_setting for options that it does not know, and if the server refuses us or there is
// no connection within start_patience. `pool` must outlive it.
std::unique_ptr<database> make_database(const config::server_address& address,
                                        std::unique_ptr<server> on, runtime::blocking_pool& pool);

}  // namespace oficio::sql
