// The gigs of a database in an index that is built anew, as `oficio reindex gigs` does it.

#include <gtest/gtest.h>

#include "conformance/search/search_server.hpp"
#include "conformance/support.hpp"
#include "drivers/embedded/documents/documents.hpp"
#include "drivers/embedded/search/index.hpp"
#include "services/gigs/module.hpp"
#include "services/gigs/reindexing.hpp"
#include "services/gigs/search.hpp"
#include "services/gigs/store.hpp"

namespace oficio::search::conformance {
namespace {

using oficio::conformance::run;
using oficio::conformance::run_all;

class gigs_reindexing : public testing::Test {
 protected:
  void add_gigs(std::size_t count) {
    gigs::store kept(*database_, clock_);
    std::vector<awaitable<result<gigs::store::kept>>>
        all;  // at once: they share what reaches the disk
    for (std::size_t i = 0; i < count; ++i) {
      gigs::kept_gig g;
      g.id = g.gig.id = "gig-" + std::to_string(10'000 + i);
      g.gig.title = "Logo number " + std::to_string(i);
      g.gig.seller.id = "seller";
      g.made_by = {"seller", g.id, "digest"};
      all.push_back(kept.insert(ctx_, std::move(g)));
    }
    for (const auto& done : run_all(std::move(all), 1)) {
      ASSERT_TRUE(done.has_value()) << done.error().detail;
    }
  }

  context ctx_ = context::for_system(std::chrono::minutes(1));
  wall_clock clock_;
  oficio::conformance::temporary_folder folder_;
  runtime::blocking_pool pool_{"gigs", 2, 2'048};
  std::unique_ptr<documents::database> database_ =
      embedded::make_documents(folder_.path() + "/gigs.db", pool_);
};

TEST_F(gigs_reindexing, puts_all_gigs_into_a_new_index) {
  search_server server;
  server.forget("reindexed");
  auto index = server.open("reindexed", gigs::search_schema());
  add_gigs(1'203);
  auto done = run(gigs::reindex(*database_, *index, clock_));
  ASSERT_TRUE(done.has_value()) << done.error().detail;
  EXPECT_EQ(done->value(), 1'203U);
  EXPECT_EQ(run(index->search(ctx_, {})).value().total, 1'203);
  EXPECT_EQ(server.ask(http::method::get, "/reindexed-gigs-000001").status, 404);
  index.reset();
  server.forget("reindexed");
}

TEST_F(gigs_reindexing, is_not_needed_where_everything_lies_in_one_file) {
  auto index = embedded::make_index(folder_.path() + "/search.db", gigs::search_schema(), pool_);
  add_gigs(1);
  auto done = run(gigs::reindex(*database_, *index, clock_));
  ASSERT_TRUE(done.has_value());
  EXPECT_FALSE(done->has_value());
}

}  // namespace
}  // namespace oficio::search::conformance
