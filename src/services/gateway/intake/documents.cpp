#include "services/gateway/intake/documents.hpp"

#include <map>

#include "services/gateway/intake/about.hpp"
#include "services/gateway/intake/errors.hpp"
#include "services/gateway/intake/timings.hpp"

namespace oficio::gateway::intake {
namespace {

class translating {
 public:
  translating(const batch& from, const sender& by) : about_(picker(from.metadata), by) {}

  std::optional<document> translate(const event& e) {
    picker from(e.fields);
    switch (e.kind) {
      case event_kind::transaction:
        return transaction(from);
      case event_kind::span:
        return span(from);
      case event_kind::error:
        if (from.at("exception")) return kept(stream::errors, error_document(from, about_));
        return kept(stream::logs, log_document(from, about_));
      case event_kind::log:
        return kept(stream::logs, log_document(from, about_));
    }
    return std::nullopt;
  }

 private:
  static std::optional<document> kept(stream to, std::optional<json::object> fields) {
    if (!fields) return std::nullopt;
    return document{to, std::move(*fields)};
  }

  std::optional<document> transaction(const picker& from) {
    auto made = transaction_document(from, about_);
    if (made) starts_[*from.hex("id", 16)] = start_of_transaction(from, about_);
    return kept(stream::page_loads, std::move(made));
  }

  // A span says when it began after its transaction did, which the agent sends first.
  std::optional<document> span(const picker& from) {
    auto of = from.hex("transaction_id", 16);
    auto found = of ? starts_.find(*of) : starts_.end();
    auto start = found == starts_.end() ? std::optional<time_point>() : found->second;
    return kept(stream::page_loads, span_document(from, about_, start));
  }

  about about_;
  std::map<std::string, time_point> starts_;
};

}  // namespace

documents documents_of(const batch& from, const sender& by) {
  translating work(from, by);
  documents out;
  for (const auto& e : from.events) {
    if (auto made = work.translate(e)) {
      out.items.push_back(std::move(*made));
    } else {
      ++out.refused;
    }
  }
  return out;
}

}  // namespace oficio::gateway::intake
