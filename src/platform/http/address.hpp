#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

namespace oficio::http {

// A set of IP networks: "127.0.0.1, 10.0.0.0/8, fd00::/8".
class networks {
 public:
  networks() = default;
  // Throws std::invalid_argument with a line that quotes what is no address.
  explicit networks(std::string_view list);

  bool empty() const { return all_.empty(); }
  // False for what is no address.
  bool contains(std::string_view address) const;

 private:
  struct network {
    boost::asio::ip::address_v6 base;  // IPv4 is mapped
    unsigned bits;                     // of 128
  };
  std::vector<network> all_;
};

// The client as limits see it: an IPv4 address, or an IPv6 network of 64 bits (one household has so
// many addresses).
std::string client_network(std::string_view address);

bool is_address(std::string_view text);
bool is_loopback(std::string_view address);

}  // namespace oficio::http
