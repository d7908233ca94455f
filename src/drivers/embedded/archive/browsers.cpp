#include <algorithm>
#include <map>

#include "drivers/embedded/archive/queries.hpp"
#include "drivers/embedded/archive/source.hpp"

namespace oficio::embedded {
namespace {

constexpr std::size_t most_pages = 50;
constexpr std::size_t most_values = 100'000;  // of one figure; what comes later is not looked at

class figure {
 public:
  void add(const statement& row, int column) {
    if (!row.is_null(column) && values_.size() < most_values) values_.push_back(row.real(column));
  }
  std::int64_t count() const { return static_cast<std::int64_t>(values_.size()); }
  std::optional<double> p75() {
    if (values_.empty()) return std::nullopt;
    auto at = values_.begin() + static_cast<std::ptrdiff_t>((values_.size() - 1) * 3 / 4);
    std::ranges::nth_element(values_, at);
    return *at;
  }

 private:
  std::vector<double> values_;
};

struct visits {
  figure lcp, inp, cls, fcp, ttfb;

  void add(const statement& row) {
    lcp.add(row, 3);
    inp.add(row, 4);
    cls.add(row, 5);
    fcp.add(row, 6);
    ttfb.add(row, 7);
  }
};

struct page {
  std::int64_t loads = 0;
  figure durations, lcp;
};

archive::vital vital_of(const char* name, figure& of) {
  return {name, of.p75(), of.count()};
}

}  // namespace

archive::browser_figures read_browsers(connection& from, archive::time_range when) {
  visits loads;
  visits ends;
  std::map<std::string, page> pages;
  archive::browser_figures out;
  auto s = from.prepare(
      "SELECT json_extract(document, '$.transaction.type') AS type, name, duration_us, "
      "json_extract(document, '$.transaction.marks.agent.largestContentfulPaint'), "
      "json_extract(document, '$.transaction.experience.inp'), "
      "json_extract(document, '$.transaction.experience.cls'), "
      "json_extract(document, '$.transaction.marks.agent.firstContentfulPaint'), "
      "json_extract(document, '$.transaction.marks.agent.timeToFirstByte') "
      "FROM records WHERE kind = 'rum' AND service = 'web' AND time_us >= ? AND time_us < ? "
      "AND type IN ('page-load', 'page-exit')");
  s.bind(1, microseconds(when.from)).bind(2, microseconds(when.to));
  while (s.step()) {
    bool is_load = s.text(0) == "page-load";
    (is_load ? loads : ends).add(s);
    if (!is_load) continue;
    ++out.loads;
    auto name = s.text(1);
    if (pages.size() >= most_values && !pages.contains(name)) continue;
    auto& one = pages[name];
    ++one.loads;
    if (s.integer(2) >= 0) one.durations.add(s, 2);
    one.lcp.add(s, 3);
  }
  // What is known at the end of a visit says more than what its first moments did.
  auto& lcp = ends.lcp.count() > 0 ? ends.lcp : loads.lcp;
  auto& cls = ends.cls.count() > 0 ? ends.cls : loads.cls;
  out.vitals = {vital_of("lcp", lcp), vital_of("inp", ends.inp), vital_of("cls", cls),
                vital_of("fcp", loads.fcp), vital_of("ttfb", loads.ttfb)};
  for (auto& [name, of] : pages) {
    auto took = of.durations.p75();
    if (took) *took /= 1'000;
    out.pages.push_back(
        {.page = name, .loads = of.loads, .load_p75_ms = took, .lcp_p75_ms = of.lcp.p75()});
  }
  std::ranges::sort(out.pages, [](const archive::page_figures& a, const archive::page_figures& b) {
    return a.loads != b.loads ? a.loads > b.loads : a.page < b.page;
  });
  if (out.pages.size() > most_pages) out.pages.resize(most_pages);
  return out;
}

}  // namespace oficio::embedded
