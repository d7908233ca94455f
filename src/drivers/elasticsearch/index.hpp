#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>

#include "platform/config/server_address.hpp"
#include "platform/search/index.hpp"

namespace oficio::telemetry {
class metrics;
}

namespace oficio::elasticsearch {

// An index on Elasticsearch (7.10 and newer) or a server with the same API (OpenSearch):
//   http[s]://[USER:PASSWORD@]HOST[:PORT][,HOST…][/PREFIX][?api_key=KEY&ca=FILE&replicas=N]
// It is made behind the alias PREFIX-NAME if it is not there, and takes new fields of the schema.
// `io` (whose threads carry its calls) and `metrics`, if any, outlive it. Throws
// config::wrong_setting when the address makes no sense, and when within ten seconds no server at
// it takes us; std::invalid_argument for a schema that is none.
std::unique_ptr<search::index> make_index(const config::server_address& address, search::schema s,
                                          boost::asio::io_context& io,
                                          telemetry::metrics* metrics = nullptr);

}  // namespace oficio::elasticsearch
