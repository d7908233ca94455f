#include "platform/files/shelf.hpp"

#include <algorithm>
#include <utility>

#include "platform/base/uuid.hpp"
#include "platform/json/check.hpp"
#include "platform/pictures/bare.hpp"

namespace oficio::files {
namespace {

constexpr std::size_t purge_batch = 50;

error too_large(std::size_t max) {
  return {errc::too_large, "file_too_large",
          "The file must have at most " + std::to_string(max) + " bytes."};
}

error unsupported(const std::vector<kind>& kinds) {
  return {errc::unsupported, "unsupported_file_type",
          "The file must be " + listed(kinds) + ", by its content."};
}

error too_many_unbound(std::int64_t max) {
  return {errc::conflict, "too_many_unbound_files",
          "You have " + std::to_string(max) +
              " files that nothing uses yet; use them, or wait until they go after a day."};
}

violation violation_of(const std::string& at, blobs::obstacle why) {
  if (why == blobs::obstacle::bound_elsewhere) {
    return {at, "bound_elsewhere", "is used by something else; upload it again"};
  }
  return {at, "unknown_file", "is no file that you uploaded for this"};
}

// A picture that is somebody's work stays as it is, to the pixel; where it was taken, and with
// what, is nobody's business.
result<pictures::shared_bytes> without_metadata(const pictures::shared_bytes& sent) {
  auto bare = pictures::bare(sent.part);
  if (!bare) {
    return error{errc::invalid, "broken_picture",
                 "The picture cannot be read: it is damaged, or not what it seems to be."};
  }
  auto whole = std::make_shared<const std::string>(*std::move(bare));
  return pictures::shared_bytes{whole, *whole};
}

std::string place(const std::string& pointer, std::size_t index, shelf::shape s) {
  return s == shelf::shape::single ? pointer : pointer + "/" + std::to_string(index);
}

}  // namespace

shelf::shelf(documents::database& database, std::string service, const wall_clock& clock,
             pictures::studio& studio, telemetry::logger log, rules r, blobs::usage in_use,
             reading_right may_read)
    : rules_(std::move(r)),
      blobs_(database, "/oficio/" + service, clock, std::move(in_use)),
      clock_(clock),
      studio_(studio),
      log_(std::move(log)),
      may_read_(std::move(may_read)) {}

awaitable<result<blobs::blob>> shelf::take(const context& ctx, sent_file file) {
  CO_TRY(auto k, co_await check(ctx, file));
  CO_TRY_VOID(co_await check_quota(ctx));
  blobs::blob about;
  about.id = rules_.purpose + "_" + uuid_v7(clock_.now());
  about.owner = ctx.who.sub;
  about.type = media_type_of(k);
  about.name = safe_name(file.name, k);
  if (is_picture(k) && !rules_.forms.empty()) {
    about.name = safe_name(file.name.substr(0, file.name.rfind('.')), kind::webp);
    co_return co_await keep_drawn(ctx, std::move(about), std::move(file.bytes));
  }
  if (is_picture(k)) {
    CO_TRY_VOID(co_await note_extent(ctx, file.bytes, about));
    CO_TRY(file.bytes, without_metadata(file.bytes));
  }
  std::vector<blobs::content> contents{{"", file.bytes.part}};
  co_return co_await blobs_.put(ctx, std::move(about), std::move(contents));
}

awaitable<result<kind>> shelf::check(const context&, const sent_file& file) {
  auto bytes = file.bytes.part;
  if (bytes.empty()) co_return invalid({{"/file", "too_short", "must not be empty"}});
  if (bytes.size() > rules_.max_bytes) co_return too_large(rules_.max_bytes);
  auto k = sniff(bytes);
  if (!k || std::ranges::find(rules_.kinds, *k) == rules_.kinds.end()) {
    co_return unsupported(rules_.kinds);
  }
  co_return *k;
}

awaitable<result<void>> shelf::check_quota(const context& ctx) {
  CO_TRY(auto unbound, co_await blobs_.unbound(ctx, ctx.who.sub));
  if (unbound >= rules_.max_unbound) co_return too_many_unbound(rules_.max_unbound);
  co_return result<void>{};
}

// A picture that is kept as it came may have more pixels than we would draw: somebody's finished
// work may well. Then nobody is told how large it is.
awaitable<result<void>> shelf::note_extent(const context& ctx, pictures::shared_bytes bytes,
                                           blobs::blob& about) {
  auto measured = co_await studio_.measure(ctx, std::move(bytes));
  if (!measured && measured.error().code == "picture_too_large") co_return result<void>{};
  if (!measured) co_return std::move(measured).error();
  about.width = measured->width;
  about.height = measured->height;
  co_return result<void>{};
}

awaitable<result<blobs::blob>> shelf::keep_drawn(const context& ctx, blobs::blob about,
                                                 pictures::shared_bytes bytes) {
  CO_TRY(auto drawn, co_await studio_.draw(ctx, std::move(bytes), rules_.forms));
  about.type = drawn.front().type;
  about.width = drawn.front().width;
  about.height = drawn.front().height;
  std::vector<blobs::content> contents{{"", drawn.front().bytes}};
  if (drawn.size() > 1) contents.push_back({small_variant, drawn[1].bytes});
  co_return co_await blobs_.put(ctx, std::move(about), std::move(contents));
}

awaitable<result<blobs::blob>> shelf::look(const context& ctx, std::string id) {
  CO_TRY(auto found, co_await blobs_.get(ctx, std::move(id)));
  if (!found) co_return not_found("The file");
  bool theirs = !ctx.who.is_visitor() && found->owner == ctx.who.sub;
  if (!rules_.open && !theirs) {
    bool may = false;
    if (may_read_ && !ctx.who.is_visitor() && !found->bound_to.empty()) {
      CO_TRY(may, co_await may_read_(ctx, *found));
    }
    if (!may) co_return not_found("The file");
  }
  co_return std::move(*found);
}

awaitable<result<std::string>> shelf::read(const context& ctx, const blobs::blob& b,
                                           std::string variant) {
  co_return co_await blobs_.read(ctx, b, std::move(variant));
}

awaitable<result<std::string>> shelf::read_piece(const context& ctx, const blobs::blob& b,
                                                 const blobs::variant& form, std::size_t number) {
  co_return co_await blobs_.read_piece(ctx, b, form, number);
}

awaitable<result<void>> shelf::claim(const context& ctx, identity actor, std::string to,
                                     std::vector<std::string> ids, std::string pointer, shape s) {
  std::vector<violation> wrong;
  if (ids.size() > rules_.max_bound) {
    json::violations found;
    json::check_count(found, std::move(pointer), ids.size(), 0, rules_.max_bound);
    co_return invalid(found.take());
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (std::find(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(i), ids[i]) !=
        ids.begin() + static_cast<std::ptrdiff_t>(i)) {
      wrong.push_back({place(pointer, i, s), "repeated", "is there twice"});
    }
  }
  if (!wrong.empty()) co_return invalid(std::move(wrong));
  CO_TRY(auto refused, co_await blobs_.claim(ctx, std::move(actor), to, ids));
  if (refused.empty()) co_return result<void>{};
  for (const auto& r : refused) wrong.push_back(violation_of(place(pointer, r.index, s), r.why));
  co_await release(ctx, std::move(to), std::move(ids));
  co_return invalid(std::move(wrong));
}

awaitable<result<void>> shelf::settle(const context& ctx, std::string to,
                                      std::vector<std::string> used) {
  co_return co_await blobs_.settle(ctx, std::move(to), std::move(used));
}

awaitable<void> shelf::settle_at_once(const context& ctx, std::string to,
                                      std::vector<std::string> used) {
  note(ctx, "files are settled later", co_await blobs_.settle(ctx, std::move(to), std::move(used)));
}

awaitable<void> shelf::release(const context& ctx, std::string to, std::vector<std::string> ids) {
  note(ctx, "files are released later",
       co_await blobs_.release(ctx, std::move(to), std::move(ids)));
}

awaitable<result<void>> shelf::purge(const context& ctx) {
  for (;;) {
    CO_TRY(auto gone, co_await blobs_.purge(ctx, purge_batch));
    if (gone < purge_batch || ctx.expired()) co_return result<void>{};
  }
}

void shelf::note(const context& ctx, std::string_view what, const result<void>& done) const {
  if (done) return;
  log_.log(telemetry::level::warning, ctx, std::string(what), {{"error.code", done.error().code}});
}

}  // namespace oficio::files
