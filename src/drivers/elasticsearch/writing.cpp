#include "drivers/elasticsearch/writing.hpp"

#include "drivers/elasticsearch/indexes.hpp"
#include "platform/runtime/timing.hpp"

namespace oficio::elasticsearch {
namespace {

constexpr std::size_t most_bytes = 4 * 1024 * 1024;
constexpr std::size_t most_lines = 500;
constexpr std::chrono::milliseconds block_pause{50};
constexpr std::chrono::seconds block_patience{3};

std::string action(const std::string& target, const writer::line& l) {
  json::object what{
      {"_index", target}, {"_id", l.id}, {"version", l.version}, {"version_type", "external"}};
  return json::to_text(json::value(json::object{{"index", std::move(what)}}));
}

// The worst of what items say; a version that is known is no failure.
result<void> read_items(const json::value& said) {
  const auto* items = find(said, {"items"});
  if (!items || !items->is_array())
    return search_unavailable("The search server's answer is none.");
  result<void> out;
  for (const auto& item : items->get_array()) {
    const auto* one = find(item, {"index"});
    if (!one) continue;
    auto status = static_cast<int>(integer_of(find(*one, {"status"})));
    if (status < 300 || status == 409) continue;
    auto failure = refused(status, *one);
    // What may go away by itself is told before what will not.
    if (out.has_value() || failure.kind == errc::unavailable) out = std::move(failure);
  }
  return out;
}

}  // namespace

bool is_write_block(const error& e) {
  return e.detail.find("FORBIDDEN/8/") != std::string::npos;
}

awaitable<result<void>> writer::write(const context& ctx, std::vector<line> lines) {
  std::string body;
  std::size_t count = 0;
  for (const auto& l : lines) {
    auto head = action(target_, l);
    bool full = count == most_lines || body.size() + head.size() + l.source.size() > most_bytes;
    if (full && count > 0) {
      CO_TRY_VOID(co_await write_some(ctx, body));
      body.clear();
      count = 0;
    }
    body.append(head).append("\n").append(l.source).append("\n");
    ++count;
  }
  if (count > 0) CO_TRY_VOID(co_await write_some(ctx, body));
  co_return result<void>{};
}

awaitable<result<void>> writer::write_some(const context& ctx, const std::string& body) {
  auto until = std::min(ctx.deadline, std::chrono::steady_clock::now() + block_patience);
  for (;;) {
    auto done = co_await write_once(ctx, body);
    bool again = !done && is_write_block(done.error()) &&
                 std::chrono::steady_clock::now() + block_pause < until;
    if (!again) co_return done;
    co_await runtime::sleep_for(block_pause);
  }
}

awaitable<result<void>> writer::write_once(const context& ctx, std::string body) {
  std::string target = "/_bulk?filter_path=errors,items.index.status,items.index.error";
  // Without its alias nothing is behind it: an index that the server made up would know no field.
  if (is_alias_) target += "&require_alias=true";
  if (visibly_) target += "&refresh=wait_for";
  target += "&timeout=" + std::to_string(std::max<std::int64_t>(ctx.remaining().count(), 1)) + "ms";
  CO_TRY(auto said, accepted(co_await at_.put_lines(ctx, std::move(target), std::move(body))));
  const auto* errors = find(said.body, {"errors"});
  if (errors && errors->is_bool() && !errors->get_bool()) co_return result<void>{};
  co_return read_items(said.body);
}

}  // namespace oficio::elasticsearch
