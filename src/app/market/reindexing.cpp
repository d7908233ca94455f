#include "app/market/reindexing.hpp"

#include <iostream>

#include "app/market/parts.hpp"
#include "services/gigs/module.hpp"
#include "services/gigs/reindexing.hpp"

namespace oficio::app {
namespace {

awaitable<void> rebuild(runtime::application& app, documents::database& database,
                        search::index& index, const wall_clock& clock, std::string& failure) {
  auto done = co_await gigs::reindex(database, index, clock);
  if (!done) {
    failure = "the index was not rebuilt, and the old one stays in use: " + done.error().detail;
  } else if (*done) {
    std::cout << **done << " gigs are in a new search index, which is in use now" << std::endl;
  } else {
    std::cout << "This search index needs no rebuilding: it lies in one file with nothing to purge"
              << std::endl;
  }
  app.request_stop();
}

}  // namespace

int reindex_gigs(const config::settings& s) {
  wall_clock clock(s.duration("clock_offset"));
  runtime::application app({.io_threads = 1, .blocking_threads = 2, .hashing_threads = 1});
  secrets keys(s, "");
  part_maker make(s, app, clock, telemetry::logger(nullptr, "oficio"), keys, part_user::visitor);
  auto database = make.documents("gigs.database");
  auto index = make.search(gigs::search_schema());
  std::string failure;
  int status = app.run([&] { return rebuild(app, *database, *index, clock, failure); });
  if (!failure.empty()) throw std::runtime_error(failure);
  return status;
}

}  // namespace oficio::app
