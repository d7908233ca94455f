#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "platform/telemetry/intake.hpp"

namespace oficio::telemetry {

// An intake that keeps what it is given, for tests to look at.
class kept_records final : public intake {
 public:
  bool offer(record r) override {
    std::lock_guard lock(guard_);
    records_.push_back(std::move(r));
    return true;
  }
  figures now() const override { return {}; }

  std::vector<record> of(kind k) const {
    std::lock_guard lock(guard_);
    std::vector<record> out;
    std::ranges::copy_if(records_, std::back_inserter(out),
                         [k](const auto& r) { return r.about.kind == k; });
    return out;
  }
  std::size_t size() const {
    std::lock_guard lock(guard_);
    return records_.size();
  }

 private:
  mutable std::mutex guard_;
  std::vector<record> records_;
};

// The value at a dotted name of a document, as text; "-" if there is none.
inline std::string at(const record& r, std::string_view name) {
  auto document = boost::json::parse(r.document);
  const boost::json::value* v = &document;
  while (!name.empty()) {
    auto dot = std::min(name.find('.'), name.size());
    const auto* object = v->if_object();
    v = object ? object->if_contains(name.substr(0, dot)) : nullptr;
    if (!v) return "-";
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  if (const auto* text = v->if_string()) return {text->data(), text->size()};
  return boost::json::serialize(*v);
}

}  // namespace oficio::telemetry
