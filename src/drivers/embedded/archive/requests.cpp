#include "drivers/embedded/archive/queries.hpp"
#include "drivers/embedded/archive/source.hpp"
#include "platform/archive/documents.hpp"

namespace oficio::embedded {
namespace {

// The rows alone: documents are large, and read of those that are shown. The index has all that is
// asked for but the request's id, which is asked for with a short time.
std::string statement_of(const archive::request_query& q) {
  std::string out =
      "SELECT seq FROM records INDEXED BY records_of_requests "
      "WHERE kind = 'transaction' AND time_us >= ? AND time_us < ? AND status IS NOT NULL";
  if (!q.service.empty()) out += " AND service = ?";
  if (!q.route.empty()) out += " AND name = ?";
  if (q.failed) out += " AND outcome = 'failure'";
  if (!q.request_id.empty()) out += " AND json_extract(document, '$.http.request.id') = ?";
  out += q.slowest_first ? " ORDER BY duration_us DESC, time_us DESC" : " ORDER BY time_us DESC";
  return out + ", seq DESC LIMIT " + std::to_string(q.limit);
}

}  // namespace

std::vector<archive::request_line> read_requests(connection& from,
                                                 const archive::request_query& q) {
  auto rows = from.prepare(statement_of(q));
  rows.bind(1, microseconds(q.when.from)).bind(2, microseconds(q.when.to));
  int next = 3;
  for (const auto* text : {&q.service, &q.route, &q.request_id}) {
    if (!text->empty()) rows.bind(next++, std::string_view(*text));
  }
  std::vector<archive::request_line> out;
  while (rows.step()) {
    auto one = from.prepare("SELECT document FROM records WHERE seq = ?");
    one.bind(1, rows.integer(0));
    if (one.step()) out.push_back(archive::request_of(parse_document(one.text(0))));
  }
  return out;
}

}  // namespace oficio::embedded
