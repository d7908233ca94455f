#include "app/market/plan.hpp"

#include <algorithm>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace oficio::app {

using config::settings;
using config::wrong_setting;

namespace {

bool is_service(std::string_view name) {
  return std::ranges::find(service_names, name) != service_names.end();
}

bool has_door(std::string_view what) {
  return what == "all" || what == "gateway";
}

}  // namespace

bool plan::runs_any(std::initializer_list<std::string_view> names) const {
  return std::ranges::any_of(
      names, [&](auto name) { return std::ranges::find(services, name) != services.end(); });
}

std::string port_setting(std::string_view what) {
  return has_door(what) ? "port" : std::string(what) + ".port";
}

std::string upstream_address(const settings& s, const std::string& what, std::string_view service) {
  auto setting = std::string(service) + ".url";
  auto url = s.text(setting);
  if (what == "all") return url == "local:" ? std::string() : url;
  if (url == "local:") {
    throw wrong_setting(setting + ": \"local:\" is possible only in `serve all`; " +
                        "here it must say where " + std::string(service) +
                        " listens, such as http://127.0.0.1:4002");
  }
  if (!url.empty()) return url;
  auto port = s.number(port_setting(service), 1, 65'535);
  return "http://127.0.0.1:" + std::to_string(port);
}

plan make_plan(const settings& s, const std::string& what) {
  if (!has_door(what) && !is_service(what)) {
    throw wrong_setting("serve: there is no \"" + what + "\"");
  }
  plan out;
  out.what = what;
  out.gateway = has_door(what);
  out.whole = what == "all";
  if (what == "all") {
    for (auto name : service_names) {
      bool here = upstream_address(s, what, name).empty();
      if (here) out.services.emplace_back(name);
      out.whole = out.whole && here;
    }
  } else if (is_service(what)) {
    out.services.push_back(what);
  }
  auto setting = port_setting(what);
  out.listen = {s.text(out.gateway ? "host" : "services.host"),
                static_cast<std::uint16_t>(s.number(setting, 0, 65'535)), setting};
  return out;
}

std::string public_url(const settings& s) {
  auto url = s.text("public_url");
  std::string scheme = s.text("tls.certificate").empty() ? "http" : "https";
  return url.empty() ? scheme + "://localhost:" + s.text("port") : url;
}

void check_port(const listening_point& at) {
  boost::asio::io_context io;
  try {
    boost::asio::ip::tcp::acceptor probe(io, {boost::asio::ip::make_address(at.host), at.port},
                                         true);
  } catch (const boost::system::system_error& e) {
    throw wrong_setting(at.setting + ": cannot listen at " + at.host + ":" +
                        std::to_string(at.port) + " (" + e.code().message() +
                        "); is Oficio running already? Another port: --port N");
  }
}

}  // namespace oficio::app
