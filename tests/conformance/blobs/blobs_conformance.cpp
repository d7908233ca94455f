#include "blobs_conformance.hpp"

namespace oficio::blobs::conformance {

using namespace std::chrono_literals;
using names = std::vector<std::string>;

blobs_conformance::blobs_conformance() {
  database_ = GetParam().open(folder_.path(), pool_);
  auto used = [this](const context&, const blob& b) -> awaitable<result<bool>> {
    co_return in_use_.contains(b.id);
  };
  store_ = std::make_unique<store>(*database_, "/oficio/test", clock_, used);
}

blob blobs_conformance::put(const std::string& id, const std::string& bytes,
                            const std::string& small) {
  blob about;
  about.id = id;
  about.owner = "ana";
  about.name = "a.png";
  about.type = "image/png";
  std::vector<content> contents{{"", bytes}};
  if (!small.empty()) contents.push_back({"small", small});
  return run(store_->put(ctx_, std::move(about), std::move(contents))).value();
}

std::string blobs_conformance::read(const blob& b, const std::string& variant) {
  auto got = run(store_->read(ctx_, b, variant));
  return got ? *got : got.error().code;
}

bool blobs_conformance::is_there(const std::string& id) {
  return run(store_->get(ctx_, id)).value().has_value();
}

names blobs_conformance::claim(const std::string& to, names ids, const std::string& actor) {
  identity who{.sub = actor};
  names out;
  for (const auto& r : run(store_->claim(ctx_, who, to, std::move(ids))).value()) {
    out.push_back(std::to_string(r.index) +
                  (r.why == obstacle::unknown ? " unknown" : " elsewhere"));
  }
  return out;
}

void blobs_conformance::settle(const std::string& to, names used) {
  ASSERT_TRUE(run(store_->settle(ctx_, to, std::move(used))).has_value());
}

std::int64_t blobs_conformance::chunks() {
  return run(database_->open({"blob_chunks", {}})->count(ctx_, {})).value();
}

namespace {

TEST_P(blobs_conformance, bytes_of_every_size_come_back_as_they_were) {
  for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{262'143},
                           std::size_t{262'144}, std::size_t{262'145}, std::size_t{1'000'000}}) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7 + i / 251);
    auto b = put("f" + std::to_string(size), bytes, "small" + std::to_string(size));
    EXPECT_EQ(read(b), bytes) << size;
    EXPECT_EQ(read(b, "small"), "small" + std::to_string(size));
    EXPECT_EQ(read(b, "other"), "not_found");
  }
}

TEST_P(blobs_conformance, what_is_known_of_it_is_kept) {
  put("f1", "bytes", "tiny");
  auto b = run(store_->get(ctx_, "f1")).value().value();
  EXPECT_EQ(b.owner, "ana");
  EXPECT_EQ(b.type, "image/png");
  EXPECT_EQ(b.bound_to, "");
  ASSERT_EQ(b.variants.size(), 2u);
  EXPECT_EQ(b.variants[0].size, 5);
  EXPECT_EQ(b.variants[0].digest.size(), 64u);
  EXPECT_NE(b.variants[0].digest, b.variants[1].digest);
  EXPECT_TRUE(b.due_at.has_value());
  EXPECT_FALSE(is_there("f2"));
}

TEST_P(blobs_conformance, unbound_ones_are_counted_by_owner) {
  put("f1", "x");
  put("f2", "x");
  EXPECT_EQ(run(store_->unbound(ctx_, "ana")).value(), 2);
  EXPECT_EQ(run(store_->unbound(ctx_, "bob")).value(), 0);
  EXPECT_EQ(claim("gig", {"f1"}), names{});
  EXPECT_EQ(run(store_->unbound(ctx_, "ana")).value(), 1);
}

