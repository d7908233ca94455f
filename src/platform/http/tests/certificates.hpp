#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "platform/base/random.hpp"

namespace oficio::http::test {

// Certificates made for a test by openssl, in a folder of their own. Each vouches for itself.
class certificates {
 public:
  certificates() { std::filesystem::create_directory(folder_); }
  ~certificates() { std::filesystem::remove_all(folder_); }

  // NAME.pem and NAME.key, for the host names and addresses of `alternatives`: "DNS:localhost".
  void make(const std::string& name, const std::string& alternatives) const {
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "
        "/CN=" +
        name + " -addext subjectAltName=" + alternatives + " -keyout " + key(name) + " -out " +
        certificate(name));
  }
  std::string certificate(const std::string& name) const { return path(name + ".pem"); }
  std::string key(const std::string& name) const { return path(name + ".key"); }
  std::string path(const std::string& file) const { return (folder_ / file).string(); }

 private:
  static void run(const std::string& command) {
    if (std::system((command + " 2>/dev/null").c_str()) != 0) {
      throw std::runtime_error("this failed: " + command);
    }
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("oficio-tls-" + random_hex(8));
};

}  // namespace oficio::http::test
