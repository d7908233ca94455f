#include "platform/events/ready_list.hpp"

#include <utility>

namespace oficio::events {

void ready_list::add(delivery d, bool ready) {
  std::string subject = d.event->subject;
  auto seq = d.seq;
  auto& of = lanes_[subject];
  if (of.waiting.insert_or_assign(seq, entry{std::move(d), ready}).second) ++size_;
  offer(subject, of);
}

void ready_list::mark_ready(std::int64_t seq, const std::string& subject) {
  auto of = lanes_.find(subject);
  if (of == lanes_.end()) return;
  auto found = of->second.waiting.find(seq);
  if (found == of->second.waiting.end()) return;
  found->second.ready = true;
  offer(subject, of->second);
}

void ready_list::remove(std::int64_t seq, const std::string& subject) {
  auto of = lanes_.find(subject);
  if (of == lanes_.end()) return;
  size_ -= of->second.waiting.erase(seq);
  offer(subject, of->second);
}

void ready_list::clear() {
  free_.clear();
  size_ = 0;
  std::erase_if(lanes_, [](const auto& of) { return !of.second.taken; });
  for (auto& [subject, of] : lanes_) of.waiting.clear();
}

std::optional<delivery> ready_list::take() {
  if (free_.empty()) return std::nullopt;
  auto first = free_.begin();
  auto& of = lanes_.at(first->second);
  auto found = of.waiting.find(first->first);
  delivery out = std::move(found->second.what);
  of.waiting.erase(found);
  --size_;
  of.taken = true;
  of.offered.reset();
  free_.erase(first);
  return out;
}

void ready_list::release(const std::string& subject) {
  auto of = lanes_.find(subject);
  if (of == lanes_.end()) return;
  of->second.taken = false;
  offer(subject, of->second);
}

// Brings free_ in line with the lane, and forgets a lane with nothing to do.
void ready_list::offer(const std::string& subject, lane& of) {
  if (of.offered) free_.erase(*of.offered);
  of.offered.reset();
  if (of.taken) return;
  if (of.waiting.empty()) {
    lanes_.erase(std::string(subject));
    return;
  }
  if (auto first = of.waiting.begin(); first->second.ready) {
    of.offered = first->first;
    free_.emplace(first->first, subject);
  }
}

}  // namespace oficio::events