TEST_P(blobs_conformance, unbound_ones_go_after_a_day_with_all_their_bytes) {
  put("f1", std::string(600'000, 'x'), "small");
  EXPECT_EQ(chunks(), 4);
  clock_.advance(23h);
  EXPECT_EQ(purge(), 0u);
  EXPECT_TRUE(is_there("f1"));
  clock_.advance(1h);
  EXPECT_EQ(purge(), 1u);
  EXPECT_FALSE(is_there("f1"));
  EXPECT_EQ(chunks(), 0);
  EXPECT_EQ(purge(), 0u);
}

TEST_P(blobs_conformance, settled_ones_stay) {
  put("f1", "x");
  EXPECT_EQ(claim("gig", {"f1"}), names{});
  settle("gig", {"f1"});
  clock_.advance(100h);
  EXPECT_EQ(purge(), 0u);
  EXPECT_TRUE(is_there("f1"));
}

TEST_P(blobs_conformance, claimed_ones_that_nobody_settled_stay_only_while_in_use) {
  put("used", "x");
  put("unused", "x");
  EXPECT_EQ(claim("gig", {"used", "unused"}), names{});
  in_use_ = {"used"};
  clock_.advance(25h);
  EXPECT_EQ(purge(), 1u);
  EXPECT_TRUE(is_there("used"));
  EXPECT_FALSE(is_there("unused"));
  // For good: it is not asked for again.
  in_use_ = {};
  clock_.advance(100h);
  EXPECT_EQ(purge(), 0u);
}

TEST_P(blobs_conformance, only_their_owner_can_bind_them_and_only_once) {
  put("f1", "x");
  put("f2", "x");
  EXPECT_EQ(claim("gig", {"f1", "f0", "f2"}, "bob"),
            (names{"0 unknown", "1 unknown", "2 unknown"}));
  EXPECT_EQ(claim("gig", {"f1"}), names{});
  EXPECT_EQ(claim("gig", {"f1"}), names{});
  EXPECT_EQ(claim("other", {"f2", "f1"}), (names{"1 elsewhere"}));
  settle("gig", {"f1"});
  clock_.advance(1h);
  EXPECT_EQ(claim("third", {"f1"}), (names{"0 elsewhere"}));
  EXPECT_EQ(claim("gig", {"f1"}), names{});
}

TEST_P(blobs_conformance, what_is_dropped_goes_after_a_day_or_is_bound_anew) {
  put("f1", "x");
  put("f2", "x");
  EXPECT_EQ(claim("gig", {"f1", "f2"}), names{});
  settle("gig", {"f1", "f2"});
  clock_.advance(1h);
  settle("gig", {});
  EXPECT_EQ(claim("other", {"f2"}), names{});
  settle("other", {"f2"});
  clock_.advance(25h);
  EXPECT_EQ(purge(), 1u);
  EXPECT_FALSE(is_there("f1"));
  EXPECT_TRUE(is_there("f2"));
}

TEST_P(blobs_conformance, a_claim_that_may_still_be_written_holds) {
  put("f1", "x");
  EXPECT_EQ(claim("gig", {"f1"}), names{});
  EXPECT_EQ(claim("other", {"f1"}), (names{"0 elsewhere"}));
  // Its write never came: a minute later the file is free again, unless it is in use after all.
  clock_.advance(61s);
  in_use_ = {"f1"};
  EXPECT_EQ(claim("other", {"f1"}), (names{"0 elsewhere"}));
  in_use_ = {};
  EXPECT_EQ(claim("other", {"f1"}), names{});
}

TEST_P(blobs_conformance, a_released_claim_is_free_at_once_and_what_is_in_use_is_not_released) {
  put("f1", "x");
  put("f2", "x");
  EXPECT_EQ(claim("gig", {"f1", "f2"}), names{});
  settle("gig", {"f2"});
  ASSERT_TRUE(run(store_->release(ctx_, "gig", {"f1", "f2", "f3"})).has_value());
  EXPECT_EQ(claim("other", {"f1", "f2"}), (names{"1 elsewhere"}));
}

TEST_P(blobs_conformance, settling_again_puts_back_what_was_dropped) {
  put("f1", "x");
  EXPECT_EQ(claim("gig", {"f1"}), names{});
  settle("gig", {});
  settle("gig", {"f1"});
  clock_.advance(100h);
  EXPECT_EQ(purge(), 0u);
}

TEST_P(blobs_conformance, bytes_that_were_not_written_to_their_end_are_not_seen_and_go) {
  // As a process leaves it that dies while it writes.
  auto facts = database_->open({"blobs", {}});
  blob half;
  half.id = "f1";
  half.owner = "ana";
  half.variants = {{"", 300'000, ""}};
  half.due_at = clock_.now() + 1h;
  documents::record r{.id = "f1",
                      .write_version = 1,
                      .removed = false,
                      .body = json::to_value(half).as_object(),
                      .outbox = {}};
  ASSERT_TRUE(run(facts->insert(ctx_, r)).has_value());
  EXPECT_FALSE(is_there("f1"));
  EXPECT_EQ(claim("gig", {"f1"}), (names{"0 unknown"}));
  EXPECT_EQ(purge(), 0u);
  clock_.advance(1h);
  EXPECT_EQ(purge(), 1u);
  EXPECT_EQ(purge(), 0u);
}

}  // namespace
}  // namespace oficio::blobs::conformance
