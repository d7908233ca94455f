#pragma once

#include <string>

#include "platform/config/server_address.hpp"

namespace oficio::elasticsearch {

// What an address says:
//   http[s]://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]…][/PREFIX][?api_key=KEY&ca=FILE&replicas=N]
// Indexes are named PREFIX-SCHEMA-NUMBER; the prefix is "oficio" unless it is said.
struct place {
  std::string nodes;          // "https://a:9200,https://b:9200"
  std::string authorization;  // the header's value; empty: none is sent
  std::string ca_file;        // PEM; empty: whom the system trusts
  std::string prefix;
  int replicas = 0;
};

// Throws config::wrong_setting.
place read_place(const config::server_address& address);

}  // namespace oficio::elasticsearch
