#include "drivers/embedded/payments/cards.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "drivers/embedded/payments/sandbox.hpp"
#include "drivers/embedded/sqlite/connection.hpp"

namespace oficio::payments {
namespace {

const time_point now = parse_time("2026-06-30T23:59:59Z").value();

TEST(cards, sandbox_numbers_may_be_typed_with_separators) {
  EXPECT_EQ(decide({"4242 4242-4242 4242", "06/26", "123"}, now).value().outcome,
            outcome::succeeded);
  EXPECT_EQ(decide({"4000000000000002", "12/30", "1234"}, now).value().decline_code,
            "card_declined");
}

TEST(cards, are_good_to_the_last_instant_of_their_month) {
  card with{"4242424242424242", "06/26", "123"};
  EXPECT_TRUE(decide(with, now).has_value());
  EXPECT_TRUE(decide(with, now + std::chrono::seconds(1)).has_error());
}

struct refused_card {
  card with;
  std::string pointer;
};

TEST(cards, refusals_point_at_the_field) {
  for (const auto& [with, pointer] :
       std::vector<refused_card>{{{"4242424242424241", "12/30", "123"}, "/method/card"},
                                 {{"5555555555554444", "12/30", "123"}, "/method/card"},
                                 {{"", "12/30", "123"}, "/method/card"},
                                 {{"42424242424242a2", "12/30", "123"}, "/method/card"},
                                 {{"4242424242424242", "00/30", "123"}, "/method/expiry"},
                                 {{"4242424242424242", "1230", "123"}, "/method/expiry"},
                                 {{"4242424242424242", "12-30", "123"}, "/method/expiry"},
                                 {{"4242424242424242", "05/26", "123"}, "/method/expiry"},
                                 {{"4242424242424242", "12/30", "12"}, "/method/cvc"},
                                 {{"4242424242424242", "12/30", "12345"}, "/method/cvc"},
                                 {{"4242424242424242", "12/30", "1x3"}, "/method/cvc"}}) {
    auto refused = decide(with, now);
    ASSERT_TRUE(refused.has_error()) << with.number << ' ' << with.expiry << ' ' << with.cvc;
    ASSERT_EQ(refused.error().violations.size(), 1u);
    EXPECT_EQ(refused.error().violations[0].pointer, pointer);
    EXPECT_EQ(refused.error().violations[0].code, "invalid_card");
  }
}

template <class T>
T run(awaitable<T> work) {
  // Outlives every pool, whose threads may be inside it for an instant after run() has returned.
  static boost::asio::io_context io;
  io.restart();
  auto done = boost::asio::co_spawn(io, std::move(work), boost::asio::use_future);
  io.run();
  return done.get();
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(sandbox, moves_money_once_each_way_and_keeps_no_card_number) {
  std::string folder = std::filesystem::temp_directory_path() / "sandbox-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  runtime::blocking_pool pool("payments", 1, 16);
  wall_clock clock;
  context ctx;
  {
    auto provider = make_sandbox(folder + "/pay.db", "webhook-key", pool, clock);
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(
          run(provider->start(ctx, "a1", {700, "USD"}, {"4242424242424242", "12/39", "123"}))
              .has_value());
    }
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(run(provider->refund(ctx, "a1")).has_value());
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    EXPECT_EQ(bytes_of(entry.path()).find("4242424242424242"), std::string::npos) << entry.path();
  }
  embedded::connection db(folder + "/pay.db", embedded::open_mode::read_only);
  auto rows = db.prepare("SELECT count(*), sum(amount), max(amount) FROM movements");
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.integer(0), 2);
  EXPECT_EQ(rows.integer(1), 0);
  EXPECT_EQ(rows.integer(2), 700);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace oficio::payments
