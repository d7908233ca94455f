#include "app/market/observation.hpp"

#include <array>
#include <charconv>
#include <filesystem>

#include <unistd.h>

#include "app/market/assembly.hpp"
#include "app/market/settings.hpp"
#include "drivers/elasticsearch/telemetry/shipper.hpp"
#include "drivers/embedded/telemetry/store.hpp"
#include "platform/telemetry/record_sink.hpp"

namespace oficio::app {
namespace {

using config::settings;
using config::wrong_setting;

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

telemetry::origin origin_of(const settings& s, const plan& p) {
  telemetry::origin out;
  out.version = OFICIO_VERSION;
  out.environment = telemetry_environment(s);
  out.host = host_name();
  out.node = out.host + ":" + std::to_string(p.listen.port);
  out.pid = ::getpid();
  return out;
}

double share_of(const settings& s) {
  auto text = s.text("trace.sampling");
  double share = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), share);
  bool whole = failure == std::errc{} && end == text.data() + text.size();
  if (!whole || !(share >= 0 && share <= 1)) {
    throw wrong_setting("trace.sampling: must be a number from 0 to 1");
  }
  return share;
}

std::string process_name(const plan& p) {
  return p.what == "all" ? "oficio" : p.what;
}

bool is_server(std::string_view scheme) {
  return scheme == "http" || scheme == "https";
}

std::shared_ptr<telemetry::sink> of_service(const std::string& what,
                                            std::shared_ptr<telemetry::sink> to) {
  return what == "all" ? to : telemetry::make_sink_of(what, std::move(to));
}

}  // namespace

// One process that is the whole market keeps its telemetry beside its data.
std::string telemetry_address(const settings& s, const plan& p) {
  auto text = s.text("telemetry");
  if (!text.empty()) return text;
  return p.whole ? "sqlite:telemetry.db" : "off";
}

observation::observation(const settings& s, const plan& p, const telemetry::metrics& figures)
    : what_(p.what), origin_(origin_of(s, p)) {
  auto share = share_of(s);
  auto slow = s.duration("trace.slow");
  auto per_second = static_cast<double>(s.number("trace.per_second", 0, 1'000'000));
  intake_ = open(s, p);
  if (!intake_) return;
  // Sums of calls are for Kibana's pages about dependencies; no other reader asks for them.
  bool sums = is_server(config::parse_address("telemetry", telemetry_address(s, p)).scheme);
  tracer_ = std::make_unique<telemetry::tracer>(
      *intake_, origin_,
      telemetry::tracer::options{
          .share = share, .per_second = per_second, .slow = slow, .adds_up = sums});
  beat_ = std::make_unique<telemetry::beat>(
      figures, *intake_, origin_, process_name(p),
      [by = tracer_.get()](std::int64_t until) { by->tell_sums(until); });
}

observation::~observation() = default;

std::unique_ptr<telemetry::intake> observation::open(const settings& s, const plan& p) {
  auto text = telemetry_address(s, p);
  if (text == "off") return nullptr;
  auto address = config::parse_address("telemetry", text);
  bool server = is_server(address.scheme);
  if (!server && (address.scheme != "sqlite" || address.rest.empty())) {
    throw wrong_setting("telemetry: \"" + address.scheme +
                        ":\" cannot be used; use sqlite:FILE, http://…:9200 or off");
  }
  if (!p.whole) lock_.emplace(data_lock::together(s.text("data")));
  return server ? open_server(s, p) : open_file(s, address.rest);
}

std::unique_ptr<telemetry::intake> observation::open_file(const settings& s,
                                                          const std::string& file) {
  auto path = (std::filesystem::path(s.text("data")) / file).string();
  embedded::telemetry_options options;
  options.keep = std::chrono::duration_cast<std::chrono::hours>(s.duration("telemetry.keep"));
  if (options.keep.count() < 1) throw wrong_setting("telemetry.keep: must be at least 1h");
  options.max_bytes = s.number("telemetry.max_mb", 16, 1'000'000) * 1024 * 1024;
  auto log = own_log(s);
  try {
    return embedded::make_telemetry_store(path, options, std::move(log));
  } catch (const std::exception& e) {
    throw wrong_setting("telemetry: " + path + ": " + e.what());
  }
}

std::unique_ptr<telemetry::intake> observation::open_server(const settings& s, const plan& p) {
  elasticsearch::shipping_options options;
  options.spill_folder =
      (std::filesystem::path(s.text("data")) / "telemetry" / process_name(p)).string();
  options.environment = origin_.environment;
  return elasticsearch::make_telemetry_shipper(
      config::parse_server_address("telemetry", s.text("telemetry")), std::move(options),
      own_log(s));
}

// What the intake has to say about itself goes to the console alone.
telemetry::logger observation::own_log(const settings& s) const {
  return {of_service(what_, console_sink(s)), "telemetry"};
}

telemetry::logger observation::watch(telemetry::logger log, const settings& s) {
  auto to = console_sink(s);
  if (intake_) {
    auto own = telemetry::make_record_sink(*intake_, origin_, lowest_level(s));
    to = telemetry::make_tee({std::move(to), std::move(own)});
  }
  return {of_service(what_, std::move(to)), log.service()};
}

void observation::tell(telemetry::reading& to) const {
  if (!intake_) return;
  auto now = intake_->now();
  auto number = [](auto n) { return static_cast<double>(n); };
  to.count("oficio_telemetry_taken_total", "Records offered to the telemetry's store", {},
           number(now.taken));
  to.count("oficio_telemetry_kept_total", "Records that it has kept", {}, number(now.kept));
  to.count("oficio_telemetry_dropped_total", "Records that had no room", {}, number(now.dropped));
  to.count("oficio_telemetry_refused_total", "Records that the server did not want", {},
           number(now.refused));
  to.level("oficio_telemetry_waiting", "Records that wait in memory", {}, number(now.waiting));
  to.level("oficio_telemetry_spilled_bytes", "What waits on the disk for its server", {},
           number(now.spilled));
}

}  // namespace oficio::app
