#include "platform/telemetry/drop_report.hpp"

namespace oficio::telemetry {
namespace {

constexpr std::chrono::minutes between{1};

}  // namespace

void drop_report::tell(std::uint64_t dropped, const std::string& why) {
  if (std::chrono::steady_clock::now() >= next_) tell_last(dropped, why);
}

void drop_report::tell_last(std::uint64_t dropped, const std::string& why) {
  if (dropped <= told_) return;
  std::vector<field> fields{{"oficio.records", dropped - told_}};
  if (!why.empty()) fields.emplace_back("error.message", why);
  to_.warn("telemetry was dropped: there was no room for it", std::move(fields));
  told_ = dropped;
  next_ = std::chrono::steady_clock::now() + between;
}

}  // namespace oficio::telemetry
