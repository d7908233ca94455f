#include "drivers/elasticsearch/telemetry/shipper.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <thread>

#include "drivers/elasticsearch/telemetry/bulk.hpp"
#include "drivers/elasticsearch/telemetry/caller.hpp"
#include "drivers/elasticsearch/telemetry/setup.hpp"
#include "drivers/elasticsearch/telemetry/spill.hpp"
#include "platform/telemetry/drop_report.hpp"

namespace oficio::elasticsearch {
namespace {

using std::chrono::milliseconds;
using telemetry::record;
using records = std::vector<record>;

constexpr auto bulk_target = "/_bulk?filter_path=errors,items.*.status,items.*.error";
constexpr std::chrono::minutes between_reports{1};

config::server_address without_spill(config::server_address address) {
  address.options.erase("spill_mb");
  return address;
}

std::unique_ptr<spill> open_spill(const config::server_address& address,
                                  const shipping_options& options) {
  try {
    return std::make_unique<spill>(options.spill_folder, options.max_spill_bytes);
  } catch (const std::exception& e) {
    address.refuse(e.what());
  }
}

class shipper final : public telemetry_shipper {
 public:
  shipper(const config::server_address& address, shipping_options options, telemetry::logger log)
      : options_(std::move(options)),
        log_(std::move(log)),
        drops_(log_),
        room_(options_.room),
        caller_(without_spill(address)),
        spill_(open_spill(address, options_)) {
    spilled_ = spill_->bytes();
    caller_.meanwhile([this] {
      make_room();
      return has_time();
    });
    thread_ = std::thread([this] { work(); });
  }

  ~shipper() override {
    room_.close();
    thread_.join();
    drops_.tell_last(dropped());
  }

  bool offer(record r) override { return room_.put(std::move(r)); }

  figures now() const override {
    return {.taken = room_.taken(),
            .kept = kept_,
            .dropped = dropped(),
            .refused = refused_,
            .waiting = room_.size(),
            .spilled = spilled_};
  }

  bool flush(milliseconds patience) override {
    auto goal = room_.taken();
    std::unique_lock lock(guard_);
    return settled_.wait_for(lock, patience,
                             [&] { return kept_ + refused_ + lost_ + room_.dropped() >= goal; });
  }

 private:
  std::uint64_t dropped() const { return room_.dropped() + lost_; }

  // --- the thread's own

  void work() {
    while (!(room_.closed() && room_.size() == 0)) {
      bool hurry = room_.closed() || (!spill_->empty() && may_try());
      auto some = room_.take(options_.batch, options_.batch_bytes,
                             hurry ? milliseconds(0) : waiting_time());
      if (!some.empty()) handle(std::move(some));
      if (!spill_->empty() && may_try() && !room_.closed()) empty_spill();
      drops_.tell(dropped());
    }
  }

  // No longer than until the server is to be tried again.
  milliseconds waiting_time() const {
    if (spill_->empty()) return options_.batch_wait;
    auto left = std::chrono::duration_cast<milliseconds>(next_try_ - clock::now());
    return std::clamp(left, milliseconds(1), options_.batch_wait);
  }

  // What comes while others wait on the disk waits behind them; so does what comes faster than the
  // server takes it.
  void handle(records some) {
    bool crowded = is_crowded();
    if (spill_->empty() && may_try() && !crowded) some = send(std::move(some));
    if (!some.empty()) keep_for_later(some);
    if (crowded) empty_room();
  }

  bool is_crowded() const { return room_.size() > options_.batch * 4 && !room_.closed(); }

  void empty_room() {
    auto rounds = room_.size() / options_.batch + 1;
    while (rounds-- > 0 && room_.size() > 0) {
      keep_for_later(room_.take(options_.batch, options_.batch_bytes, milliseconds(0)));
    }
  }

  // While a call waits, for half a minute it may be, nothing is dropped that the disk has room for.
  void make_room() {
    if (is_crowded()) empty_room();
  }

  // Whoever ends the process waits for us, and not for a server that says nothing.
  bool has_time() {
    if (!room_.closed()) return true;
    if (!last_call_) last_call_ = clock::now() + options_.last_call_limit;
    return clock::now() < *last_call_;
  }

  void keep_for_later(const records& some) {
    count(lost_, spill_->put(some));
    spilled_ = spill_->bytes();
  }

  void empty_spill() {
    auto some = spill_->next(options_.batch, options_.batch_bytes);
    if (!some.empty()) {
      auto again = send(some);
      // None was taken: they stay where they are.
      if (again.size() == some.size() && spill_->has_given()) return spill_->put_back();
      count(lost_, spill_->done(again));
    }
    count(lost_, spill_->take_broken());
    spilled_ = spill_->bytes();
  }

