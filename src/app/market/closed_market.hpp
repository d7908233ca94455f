#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "app/market/assembly.hpp"
#include "app/seed/stage.hpp"

namespace oficio::app {

// All services in this process and nobody else: no listener, no gateway, no mail, and a clock of
// its own that begins at a moment in the past. What is called "behind the gateway" is called here
// directly, in the name of the person who would have called.
class closed_market final : public sample::stage {
 public:
  // The references must outlive it. Throws as part_maker does.
  closed_market(const config::settings& s, runtime::application& app, telemetry::logger log,
                time_point begin);
  ~closed_market() override;

  awaitable<void> open();

  time_point now() const override { return clock_.now(); }
  void set_clock(time_point to) override;
  awaitable<result<sample::answer>> ask(sample::call c) override;
  awaitable<result<void>> settle() override;
  awaitable<result<void>> work_on_due(bool all) override;
  std::string mailed_token(const std::string& email) override;
  awaitable<result<void>> promote(std::string username) override;

 private:
  awaitable<result<void>> keep_token(events::envelope e);
  awaitable<result<bool>> is_settled(const context& ctx);
  hosting::environment environment_of(runtime::application& app, telemetry::logger log) const;

  wall_clock clock_;
  plan plan_;
  secrets keys_;
  part_maker make_;
  security::identity_tokens identities_;
  market_parts parts_;
  hosting::host host_;
  std::map<std::string, const http::router*, std::less<>> routers_;
  std::vector<events::outbox*> outboxes_;
  std::vector<std::pair<std::string, hosting::timer_job>> timers_;  // with their services
  std::mutex tokens_guard_;
  std::map<std::string, std::string> tokens_;  // of mails that nobody got, by address
};

}  // namespace oficio::app
