#include "services/gateway/live/presence_table.hpp"

#include <algorithm>

namespace oficio::gateway {
namespace {

constexpr std::size_t accounts_of_a_message = 200;
constexpr std::chrono::seconds sweep_every{5};

}  // namespace

presence_table::presence_table(std::string gateway, presence_options o)
    : gateway_(std::move(gateway)), options_(o) {
  auto hello = own_news();
  hello.hello = true;
  news_.push_back(std::move(hello));
}

bool presence_table::is_online(const std::string& account) const {
  return here_.contains(account) || elsewhere_.contains(account);
}

void presence_table::changed(const std::string& account) {
  changes_.push_back(of(account));
}

void presence_table::remember(const std::string& account, time_point at) {
  auto [place, fresh] = seen_.try_emplace(account, at);
  place->second = std::max(place->second, at);
  if (!fresh) return;
  seen_order_.push_back(account);
  if (seen_order_.size() <= options_.most_seen) return;
  seen_.erase(seen_order_.front());
  seen_order_.pop_front();
}

shown_presence presence_table::of(const std::string& account) const {
  if (is_online(account)) return {account, true, std::nullopt};
  auto found = seen_.find(account);
  if (found == seen_.end()) return {account, false, std::nullopt};
  return {account, false, found->second};
}

void presence_table::came(const std::string& account, moment) {
  bool was_online = is_online(account);
  auto [place, fresh] = here_.try_emplace(account);
  ++place->second.devices;
  leaving_.erase(account);
  if (!fresh) return;
  auto told = own_news();
  told.here = {account};
  news_.push_back(std::move(told));
  if (!was_online) changed(account);
}

void presence_table::went(const std::string& account, moment now) {
  auto found = here_.find(account);
  if (found == here_.end() || found->second.devices == 0) return;
  if (--found->second.devices == 0) leaving_[account] = now;
}

void presence_table::look(moment now) {
  for (auto it = leaving_.begin(); it != leaving_.end();) {
    if (it->second.steady + options_.grace > now.steady) {
      ++it;
      continue;
    }
    auto account = it->first;
    auto left_at = it->second.wall;
    it = leaving_.erase(it);
    here_.erase(account);
    remember(account, left_at);
    auto told = own_news();
    told.gone = {account};
    told.at = left_at;
    news_.push_back(std::move(told));
    if (!is_online(account)) changed(account);
  }
  if (now.steady - told_all_at_ >= options_.tell_all_every) {
    told_all_at_ = now.steady;
    tell_all();
  }
  if (now.steady - swept_at_ < sweep_every) return;
  swept_at_ = now.steady;
  std::vector<std::pair<std::string, std::string>> over;
  for (const auto& [account, who] : elsewhere_) {
    for (const auto& [gateway, until] : who) {
      if (until <= now.steady) over.emplace_back(account, gateway);
    }
  }
  for (const auto& [account, gateway] : over) forget(account, gateway, now.wall);
}

void presence_table::tell_all() {
  auto told = own_news();
  for (const auto& [account, unused] : here_) {
    told.here.push_back(account);
    if (told.here.size() == accounts_of_a_message) {
      news_.push_back(std::exchange(told, own_news()));
    }
  }
  if (!told.here.empty()) news_.push_back(std::move(told));
}

void presence_table::believe(const std::string& account, const std::string& gateway, moment now) {
  bool was_online = is_online(account);
  if (!elsewhere_.contains(account) && elsewhere_.size() >= options_.most_elsewhere) return;
  elsewhere_[account][gateway] = now.steady + options_.believed_for;
  if (!was_online) changed(account);
}

void presence_table::forget(const std::string& account, const std::string& gateway, time_point at) {
  auto found = elsewhere_.find(account);
  if (found == elsewhere_.end() || found->second.erase(gateway) == 0) return;
  if (found->second.empty()) elsewhere_.erase(found);
  remember(account, at);
  if (!is_online(account)) changed(account);
}

void presence_table::heard(const presence_news& n, moment now) {
  if (n.from.empty() || n.from == gateway_) return;
  for (const auto& account : n.here) believe(account, n.from, now);
  for (const auto& account : n.gone) forget(account, n.from, n.at);
  if (n.hello) tell_all();
  if (!n.bye) return;
  // Its people look for another gateway.
  for (auto& [account, who] : elsewhere_) {
    auto claim = who.find(n.from);
    if (claim != who.end()) claim->second = std::min(claim->second, now.steady + options_.grace);
  }
}

}  // namespace oficio::gateway
