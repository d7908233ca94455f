#pragma once

#include <string>

namespace oficio::http {

// Whom a client trusts and what it shows of itself at https upstreams. All files are PEM.
struct client_trust {
  std::string ca_file = {};           // who vouches for servers; empty: whom the system trusts
  std::string certificate_file = {};  // ours with its chain; empty: none is shown
  std::string key_file = {};          // of that certificate
  bool verify = true;                 // false: encrypted, but whoever is there is taken for right
};

}  // namespace oficio::http
