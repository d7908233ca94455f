#include "platform/hosting/republishing.hpp"

#include <charconv>

#include "platform/http/json_response.hpp"
#include "platform/http/query.hpp"
#include "platform/json/json.hpp"

namespace oficio::hosting {
namespace {

// One page is one publishing: it must fit the patience of a call.
constexpr std::size_t most_a_page = 100;

// A source by its number, and the subject behind which to go on: "1:0190…".
struct place {
  std::size_t source = 0;
  std::string after;
};

result<place> read_place(const std::string& text) {
  place out;
  if (text.empty()) return out;
  auto end = text.data() + text.size();
  auto [at, bad] = std::from_chars(text.data(), end, out.source);
  if (bad != std::errc() || at == end || *at != ':') {
    return error{errc::bad_request, "bad_cursor", "after: this is no place that was given before."};
  }
  out.after.assign(at + 1, end);
  return out;
}

struct progress {
  std::size_t sent = 0;
  std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(progress, (), (sent, next))

struct retelling {
  std::vector<events::fact_source> sources;
  events::bus& bus;
  const wall_clock& clock;

  std::vector<events::envelope> sealed(const context& ctx, const std::string& source,
                                       const std::vector<events::retold>& page) const {
    std::vector<events::envelope> out;
    for (const auto& one : page) {
      for (std::size_t i = 0; i < one.facts.size(); ++i) {
        out.push_back(
            events::seal(one.facts[i], source, one.subject, one.version, i, clock.now(), ctx));
        out.back().republished = true;
      }
    }
    return out;
  }

  awaitable<result<http::response>> next_page(http::request& r) {
    http::query_reader query(r);
    auto after = query.text("after").value_or("");
    auto limit = query.limit(most_a_page);
    CO_TRY_VOID(query.done());
    CO_TRY(auto from, read_place(after));
    progress out;
    while (from.source < sources.size() && !out.next) {
      const auto& source = sources[from.source];
      CO_TRY(auto page, co_await source.page(r.ctx, from.after, limit));
      if (page.empty()) {
        from = {from.source + 1, ""};
        continue;
      }
      out.next = std::to_string(from.source) + ":" + page.back().subject;
      auto events = sealed(r.ctx, source.source, page);
      out.sent = events.size();
      if (!events.empty()) CO_TRY_VOID(co_await bus.publish(r.ctx, std::move(events)));
    }
    co_return http::json_response(200, out);
  }
};

}  // namespace

void add_republishing(service& s, events::bus& bus, const wall_clock& clock) {
  if (s.facts.empty()) return;
  auto own = std::make_shared<retelling>(s.facts, bus, clock);
  s.routes.post("/internal/republish",
                for_gateway([own](http::request& r) { return own->next_page(r); }));
}

}  // namespace oficio::hosting
