#include <filesystem>

#include <gtest/gtest.h>

#include "drivers/embedded/documents/query_text.hpp"
#include "drivers/embedded/documents/table.hpp"
#include "platform/base/random.hpp"

namespace oficio::embedded {
namespace {

using documents::op;

documents::collection_spec messages(std::vector<documents::index> indexes) {
  return {"messages", std::move(indexes)};
}

class plans : public testing::Test {
 protected:
  plans()
      : path_(std::filesystem::temp_directory_path() / ("oficio-" + random_hex(8) + ".db")),
        c_(path_.string(), open_mode::read_write) {
    open(messages({{"by_conversation", {"conversation", "seq"}},
                   {"by_due", {"due_at"}},
                   {"by_client", {"from.id", "client_id"}, true}}));
  }
  ~plans() override {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path_.string() + end);
  }

  std::size_t open(const documents::collection_spec& spec) {
    auto statements = table::set_up(c_, spec);
    for (const auto& s : statements) c_.execute(s);
    return statements.size();
  }

  std::string plan(const bound_text& q, bool limited) {
    auto rows = c_.prepare("EXPLAIN QUERY PLAN " + q.text);
    bind_all(rows, q);
    if (limited) rows.bind(static_cast<int>(q.values.size()) + 1, std::int64_t{10});
    std::string out;
    while (rows.step()) out += rows.text(3) + "\n";
    return out;
  }

  std::string plan(const documents::query& q) {
    std::string out;
    for (const auto& s : selects("body", "\"messages\"", q)) out += plan(s, true);
    return out;
  }

  std::filesystem::path path_;
  connection c_;
};

void expect_index(const std::string& plan, const std::string& index, const std::string& terms) {
  EXPECT_NE(plan.find("USING INDEX messages." + index + " (" + terms), std::string::npos) << plan;
  EXPECT_EQ(plan.find("SCAN messages"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
}

TEST_F(plans, seeks_and_orders_by_the_index) {
  expect_index(plan({.where = {{"conversation", op::eq, "c"}}, .sort = {{"seq", true}}}),
               "by_conversation", "<expr>=?)");
}

TEST_F(plans, seeks_the_place_behind_which_a_page_starts) {
  documents::query q{.where = {{"conversation", op::eq, "c"}}, .sort = {{"seq", true}}};
  q.after = {.values = {7}, .id = "x"};
  expect_index(plan(q), "by_conversation", "<expr>=? AND <expr><?)");
  q.sort = {{"seq", false}};
  expect_index(plan(q), "by_conversation", "<expr>=? AND <expr>>?)");
}

TEST_F(plans, seeks_ranges) {
  expect_index(plan({.where = {{"due_at", op::lte, "2026"}}, .sort = {{"due_at", false}}}),
               "by_due", "<expr><?)");
}

TEST_F(plans, seeks_each_value_of_a_list) {
  auto text = plan({.where = {{"due_at", op::in, {"1", "2"}}}});
  EXPECT_NE(text.find("USING INDEX messages.by_due (<expr>=?)"), std::string::npos) << text;
}

TEST_F(plans, seeks_nested_paths_and_unique_indexes) {
  auto text = plan({.where = {{"from.id", op::eq, "a"}, {"client_id", op::eq, "b"}}, .limit = 1});
  EXPECT_NE(text.find("USING INDEX messages.by_client (<expr>=? AND <expr>=?)"), std::string::npos)
      << text;
}

TEST_F(plans, counts_from_the_index_alone) {
  auto text = plan(matching("count(*)", "\"messages\"", {{"conversation", op::eq, "c"}}), false);
  EXPECT_NE(text.find("INDEX messages.by_conversation (<expr>=?)"), std::string::npos) << text;
}

TEST_F(plans, makes_new_indexes_drops_old_ones_and_leaves_the_rest) {
  auto same = messages({{"by_conversation", {"conversation", "seq"}},
                        {"by_due", {"due_at"}},
                        {"by_client", {"from.id", "client_id"}, true}});
  EXPECT_EQ(open(same), 1U);  // the table, if it is not there
  // by_due changes (dropped and made), by_client goes.
  EXPECT_EQ(open(messages({{"by_conversation", {"conversation", "seq"}}, {"by_due", {"due"}}})),
            4U);
  expect_index(plan({.where = {{"due", op::eq, "2026"}}}), "by_due", "<expr>=?)");
}

TEST_F(plans, refuses_names_that_cannot_be) {
  EXPECT_THROW(open({"Messages", {}}), std::invalid_argument);
  EXPECT_THROW(open({"m\"; DROP", {}}), std::invalid_argument);
  EXPECT_THROW(open(messages({{"bad name", {"a"}}})), std::invalid_argument);
  EXPECT_THROW(open(messages({{"x", {"a'b"}}})), std::invalid_argument);
  EXPECT_THROW(open(messages({{"x", {"a"}}, {"x", {"b"}}})), std::invalid_argument);
}

}  // namespace
}  // namespace oficio::embedded
