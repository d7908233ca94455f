#include "sql_conformance.hpp"

namespace oficio::sql::conformance {
namespace {

std::vector<events::raised> told(const std::string& type) {
  return {{.type = type, .data = {{"note", "ñ \"quoted\" 'single' :colon"}}, .concerns = {"ana"}}};
}

std::vector<std::string> types(outbox& from, const context& ctx, std::size_t limit = 100) {
  auto pending = run(from.pending(ctx, limit));
  std::vector<std::string> out;
  for (const auto& e : pending.value()) out.push_back(e.type);
  return out;
}

using names = std::vector<std::string>;

}  // namespace

TEST_P(sql_conformance, events_are_kept_with_the_change_or_not_at_all) {
  make_tables();
  outbox events(db(), "/oficio/test", clock_);
  auto change = [&](bool keep) {
    return run(db().write(ctx_, [&, keep](soci::session& session) -> result<void> {
      std::string id = keep ? "kept" : "undone";
      session << "INSERT INTO counters (id, n) VALUES (:id, 1)", soci::use(id);
      events.append(session, ctx_, id, 1, told("test." + id));
      if (!keep) return error{errc::conflict, "no", "No."};
      return {};
    }));
  };
  EXPECT_FALSE(change(false).has_value());
  EXPECT_TRUE(change(true).has_value());
  EXPECT_EQ(types(events, ctx_), names{"test.kept"});
  EXPECT_EQ(count(), 1);
}

TEST_P(sql_conformance, pending_events_come_in_order_and_whole_even_after_a_restart) {
  make_tables();
  {
    outbox events(db(), "/oficio/test", clock_);
    for (std::int64_t version = 1; version <= 3; ++version) {
      auto done = run(db().write(ctx_, [&, version](soci::session& session) -> result<void> {
        auto both = told("test.first" + std::to_string(version));
        both.push_back(told("test.second" + std::to_string(version))[0]);
        events.append(session, ctx_, "thing", version, both);
        return {};
      }));
      ASSERT_TRUE(done.has_value());
    }
  }
  restart();
  outbox events(db(), "/oficio/test", clock_);
  EXPECT_EQ(types(events, ctx_), (names{"test.first1", "test.second1", "test.first2",
                                        "test.second2", "test.first3", "test.second3"}));
  EXPECT_EQ(types(events, ctx_, 1), names{"test.first1"});
  auto first = run(events.pending(ctx_, 1)).value().at(0);
  EXPECT_EQ(first.source, "/oficio/test");
  EXPECT_EQ(first.subject, "thing");
  EXPECT_EQ(first.version(), 1);
  EXPECT_EQ(first.data.at("note"), "ñ \"quoted\" 'single' :colon");
  EXPECT_EQ(first.data.at("concerns").as_array().at(0), "ana");
}

TEST_P(sql_conformance, confirmed_events_are_forgotten_and_no_others) {
  make_tables();
  outbox events(db(), "/oficio/test", clock_);
  auto done = run(db().write(ctx_, [&](soci::session& session) -> result<void> {
    for (std::int64_t version = 1; version <= 3; ++version) {
      events.append(session, ctx_, "thing", version, told("test.v" + std::to_string(version)));
    }
    return {};
  }));
  ASSERT_TRUE(done.has_value());
  auto pending = run(events.pending(ctx_, 10)).value();
  ASSERT_EQ(pending.size(), 3u);
  ASSERT_TRUE(run(events.confirmed(ctx_, {pending[0], pending[2]})).has_value());
  EXPECT_EQ(types(events, ctx_), names{"test.v2"});
  ASSERT_TRUE(run(events.confirmed(ctx_, pending)).has_value());
  EXPECT_EQ(types(events, ctx_), names{});
}

}  // namespace oficio::sql::conformance
