#include "app/market/figures.hpp"

namespace oficio::app {
namespace {

void tell_pool(telemetry::reading& to, const runtime::blocking_pool& pool) {
  telemetry::labels by{{"pool", pool.name()}};
  auto done = pool.done();
  auto waited = std::chrono::duration<double>(done.waited).count();
  to.level("oficio_pool_queue_depth", "Jobs that wait for a thread", by,
           static_cast<double>(pool.waiting()));
  to.level("oficio_pool_working", "Threads at work", by, static_cast<double>(done.working));
  to.count("oficio_pool_jobs_total", "Jobs that a thread took", by,
           static_cast<double>(done.begun));
  to.count("oficio_pool_wait_seconds_total", "How long those had waited, together", by, waited);
  to.count("oficio_pool_refused_total", "Jobs that found the queue full", by,
           static_cast<double>(done.refused));
  to.count("oficio_pool_late_total", "Jobs whose deadline passed while they waited", by,
           static_cast<double>(done.late));
}

void tell_sessions(telemetry::reading& to, const std::string& service, const sql::database& of) {
  auto use = of.sessions();
  telemetry::labels by{{"service", service}};
  to.level("oficio_sql_sessions_used", "Database sessions in use", by,
           static_cast<double>(use.leased));
  to.level("oficio_sql_sessions_most", "Database sessions there may be", by,
           static_cast<double>(use.most));
}

}  // namespace

telemetry::metrics::handle watch_process(telemetry::metrics& to, runtime::application& app,
                                         std::map<std::string, const sql::database*> databases) {
  return to.on_read([&app, databases = std::move(databases)](telemetry::reading& told) {
    telemetry::tell_process(told);
    tell_pool(told, app.blocking());
    tell_pool(told, app.hashing());
    for (const auto& [service, database] : databases) {
      if (database) tell_sessions(told, service, *database);
    }
  });
}

}  // namespace oficio::app
