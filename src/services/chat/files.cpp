#include "services/chat/files.hpp"

#include <algorithm>

namespace oficio::chat {
namespace {

constexpr std::size_t max_bytes = 10 * 1024 * 1024;

files::rules attachment_rules() {
  using enum files::kind;
  return {.purpose = "chat",
          .kinds = {png, jpeg, webp, pdf, zip},
          .max_bytes = max_bytes,
          .max_bound = most_files};
}

struct parts_of_key {
  std::string conversation_id;
  std::string account_id;
  std::string client_id;
};

// The ids in it have no slash; what the client said may.
parts_of_key read_key(const std::string& key) {
  auto first = std::min(key.find('/'), key.size());
  auto second = std::min(key.find('/', first + 1), key.size());
  auto behind = [&](std::size_t at) { return std::min(at + 1, key.size()); };
  return {key.substr(0, first), key.substr(behind(first), second - behind(first)),
          key.substr(behind(second))};
}

}  // namespace

std::string attachment_key(const std::string& conversation_id, const std::string& account_id,
                           const std::string& client_id) {
  return conversation_id + "/" + account_id + "/" + client_id;
}

std::unique_ptr<files::shelf> attachments(documents::database& database, const wall_clock& clock,
                                          telemetry::logger log, pictures::studio* studio,
                                          store& kept) {
  if (!studio) return nullptr;
  auto in_use = [&kept](const context& ctx, const blobs::blob& b) -> awaitable<result<bool>> {
    auto key = read_key(b.bound_to);
    CO_TRY(auto m, co_await kept.said(ctx, key.conversation_id, key.account_id, key.client_id));
    co_return m&& std::ranges::find(m->files, b.id) != m->files.end();
  };
  // What the two of a conversation said stays readable to both, whatever came between them.
  auto may_read = [&kept](const context& ctx, const blobs::blob& b) -> awaitable<result<bool>> {
    auto key = read_key(b.bound_to);
    auto c = co_await kept.conversation_for(ctx, ctx.who, key.conversation_id);
    if (!c && c.error().kind == errc::not_found) co_return false;
    if (!c) co_return std::move(c).error();
    co_return c->has(ctx.who.sub);
  };
  return std::make_unique<files::shelf>(database, "chat", clock, *studio, std::move(log),
                                        attachment_rules(), in_use, may_read);
}

}  // namespace oficio::chat
