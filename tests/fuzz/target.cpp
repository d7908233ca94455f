// Request targets: refused, or a path and query without a way up, a NUL or half a letter; the query
// reader tells what is wrong with any of it.
#include <algorithm>

#include "fuzz/must.hpp"
#include "platform/http/message.hpp"
#include "platform/http/query.hpp"

namespace oficio::fuzz {

void read_query(const http::request& r) {
  http::query_reader query(r);
  auto text = query.text("q", 200);
  must(!text || text->size() <= 200 * 4);
  auto number = query.number("n", -5, 1'000'000);
  must(!number || (*number >= -5 && *number <= 1'000'000));
  auto share = query.decimal("d", 0, 5);
  must(!share || (*share >= 0 && *share <= 5));
  query.flag("f");
  auto chosen = query.choice("c", {"one", "two"});
  must(!chosen || *chosen == "one" || *chosen == "two");
  must(query.list("l", 5).size() <= 5);
  auto limit = query.limit();
  must(limit >= 1 && limit <= 100);
  auto done = query.done();
  must(done.has_value() ||
       (done.error().kind == errc::invalid && !done.error().violations.empty()));
}

void run(std::string_view bytes) {
  http::request r;
  if (!http::parse_target(bytes, r)) return;
  std::string again;
  for (const auto& segment : r.path) {
    must(!segment.empty() && segment != "." && segment != ".." &&
         segment.find('\0') == segment.npos);
    again += "/" + http::encode_segment(segment);
  }
  http::request same;
  must(http::parse_target(again.empty() ? "/" : again, same) && same.path == r.path);
  read_query(r);
}

}  // namespace oficio::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  oficio::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
