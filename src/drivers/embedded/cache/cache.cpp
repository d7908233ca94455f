#include "drivers/embedded/cache/cache.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <list>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/cache/channels.hpp"

namespace oficio::embedded {
namespace {

constexpr std::size_t max_shards = 16;
constexpr std::size_t min_shard_bytes = 1u << 20;
constexpr std::size_t entry_overhead = 160;  // list and map nodes, two string headers, times

struct entry {
  std::string key;
  std::string value;
  steady_time ends;

  std::size_t bytes() const { return key.size() + value.size() + entry_overhead; }
};

steady_time after(std::chrono::milliseconds ttl) {
  auto now = std::chrono::steady_clock::now();
  auto longest = std::chrono::duration_cast<std::chrono::milliseconds>(steady_time::max() - now);
  return now + std::min(ttl, longest);
}

std::optional<std::int64_t> to_number(std::string_view text) {
  std::int64_t number = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// One lock's part of the keys: a list in order of use, and where each key is in it.
class shard {
 public:
  explicit shard(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  std::optional<std::string> get(const std::string& key) {
    std::lock_guard lock(guard_);
    auto* found = find(key);
    return found ? std::optional(found->value) : std::nullopt;
  }

  void put(std::string key, std::string value, std::chrono::milliseconds ttl) {
    std::lock_guard lock(guard_);
    insert({std::move(key), std::move(value), after(ttl)});
  }

  void erase(const std::string& key) {
    std::lock_guard lock(guard_);
    if (auto found = where_.find(key); found != where_.end()) remove(found->second);
  }

  result<std::int64_t> add(std::string key, std::int64_t amount, std::chrono::milliseconds ttl) {
    std::lock_guard lock(guard_);
    auto* found = find(key);
    if (!found) {
      insert({std::move(key), std::to_string(amount), after(ttl)});
      return amount;
    }
    auto number = to_number(found->value);
    std::int64_t sum = 0;
    if (!number || __builtin_add_overflow(*number, amount, &sum)) {
      return error{errc::internal, "not_a_counter",
                   "The cached value of \"" + key + "\" cannot be added to."};
    }
    insert({std::move(key), std::to_string(sum), found->ends});
    return sum;
  }

 private:
  using position = std::list<entry>::iterator;

  // The live entry, now the one used last.
  entry* find(const std::string& key) {
    auto found = where_.find(key);
    if (found == where_.end()) return nullptr;
    auto at = found->second;
    if (at->ends <= std::chrono::steady_clock::now()) {
      remove(at);
      return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, at);
    return &*at;
  }

  void insert(entry e) {
    if (auto found = where_.find(e.key); found != where_.end()) remove(found->second);
    if (e.bytes() > max_bytes_ || e.ends <= std::chrono::steady_clock::now()) return;
    while (bytes_ + e.bytes() > max_bytes_) remove(std::prev(entries_.end()));
    bytes_ += e.bytes();
    entries_.push_front(std::move(e));
    where_.emplace(entries_.front().key, entries_.begin());
  }

  void remove(position at) {
    bytes_ -= at->bytes();
    where_.erase(at->key);
    entries_.erase(at);
  }

  std::mutex guard_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  std::list<entry> entries_;  // used last first
  std::unordered_map<std::string_view, position> where_;
};

class memory_cache final : public cache::store {
 public:
  explicit memory_cache(std::size_t max_bytes) {
    auto count = std::clamp<std::size_t>(max_bytes / min_shard_bytes, 1, max_shards);
    for (std::size_t i = 0; i < count; ++i) {
      shards_.push_back(std::make_unique<shard>(max_bytes / count));
    }
  }

  awaitable<result<std::optional<std::string>>> get(const context&, std::string key) override {
    co_return of(key).get(key);
  }

  awaitable<result<void>> put(const context&, std::string key, std::string value,
                              std::chrono::milliseconds ttl) override {
    auto& part = of(key);
    part.put(std::move(key), std::move(value), ttl);
    co_return result<void>{};
  }

  awaitable<result<void>> erase(const context&, std::string key) override {
    of(key).erase(key);
    co_return result<void>{};
  }

  awaitable<result<std::int64_t>> add(const context&, std::string key, std::int64_t amount,
                                      std::chrono::milliseconds ttl) override {
    auto& part = of(key);
    co_return part.add(std::move(key), amount, ttl);
  }

  awaitable<result<void>> publish(const context&, std::string channel,
                                  std::string message) override {
    channels_.deliver(channel, message);
    co_return result<void>{};
  }

  std::unique_ptr<cache::subscription> subscribe(std::string channel,
                                                 cache::listener hear) override {
    return channels_.add(std::move(channel), std::move(hear));
  }

  awaitable<result<void>> ping(const context&) override { co_return result<void>{}; }

 private:
  shard& of(const std::string& key) {
    return *shards_[std::hash<std::string>{}(key) % shards_.size()];
  }

  std::vector<std::unique_ptr<shard>> shards_;
  cache::channels channels_;
};

}  // namespace

std::unique_ptr<cache::store> make_memory_cache(std::size_t max_bytes) {
  return std::make_unique<memory_cache>(max_bytes);
}

}  // namespace oficio::embedded
