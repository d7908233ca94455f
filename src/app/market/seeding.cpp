#include "app/market/seeding.hpp"

#include <atomic>
#include <filesystem>
#include <iostream>

#include "app/market/assembly.hpp"
#include "app/market/closed_market.hpp"
#include "app/market/data_lock.hpp"
#include "app/market/fresh_data.hpp"
#include "app/seed/player.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::app {
namespace {

// Everybody's in the samples. It protects nothing: samples are for trying out.
constexpr std::string_view sample_password = "ejemplo de oficio 2026";
constexpr std::chrono::days first_day{760};
// With everything that belongs to it; measured.
constexpr std::uintmax_t bytes_each_gig = 45'000;

void tell_people() {
  std::cout
      << "Sample people: the buyer \"ana\", the seller \"bruno\" and the operator \"olga\", "
         "password \""
      << sample_password
      << "\".\nA browser that signs in for the first time is asked for a code: the mail with it "
         "is in /dev/mail."
      << std::endl;
}

// One run: makes the plan, and lets it happen in a market of its own.
class seeding {
 public:
  seeding(const config::settings& s, runtime::application& app, const seed_options& options)
      : texts_(sample::load_library()),
        plan_(sample::make_plan(
            texts_, {.gigs = options.gigs, .now = wall_clock(s.duration("clock_offset")).now()})),
        market_(s, app, make_logger(s), plan_.options.now - first_day),
        app_(app),
        currency_(s.text("currency")) {
    // Whoever stops us waits until no call is under way any more.
    app.on_stop(runtime::stop_stage::finish_requests, "samples",
                [this](auto patience) { return wait_for_end(patience); });
  }

  awaitable<void> run() {
    try {
      auto done = co_await work();
      failure_ = done ? std::string() : done.error().detail;
    } catch (const std::exception& e) {
      failure_ = e.what();
    }
    ended_ = true;
    app_.request_stop();
  }

  // Empty if all has been made.
  const std::string& failure() const { return failure_; }

 private:
  awaitable<result<void>> work() {
    co_await market_.open();
    std::cout << "Samples: " << plan_.people.sellers.size() << " sellers, "
              << plan_.people.buyers.size() << " buyers, " << plan_.gigs.size() << " gigs, "
              << plan_.stories.size() << " orders" << std::endl;
    co_return co_await sample::play(plan_, texts_, art_, market_,
                                    {.password = std::string(sample_password),
                                     .currency = currency_,
                                     .stop = [this] { return app_.stopping(); }});
  }

  awaitable<void> wait_for_end(std::chrono::milliseconds patience) {
    auto until = std::chrono::steady_clock::now() + patience;
    while (!ended_ && std::chrono::steady_clock::now() < until) {
      co_await runtime::sleep_for(std::chrono::milliseconds(10));
    }
  }

  sample::library texts_;
  sample::pictures art_;
  sample::plan plan_;
  closed_market market_;
  runtime::application& app_;
  std::string currency_;
  std::string failure_ = "it was interrupted";
  std::atomic<bool> ended_ = false;
};

int make_samples(const config::settings& s, const seed_options& options) {
  auto begin = std::chrono::steady_clock::now();
  runtime::application app(runtime_options(s, make_plan(s, "all")));
  std::unique_ptr<seeding> all;
  all = std::make_unique<seeding>(s, app, options);
  int status = app.run([&all] { return all->run(); });
  if (status == 0 && all->failure().empty()) {
    auto took =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin);
    std::cout << "Samples: done in " << took.count() << " s" << std::endl;
    tell_people();
    return 0;
  }
  std::cerr << "oficio seed: " << all->failure() << std::endl;
  return 1;
}

}  // namespace

int seed(const config::settings& s, const seed_options& options) {
  if (!make_plan(s, "all").whole) {
    throw config::wrong_setting(
        "seed: samples are made where the whole market is in one process; take the services' urls "
        "out of the settings");
  }
  auto lock = data_lock::alone(s.text("data"));
  fresh_data fresh(s, options.gigs * bytes_each_gig);
  if (fresh.has_people()) {
    if (options.if_empty) {
      if (fresh.has_person("bruno")) tell_people();
      return 0;
    }
    throw config::wrong_setting("data: " + s.text("data") +
                                " has people already, and samples go only into an empty market; "
                                "another folder: --data DIR");
  }
  auto status = make_samples(fresh.settings(), options);
  if (status == 0) fresh.put_in_place();
  return status;
}

}  // namespace oficio::app
