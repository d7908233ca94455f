#pragma once

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "platform/config/server_address.hpp"
#include "platform/json/json.hpp"

namespace oficio::mail::conformance {

// The mail server that tests/infra/with.py started, as it shows itself to tests.
class mail_server {
 public:
  static std::string variable(const char* name) {
    auto* value = std::getenv(name);
    if (!value) throw std::runtime_error("no mail server is there: run by tests/infra/with.py");
    return value;
  }

  static config::server_address address() {
    return config::parse_server_address("mail", variable("OFICIO_TEST_SMTP"));
  }

  struct received {
    std::string user;
    bool tls = false;
    std::string from;
    std::vector<std::string> to;
    std::string raw;
  };
  static std::vector<received> messages() {
    std::vector<received> out;
    auto all = json::parse(ask("")).value();
    for (const auto& one : all.as_array()) {
      auto text = [&](const char* name) {
        auto* found = one.at(name).if_string();
        return found ? std::string(found->data(), found->size()) : std::string();
      };
      received r{text("user"), one.at("tls") == true, text("from"), {}, text("raw")};
      for (const auto& to : one.at("to").as_array()) r.to.emplace_back(to.as_string());
      out.push_back(std::move(r));
    }
    return out;
  }

  // Refuses so many of a stage (mail, rcpt, data) with that code.
  static void refuse(const std::string& stage, int code, int times = 1) {
    ask("-X POST -d '{\"stage\":\"" + stage + "\",\"code\":" + std::to_string(code) +
            ",\"times\":" + std::to_string(times) + "}'",
        "/refusals");
  }
  static void forget_refusals() { ask("-X DELETE", "/refusals"); }

  static void tell(const std::string& word) {
    auto line = variable("OFICIO_TEST_CONTROL") + " " + word + " smtp";
    if (std::system(line.c_str()) != 0) throw std::runtime_error(line + " failed");
  }

 private:
  static std::string ask(const std::string& options, const std::string& path = "/messages") {
    auto line =
        "curl -fsS --max-time 20 " + options + " " + variable("OFICIO_TEST_SMTP_HTTP") + path;
    std::unique_ptr<FILE, int (*)(FILE*)> from(popen(line.c_str(), "r"), pclose);
    std::string out;
    char part[4096];
    while (auto size = std::fread(part, 1, sizeof(part), from.get())) out.append(part, size);
    return out;
  }
};

}  // namespace oficio::mail::conformance
