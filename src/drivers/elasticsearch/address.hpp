#pragma once

#include <string>

#include "platform/config/server_address.hpp"
#include "platform/http/client_trust.hpp"

namespace oficio::elasticsearch {

// What an address says:
//   http[s]://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]…][/PREFIX][?api_key=KEY&replicas=N]
// and with https what config::read_server_tls() reads.
// Indexes are named PREFIX-SCHEMA-NUMBER; the prefix is "oficio" unless it is said.
struct place {
  std::string nodes;          // "https://a:9200,https://b:9200"
  std::string authorization;  // the header's value; empty: none is sent
  http::client_trust trust;
  std::string prefix;
  int replicas = 0;
};

// Throws config::wrong_setting.
place read_place(const config::server_address& address);

}  // namespace oficio::elasticsearch
