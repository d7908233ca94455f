#pragma once

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "platform/archive/archive.hpp"
#include "platform/config/server_address.hpp"

namespace oficio::elasticsearch {

// Reads the data streams of one environment ("dev") at Elasticsearch 7.10 or newer, or a server
// with the same API: traces-apm-ENV, traces-apm.rum-ENV, logs-apm.error-ENV and logs-oficio.*-ENV.
// Those that are not there yet are empty. `io` outlives it. The server need not be there now.
// Throws config::wrong_setting when the address makes no sense.
std::unique_ptr<archive::reader> make_archive(const config::server_address& address,
                                              std::string environment, boost::asio::io_context& io);

}  // namespace oficio::elasticsearch
