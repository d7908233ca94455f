#include "drivers/redis/cache.hpp"

#include <charconv>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>

#include "drivers/redis/client.hpp"
#include "drivers/redis/connection.hpp"
#include "drivers/redis/hearing.hpp"

namespace oficio::redis {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr std::chrono::seconds first_patience{5};
constexpr milliseconds longest_ttl = std::chrono::days(3'650);  // Redis refuses what overflows

// One step for Redis, so that a counter can never be left without its end. The sum is read as text:
// numbers of scripts are exact only up to 2^53.
constexpr std::string_view add_script = R"(redis.call('INCRBY', KEYS[1], ARGV[1])
local sum = redis.call('GET', KEYS[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return sum)";

bool is_no_counter(const std::string& failure) {
  return failure.find("not an integer") != std::string::npos ||
         failure.find("would overflow") != std::string::npos ||
         failure.find("WRONGTYPE") != std::string::npos;
}

result<std::int64_t> read_number(const reply& r) {
  std::int64_t number = 0;
  const auto* end = r.text.data() + r.text.size();
  auto [stopped, failure] = std::from_chars(r.text.data(), end, number);
  if (failure == std::errc{} && stopped == end) return number;
  return refused_command("no number");
}

class redis_cache final : public cache::store {
 public:
  redis_cache(asio::io_context& io, const endpoint& to, const telemetry::logger& log)
      : prefix_(to.prefix), client_(io, to, log), hearing_(io, to, log) {}

  awaitable<result<std::optional<std::string>>> get(const context& ctx, std::string key) override {
    CO_TRY(auto got, co_await ask(ctx, command({"GET", prefix_ + key})));
    if (got.is == reply::type::nothing) co_return std::optional<std::string>{};
    co_return std::optional(std::move(got.text));
  }

  awaitable<result<void>> put(const context& ctx, std::string key, std::string value,
                              milliseconds ttl) override {
    if (ttl.count() <= 0) co_return co_await erase(ctx, std::move(key));
    CO_TRY_VOID(co_await ask(ctx, command({"SET", prefix_ + key, value, "PX", in_text(ttl)})));
    co_return result<void>{};
  }

  awaitable<result<void>> erase(const context& ctx, std::string key) override {
    CO_TRY_VOID(co_await ask(ctx, command({"DEL", prefix_ + key})));
    co_return result<void>{};
  }

  awaitable<result<std::int64_t>> add(const context& ctx, std::string key, std::int64_t amount,
                                      milliseconds ttl) override {
    auto what =
        command({"EVAL", add_script, "1", prefix_ + key, std::to_string(amount), in_text(ttl)});
    CO_TRY(auto got, co_await client_.call(ctx, std::move(what)));
    if (got.failed() && is_no_counter(got.text)) {
      co_return error{errc::internal, "not_a_counter",
                      "The cached value of \"" + key + "\" cannot be added to."};
    }
    if (got.failed()) co_return refused_command(got.text);
    co_return read_number(got);
  }

  awaitable<result<void>> publish(const context& ctx, std::string channel,
                                  std::string message) override {
    CO_TRY_VOID(co_await ask(ctx, command({"PUBLISH", prefix_ + channel, message})));
    co_return result<void>{};
  }

  std::unique_ptr<cache::subscription> subscribe(std::string channel,
                                                 cache::listener hear) override {
    return hearing_.add(std::move(channel), std::move(hear));
  }

  awaitable<result<void>> ping(const context& ctx) override {
    CO_TRY_VOID(co_await ask(ctx, command({"PING"})));
    co_return result<void>{};
  }

 private:
  static std::string in_text(milliseconds ttl) {
    return std::to_string(std::min(ttl, longest_ttl).count());
  }

  awaitable<result<reply>> ask(const context& ctx, std::string what) {
    CO_TRY(auto got, co_await client_.call(ctx, std::move(what)));
    if (got.failed()) co_return refused_command(got.text);
    co_return got;
  }

  const std::string prefix_;
  client client_;
  hearing hearing_;
};

// Before the process's own threads run: on a loop of its own.
void check(const config::server_address& address, const endpoint& to) {
  asio::io_context io;
  std::optional<result<void>> outcome;
  auto line = make_connection(asio::make_strand(io), to);
  auto until = std::chrono::steady_clock::now() + first_patience;
  asio::co_spawn(io, line->open(until), [&outcome](std::exception_ptr thrown, result<void> done) {
    if (!thrown) outcome.emplace(std::move(done));
  });
  io.run_for(first_patience + std::chrono::seconds(1));
  if (!outcome || outcome->has_value()) return;
  if (outcome->error().kind != errc::unauthorized) return;
  address.refuse("Redis at " + to.shown() + " refuses us: " + outcome->error().detail);
}

}  // namespace

std::unique_ptr<cache::store> make_cache(const config::server_address& address,
                                         asio::io_context& io, telemetry::logger log) {
  auto to = read_endpoint(address);
  check(address, to);
  return std::make_unique<redis_cache>(io, to, log);
}

}  // namespace oficio::redis
