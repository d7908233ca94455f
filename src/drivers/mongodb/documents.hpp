#pragma once

#include <memory>

#include "platform/config/server_address.hpp"
#include "platform/documents/driver.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::mongodb {

// The documents of one service in the MongoDB database that the address's path names: on a replica
// set (or behind mongos), on a server alone, or on what speaks MongoDB's language (FerretDB).
// A write is answered when a majority has it in its journal; reads ask the primary and see only
// what will stay. No transaction over several documents is used.
//
// The address is MongoDB's own (mongodb://, mongodb+srv://) with its options, and with ours: tls,
// ca, certificate, key, verify, password_file, and pool, how many connections at most (16).
//
// Blocks until a server answers and lets us in, at most some 10 s. Throws config::wrong_setting
// with one line. `pool` runs the calls, each of which holds one of its threads for as long as the
// server takes, and must outlive the database and its drivers.
std::unique_ptr<documents::database> make_documents(const config::server_address& address,
                                                    runtime::blocking_pool& pool);

}  // namespace oficio::mongodb
