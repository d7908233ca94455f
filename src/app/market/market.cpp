#include "app/market/market.hpp"

#include "app/market/data_lock.hpp"
#include "app/market/door.hpp"
#include "app/market/observation.hpp"
#include "app/market/process.hpp"

namespace oficio::app {

int serve(const config::settings& s, const std::string& what) {
  auto p = make_plan(s, what);
  check_port(p.listen);
  // Several processes lock the files that each uses, if it uses any.
  std::optional<data_lock> lock;
  if (p.whole) lock.emplace(data_lock::alone(s.text("data")));
  telemetry::metrics figures;
  observation observed(s, p, figures);
  runtime::application app(runtime_options(s, p));
  auto log = observed.watch(make_logger(s), s);
  auto metrics_door = open_metrics(s, figures, log);
  auto all = std::make_unique<process>(s, std::move(p), app, figures, observed, log);
  int status = app.run([&all] { return all->start(); });
  if (status == 0) log.info("stopped; everything is kept");
  return status;
}

}  // namespace oficio::app
