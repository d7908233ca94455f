#pragma once

#include <string>

namespace oficio::mongodb {

// A certificate that vouches for itself, in PEM, with its key.
struct certificate {
  std::string pem;
  std::string key;
};

// `name` as subjectAltName writes it: "IP:127.0.0.1", "DNS:elsewhere.example". Good for an hour,
// for both sides.
certificate make_certificate(const std::string& name);

}  // namespace oficio::mongodb
