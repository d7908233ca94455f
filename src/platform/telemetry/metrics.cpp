#include "platform/telemetry/metrics.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <list>
#include <map>
#include <mutex>
#include <stdexcept>
#include <variant>

namespace oficio::telemetry {
namespace {

std::string number(double v) {
  if (std::isnan(v)) return "NaN";
  if (std::isinf(v)) return v > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> text{};
  auto [end, failure] = std::to_chars(text.data(), text.data() + text.size(), v);
  return {text.data(), end};
}

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

// `{a="1",b="2"}`; nothing if there are none.
std::string written(const labels& of) {
  std::string out;
  for (const auto& [name, value] : of) {
    out.append(out.empty() ? "{" : ",").append(name).append("=\"").append(escaped(value)) += '"';
  }
  return out.empty() ? out : out + "}";
}

void line(std::string& to, std::string_view name, const std::string& of, const std::string& value) {
  to.append(name).append(of).append(" ").append(value) += '\n';
}

std::string with_bound(const std::string& of, const std::string& bound) {
  std::string le = "le=\"" + bound + "\"}";
  return of.empty() ? "{" + le : of.substr(0, of.size() - 1) + "," + le;
}

void write(std::string& to, const std::string& name, const std::string& of, const counter& c) {
  line(to, name, of, std::to_string(c.value()));
}

void write(std::string& to, const std::string& name, const std::string& of, const gauge& g) {
  line(to, name, of, number(g.value()));
}

void write(std::string& to, const std::string& name, const std::string& of, const histogram& h) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < histogram::bounds.size(); ++i) {
    total += h.count(i);
    line(to, name + "_bucket", with_bound(of, number(histogram::bounds[i])), std::to_string(total));
  }
  total += h.count(histogram::bounds.size());
  line(to, name + "_bucket", with_bound(of, "+Inf"), std::to_string(total));
  line(to, name + "_sum", of, number(h.sum()));
  line(to, name + "_count", of, std::to_string(total));
}

void write_header(std::string& to, std::string_view name, std::string_view help,
                  std::string_view type) {
  to.append("# HELP ").append(name).append(" ").append(help).append("\n");
  to.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

using instrument = std::variant<counter, gauge, histogram>;

struct family {
  std::string help;
  struct one {
    labels of;
    std::unique_ptr<instrument> value;
  };
  std::map<std::string, one> series;  // by their labels, as written
};

std::string_view type_of(const instrument& i) {
  constexpr std::array<std::string_view, 3> names{"counter", "gauge", "histogram"};
  return names.at(i.index());
}

labels all_other(labels of) {
  for (auto& [name, value] : of) value = "other";
  return of;
}

// Gathers what is told while it is read, because the lines of one name must stand together.
class gathering final : public reading {
 public:
  void count(std::string_view name, std::string_view help, const labels& of,
             double value) override {
    add(name, help, "counter", of, value);
  }
  void level(std::string_view name, std::string_view help, const labels& of,
             double value) override {
    add(name, help, "gauge", of, value);
  }

  std::string text() const {
    std::string out;
    for (const auto& [name, lines] : lines_) out += lines;
    return out;
  }

 private:
  void add(std::string_view name, std::string_view help, std::string_view type, const labels& of,
           double value) {
    auto& lines = lines_[std::string(name)];
    if (lines.empty()) write_header(lines, name, help, type);
    line(lines, name, written(of), number(value));
  }

  std::map<std::string, std::string> lines_;
};

}  // namespace

void histogram::observe(double seconds) {
  auto bucket = std::ranges::lower_bound(bounds, seconds) - bounds.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(seconds, std::memory_order_relaxed);
}

struct metrics::state {
  using teller = std::function<void(reading&)>;

  mutable std::mutex guard;
  std::map<std::string, family, std::less<>> families;  // under guard
  std::list<teller> tellers;                            // under guard

  template <class T>
  T& get(std::string_view name, std::string_view help, const labels& of) {
    std::lock_guard lock(guard);
    auto found = families.find(name);
    if (found == families.end()) {
      found = families.emplace(std::string(name), family{std::string(help), {}}).first;
    }
    auto& series = found->second.series;
    auto key = written(of);
    bool too_many = !series.contains(key) && series.size() >= max_series;
    if (too_many) key = written(all_other(of));
    auto& place = series[key];
    if (!place.value) {
      place = {too_many ? all_other(of) : of, std::make_unique<instrument>(std::in_place_type<T>)};
    }
    auto* wanted = std::get_if<T>(place.value.get());
    if (!wanted) throw std::logic_error("two kinds of metric have the name " + std::string(name));
    return *wanted;
  }
};

metrics::metrics() : state_(std::make_shared<state>()) {}
metrics::~metrics() = default;

counter& metrics::count(std::string_view name, std::string_view help, const labels& of) {
  return state_->get<counter>(name, help, of);
}
gauge& metrics::level(std::string_view name, std::string_view help, const labels& of) {
  return state_->get<gauge>(name, help, of);
}
histogram& metrics::durations(std::string_view name, std::string_view help, const labels& of) {
  return state_->get<histogram>(name, help, of);
}

metrics::handle metrics::on_read(std::function<void(reading&)> tell) {
  std::lock_guard lock(state_->guard);
  auto at = state_->tellers.insert(state_->tellers.end(), std::move(tell));
  return {nullptr, [kept = state_, at](std::nullptr_t) {
            std::lock_guard while_erased(kept->guard);
            kept->tellers.erase(at);
          }};
}

std::string metrics::text() const {
  std::string out;
  gathering told;
  std::lock_guard lock(state_->guard);
  for (const auto& [name, of] : state_->families) {
    write_header(out, name, of.help, type_of(*of.series.begin()->second.value));
    for (const auto& one : of.series) {
      std::visit([&, &of_name = name](const auto& i) { write(out, of_name, one.first, i); },
                 *one.second.value);
    }
  }
  for (const auto& tell : state_->tellers) tell(told);
  return out + told.text();
}

void metrics::tell(reading& to) const {
  std::lock_guard lock(state_->guard);
  for (const auto& [name, of] : state_->families) {
    for (const auto& [key, one] : of.series) {
      if (const auto* c = std::get_if<counter>(one.value.get())) {
        to.count(name, of.help, one.of, static_cast<double>(c->value()));
      } else if (const auto* g = std::get_if<gauge>(one.value.get())) {
        to.level(name, of.help, one.of, g->value());
      } else if (const auto* h = std::get_if<histogram>(one.value.get())) {
        to.durations(name, one.of, *h);
      }
    }
  }
  for (const auto& tell_more : state_->tellers) tell_more(to);
}

histogram* call_durations(metrics* in, const std::string& part, std::string_view what) {
  if (!in) return nullptr;
  return &in->durations("oficio_call_duration_seconds",
                        "What calls of databases, caches and other parts take",
                        {{"part", part}, {"action", std::string(what)}});
}

}  // namespace oficio::telemetry
