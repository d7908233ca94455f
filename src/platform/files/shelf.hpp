#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/blobs/store.hpp"
#include "platform/files/kind.hpp"
#include "platform/json/reader.hpp"
#include "platform/pictures/studio.hpp"
#include "platform/telemetry/log.hpp"

namespace oficio::files {

// The small form of a picture, for lists.
inline constexpr auto small_variant = "small";

// What a service takes, and for whom.
struct rules {
  std::string purpose;  // what ?for= says, and how ids begin: "gig" makes "gig_<uuid>"
  std::vector<kind> kinds;
  std::size_t max_bytes = 0;  // of one file, as it is sent
  // Pictures are drawn anew in these forms; the second is `?size=small`. None: kept as they came,
  // but for their metadata.
  std::vector<pictures::form> forms;
  bool open = false;              // everybody may see it, signed in or not
  std::int64_t max_unbound = 20;  // files of one account that are bound to nothing yet
  std::size_t max_bound = 10;     // files that one thing uses
};

// Whether somebody else than its owner may read a file that is bound.
using reading_right =
    std::function<awaitable<result<bool>>(const context& ctx, const blobs::blob& b)>;

// A file as it was sent.
struct sent_file {
  std::string name;
  pictures::shared_bytes bytes;
};

// The files of one service: takes them in, gives them out, and binds them to what uses them.
class shelf {
 public:
  shelf(documents::database& database, std::string service, const wall_clock& clock,
        pictures::studio& studio, telemetry::logger log, rules r, blobs::usage in_use,
        reading_right may_read = {});

  // Errors: too_large `file_too_large`; unsupported `unsupported_file_type`; invalid
  // `broken_picture`, `picture_too_large`, `validation_failed` (empty); conflict
  // `too_many_unbound_files`.
  awaitable<result<blobs::blob>> take(const context& ctx, sent_file file);

  // A file that ctx.who may see. Errors: not_found.
  awaitable<result<blobs::blob>> look(const context& ctx, std::string id);
  awaitable<result<std::string>> read(const context& ctx, const blobs::blob& b,
                                      std::string variant);

  // One piece of a form of it, by number from 0 on (blobs::store::pieces_of()).
  awaitable<result<std::string>> read_piece(const context& ctx, const blobs::blob& b,
                                            const blobs::variant& form, std::size_t number);

  // Binds the actor's files to `to` before that is written. What cannot be bound is told as
  // violations below `pointer` ("/images" gives "/images/2"; a `single` one gives "/avatar"), and
  // then nothing stays bound by this call. Codes: too_many, unknown_file, bound_elsewhere,
  // repeated.
  // Error: invalid `validation_failed`.
  enum class shape { list, single };
  awaitable<result<void>> claim(const context& ctx, identity actor, std::string to,
                                std::vector<std::string> ids, std::string pointer,
                                shape s = shape::list);
  // After `to` was written with those files: others that were bound to it go in a day.
  awaitable<result<void>> settle(const context& ctx, std::string to, std::vector<std::string> used);
  // The same, and its opposite when `to` was not written after all. Failing is only noted: the
  // event of what was written, or purge(), puts it right.
  awaitable<void> settle_at_once(const context& ctx, std::string to, std::vector<std::string> used);
  awaitable<void> release(const context& ctx, std::string to, std::vector<std::string> ids);

  // Deletes what is due. For a timer.
  awaitable<result<void>> purge(const context& ctx);

  const rules& what() const { return rules_; }

 private:
  awaitable<result<kind>> check(const context& ctx, const sent_file& file);
  awaitable<result<void>> check_quota(const context& ctx);
  awaitable<result<void>> note_extent(const context& ctx, pictures::shared_bytes bytes,
                                      blobs::blob& about);
  awaitable<result<blobs::blob>> keep_drawn(const context& ctx, blobs::blob about,
                                            pictures::shared_bytes bytes);
  void note(const context& ctx, std::string_view what, const result<void>& done) const;

  rules rules_;
  blobs::store blobs_;
  const wall_clock& clock_;
  pictures::studio& studio_;
  telemetry::logger log_;
  reading_right may_read_;
};

}  // namespace oficio::files