  // Gives those that the server has not taken.
  records send(records some) {
    if (!ready_ && !set_up()) return some;
    auto limit = room_.closed() ? options_.last_call_limit : options_.call_limit;
    auto answer =
        caller_.put(bulk_target, gzip(bulk_lines(some)), "application/x-ndjson", true, limit);
    if (!answer.has_value()) return failed(std::move(some), answer.error().detail);
    if (answer->status == 413 && some.size() > 1) return send_halves(std::move(some));
    bool hopeless = answer->status == 400 || answer->status == 413;
    if (hopeless) return refused(some, answer->body.substr(0, 300));
    if (answer->status >= 300) {
      return failed(std::move(some), "it answers " + std::to_string(answer->status));
    }
    auto outcome = read_bulk_answer(answer->body, some.size());
    if (!outcome.understood) return failed(std::move(some), "its answer cannot be understood");
    if (!outcome.refused.empty()) tell_refused(outcome.refused.size(), outcome.reason);
    count(kept_, some.size() - outcome.again.size() - outcome.refused.size());
    if (outcome.again.empty()) {
      is_well();
      return {};
    }
    records again;
    for (auto i : outcome.again) again.push_back(std::move(some[i]));
    return failed(std::move(again), "it is too busy");
  }

  records send_halves(records some) {
    auto middle = some.begin() + static_cast<std::ptrdiff_t>(some.size() / 2);
    records second(std::make_move_iterator(middle), std::make_move_iterator(some.end()));
    some.erase(middle, some.end());
    auto left = send(std::move(some));
    auto more = send(std::move(second));
    std::ranges::move(more, std::back_inserter(left));
    return left;
  }

  // Once: until our templates are there, streams would be made with whatever fields come first.
  bool set_up() {
    auto done = ensure_templates(caller_, options_.environment, options_.call_limit);
    if (!done.has_value()) {
      failed({}, done.error().detail);
      return false;
    }
    if (!done->empty()) {
      log_.warn(
          "the templates of our data streams cannot be seen to; `oficio setup elasticsearch` "
          "puts them",
          {{"error.message", *done}});
    }
    ready_ = true;
    return true;
  }

  records failed(records some, const std::string& why) {
    if (pause_.count() == 0) {
      log_.warn("telemetry cannot be sent just now; it waits on the disk",
                {{"error.message", why}});
    }
    pause_ =
        pause_.count() == 0 ? options_.first_pause : std::min(pause_ * 2, options_.longest_pause);
    std::uniform_real_distribution<double> factor(0.8, 1.2);
    next_try_ = clock::now() + std::chrono::duration_cast<clock::duration>(pause_ * factor(dice_));
    return some;
  }

  void is_well() {
    if (pause_.count() > 0) log_.info("telemetry is sent again");
    pause_ = milliseconds(0);
  }

  records refused(const records& some, const std::string& why) {
    tell_refused(some.size(), why);
    is_well();
    return {};
  }

  void tell_refused(std::size_t number, const std::string& why) {
    count(refused_, number);
    if (clock::now() < next_refusal_report_) return;
    next_refusal_report_ = clock::now() + between_reports;
    log_.warn("the server does not take some of the telemetry",
              {{"oficio.records", number}, {"error.message", why}});
  }

  bool may_try() const { return pause_.count() == 0 || clock::now() >= next_try_; }

  void count(std::atomic<std::uint64_t>& which, std::size_t number) {
    {
      std::lock_guard lock(guard_);
      which += number;
    }
    settled_.notify_all();
  }

  using clock = std::chrono::steady_clock;

  const shipping_options options_;
  const telemetry::logger log_;
  telemetry::drop_report drops_;  // the thread's
  telemetry::waiting_room room_;
  std::mutex guard_;
  std::condition_variable settled_;
  std::atomic<std::uint64_t> kept_{0};
  std::atomic<std::uint64_t> lost_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::size_t> spilled_{0};
  blocking_caller caller_;  // the thread's, from here on
  std::unique_ptr<spill> spill_;
  bool ready_ = false;
  milliseconds pause_{0};  // 0: the server is well
  clock::time_point next_try_;
  std::optional<clock::time_point> last_call_;  // known once the end has begun
  clock::time_point next_refusal_report_;
  std::minstd_rand dice_{std::random_device{}()};
  std::thread thread_;
};

}  // namespace

std::unique_ptr<telemetry_shipper> make_telemetry_shipper(config::server_address address,
                                                          shipping_options options,
                                                          telemetry::logger log) {
  auto megabytes = address.number("spill_mb", 0, 0, 100'000);
  if (megabytes > 0) options.max_spill_bytes = static_cast<std::size_t>(megabytes) * 1024 * 1024;
  return std::make_unique<shipper>(address, std::move(options), std::move(log));
}

}  // namespace oficio::elasticsearch
