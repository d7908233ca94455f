// Ships many log lines to the search server of OFICIO_TEST_ELASTICSEARCH, and tells how fast and in
// how much memory.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <unistd.h>

#include "drivers/elasticsearch/telemetry/shipper.hpp"
#include "platform/telemetry/documents.hpp"

namespace {

using namespace oficio;
using std::chrono::steady_clock;

double megabytes(const char* what) {
  std::ifstream in("/proc/self/status");
  for (std::string word; in >> word;) {
    double kilobytes = 0;
    if (word == what && in >> kilobytes) return kilobytes / 1'024;
  }
  return 0;
}

telemetry::record line(int number) {
  telemetry::origin from{.version = "1", .environment = "bench", .node = "box", .host = "box"};
  std::vector<telemetry::field> fields{{"event.action", "bench"},
                                       {"http.response.status_code", 200},
                                       {"labels.number", std::to_string(number)}};
  return telemetry::log_record(from, {.service = "bench",
                                      .message = "One of very many lines that a service may write.",
                                      .fields = &fields,
                                      .time_us = telemetry::now_us()});
}

double seconds_since(steady_clock::time_point began) {
  return std::chrono::duration<double>(steady_clock::now() - began).count();
}

}  // namespace

int main(int argc, char** argv) {
  const char* address = std::getenv("OFICIO_TEST_ELASTICSEARCH");
  if (!address) return 77;
  int count = argc > 1 ? std::atoi(argv[1]) : 1'000'000;
  auto folder =
      std::filesystem::temp_directory_path() / ("oficio-bench-" + std::to_string(::getpid()));
  elasticsearch::shipping_options options;
  options.spill_folder = folder.string();
  options.max_spill_bytes = 1024UL * 1024 * 1024;
  options.environment = "bench";
  bool all = false;
  {
    auto to = elasticsearch::make_telemetry_shipper(
        config::parse_server_address("telemetry", address), options, {nullptr, "bench"});
    auto before = megabytes("VmRSS:");
    auto began = steady_clock::now();
    for (int i = 0; i < count; ++i) {
      auto r = line(i);
      while (!to->offer(r)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::printf("%d lines offered in %.1f s; %.0f MiB on the disk then\n", count,
                seconds_since(began), static_cast<double>(to->now().spilled) / 1024 / 1024);
    all = to->flush(std::chrono::minutes(20));
    auto took = seconds_since(began);
    auto now = to->now();
    std::printf("%llu stored in %.1f s: %.0f a second; %llu refused\n",
                static_cast<unsigned long long>(now.kept), took,
                static_cast<double>(now.kept) / took, static_cast<unsigned long long>(now.refused));
    std::printf("memory %.0f MiB before, %.0f MiB at most\n", before, megabytes("VmHWM:"));
  }
  std::filesystem::remove_all(folder);
  return all ? 0 : 1;
}
