#include <gtest/gtest.h>

#include "drivers/mongodb/documents.hpp"
#include "drivers/mongodb/indexes.hpp"
#include "drivers/mongodb/kept.hpp"
#include "drivers/mongodb/servers.hpp"
#include "platform/base/random.hpp"
#include "platform/config/settings.hpp"
#include "test_documents.hpp"

// What only a real server can show.
namespace oficio::mongodb {
namespace {

using namespace std::chrono_literals;

class real_server : public testing::Test {
 protected:
  real_server() : servers_(read_options(test_address("test_" + random_hex(6)))) {}

  template <class Work>
  auto call(Work work) {
    return servers_.run(std::chrono::steady_clock::now() + 30s, work);
  }

  result<void> insert(const documents::collection_spec& spec, documents::record r) {
    return call([&](servers::call& c) { return kept(spec).insert(c, r); });
  }

  void make(const documents::collection_spec& spec) {
    ASSERT_TRUE(call([&](servers::call& c) -> result<void> {
                  make_indexes(c, spec);
                  return {};
                }).has_value());
  }

  static documents::record item(const std::string& id, boost::json::object body) {
    return {.id = id, .write_version = 1, .body = std::move(body)};
  }

  servers servers_;
};

TEST_F(real_server, a_changed_index_is_made_anew) {
  documents::collection_spec before{"items",
                                    {{"by_name", {"name"}, true}, {"by_shop", {"shop"}, true}}};
  documents::collection_spec after{"items", {{"by_name", {"name", "shop"}, true}}};
  make(before);
  make(before);
  ASSERT_TRUE(insert(before, item("a", {{"name", "n"}, {"shop", "s"}})).has_value());
  EXPECT_EQ(insert(before, item("b", {{"name", "n"}, {"shop", "t"}})).error().code, "duplicate");
  make(after);
  EXPECT_TRUE(insert(after, item("b", {{"name", "n"}, {"shop", "t"}})).has_value());
  EXPECT_EQ(insert(after, item("c", {{"name", "n"}, {"shop", "t"}})).error().detail, "by_name");
  // by_shop is no longer declared, and holds nobody back.
  EXPECT_TRUE(insert(after, item("d", {{"name", "m"}, {"shop", "t"}})).has_value());
}

TEST_F(real_server, an_index_that_cannot_be_unique_stops_the_start) {
  documents::collection_spec plain{"items", {}};
  documents::collection_spec unique{"items", {{"by_name", {"name"}, true}}};
  make(plain);
  ASSERT_TRUE(insert(plain, item("a", {{"name", "ana@example.com"}})).has_value());
  ASSERT_TRUE(insert(plain, item("b", {{"name", "ana@example.com"}})).has_value());
  try {
    make(unique);
    FAIL();
  } catch (const std::runtime_error& e) {
    std::string said = e.what();
    EXPECT_NE(said.find("by_name"), std::string::npos) << said;
    EXPECT_EQ(said.find("ana@"), std::string::npos) << said;
  }
}

TEST_F(real_server, what_is_too_large_is_refused_and_leaves_nothing) {
  documents::collection_spec spec{"items", {}};
  make(spec);
  auto outcome = insert(spec, item("a", {{"text", std::string(17 << 20, 'x')}}));
  ASSERT_TRUE(outcome.has_error());
  EXPECT_EQ(outcome.error().kind, errc::too_large);
  EXPECT_EQ(outcome.error().code, "document_too_large");
  auto found = call([&](servers::call& c) { return kept(spec).get(c, "a"); });
  EXPECT_FALSE(found.value().has_value());
  EXPECT_TRUE(insert(spec, item("a", {{"text", std::string(4 << 20, 'x')}})).has_value());
}

TEST_F(real_server, a_wrong_password_stops_the_start_and_is_not_told) {
  auto address = test_address("test");
  if (address.user.empty()) GTEST_SKIP() << "this server lets everybody in";
  address.password = "not-the-password";
  runtime::blocking_pool pool("test", 1, 10);
  try {
    make_documents(address, pool);
    FAIL();
  } catch (const config::wrong_setting& e) {
    std::string said = e.what();
    EXPECT_TRUE(said.starts_with("test.database: MongoDB refuses our user or password")) << said;
    EXPECT_EQ(said.find("not-the-password"), std::string::npos) << said;
    EXPECT_EQ(said.find('\n'), std::string::npos) << said;
  }
}

TEST_F(real_server, a_connection_is_waited_for_until_the_deadline) {
  auto address = test_address("test_" + random_hex(6));
  address.options["pool"] = "1";
  servers one(read_options(address));
  auto soon = [] { return std::chrono::steady_clock::now() + 50ms; };
  auto outer = one.run(std::chrono::steady_clock::now() + 30s, [&](servers::call&) -> result<void> {
    return one.run(soon(), [](servers::call&) -> result<void> { return {}; });
  });
  EXPECT_EQ(outer.error().kind, errc::timeout);
  EXPECT_TRUE(one.run(soon() + 10s, [](servers::call&) -> result<void> { return {}; }).has_value());
}

}  // namespace
}  // namespace oficio::mongodb
