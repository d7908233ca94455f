#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/context.hpp"
#include "platform/base/time.hpp"

namespace oficio::gateway {

struct presence_options {
  // Who comes back so soon after the last of their devices went has not been away.
  std::chrono::milliseconds grace{10'000};
  // How often a gateway says whom it has, and how long that is believed.
  std::chrono::milliseconds tell_all_every{25'000};
  std::chrono::milliseconds believed_for{70'000};
  std::size_t most_elsewhere = 200'000;  // accounts at other gateways
  std::size_t most_seen = 20'000;        // accounts whose last time is remembered
};

struct shown_presence {
  std::string account_id;
  bool online = false;
  std::optional<time_point> last_seen;  // none while online, or if it is not known
};
BOOST_DESCRIBE_STRUCT(shown_presence, (), (account_id, online, last_seen))

// What gateways tell each other.
struct presence_news {
  std::string from;               // a gateway
  std::vector<std::string> here;  // accounts that it has
  std::vector<std::string> gone;  // accounts that it has no more
  time_point at;                  // when those were last there
  bool hello = false;             // it has just begun: whom do the others have?
  bool bye = false;               // it has nobody any more
};
BOOST_DESCRIBE_STRUCT(presence_news, (), (from, here, gone, at, hello, bye))

// Who is at which gateway, as one of them knows it. Pure: time is given, and what follows from a
// call is taken out. Not thread-safe.
class presence_table {
 public:
  struct moment {
    steady_time steady;
    time_point wall;
  };

  presence_table(std::string gateway, presence_options o);

  // A device at this gateway.
  void came(const std::string& account, moment now);
  void went(const std::string& account, moment now);
  // What a gateway told; what this one said itself changes nothing.
  void heard(const presence_news& n, moment now);
  // What time alone does.
  void look(moment now);
  void tell_all();

  shown_presence of(const std::string& account) const;
  std::size_t here() const { return here_.size(); }

  // Since they were last taken: whose presence changed, and what the other gateways must hear.
  std::vector<shown_presence> take_changes() { return std::exchange(changes_, {}); }
  std::vector<presence_news> take_news() { return std::exchange(news_, {}); }

 private:
  struct own {
    std::size_t devices = 0;
    moment left;  // while there are none
  };
  using claims = std::map<std::string, steady_time>;  // by gateway: until when it is believed

  bool is_online(const std::string& account) const;
  void believe(const std::string& account, const std::string& gateway, moment now);
  void forget(const std::string& account, const std::string& gateway, time_point at);
  void changed(const std::string& account);
  void remember(const std::string& account, time_point at);
  presence_news own_news() const { return {.from = gateway_, .here = {}, .gone = {}, .at = {}}; }

  const std::string gateway_;
  const presence_options options_;
  std::unordered_map<std::string, own> here_;
  std::unordered_map<std::string, moment> leaving_;  // of here_, those without devices
  std::unordered_map<std::string, claims> elsewhere_;
  std::unordered_map<std::string, time_point> seen_;
  std::deque<std::string> seen_order_;
  steady_time told_all_at_{};
  steady_time swept_at_{};
  std::vector<shown_presence> changes_;
  std::vector<presence_news> news_;
};

}  // namespace oficio::gateway
