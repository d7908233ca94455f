#include "platform/telemetry/record.hpp"

namespace oficio::telemetry {

std::string_view to_string(kind k) {
  switch (k) {
    case kind::log:
      return "log";
    case kind::transaction:
      return "transaction";
    case kind::span:
      return "span";
    case kind::error:
      return "error";
    case kind::metric:
      return "metric";
    case kind::rum:
      return "rum";
  }
  return "log";
}

std::size_t record::size() const {
  return sizeof(record) + stream.size() + id.size() + document.size() + about.name.size() +
         about.trace_id.size() + about.grouping_key.size() + about.user_id.size();
}

}  // namespace oficio::telemetry
