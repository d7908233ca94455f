#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/base/clock.hpp"
#include "platform/blobs/blob.hpp"
#include "platform/documents/collection.hpp"

namespace oficio::blobs {

// Bytes to keep, under the name of their variant. The views must outlive the call.
struct content {
  std::string variant;
  std::string_view bytes;
};

// Why an id cannot be bound: its place in the list, and what is wrong with it.
enum class obstacle { unknown, bound_elsewhere };
struct refusal {
  std::size_t index = 0;
  obstacle why = obstacle::unknown;
};

// Whether the blob is used by what it is bound to.
using usage = std::function<awaitable<result<bool>>(const context& ctx, const blob& b)>;

// Blobs in the owning service's own database: a document of facts each, and its bytes in chunks of
// 256 KiB, so that every instance has them.
//
// Binding takes three steps, because the blob and what uses it are two documents: claim() before
// what uses it is written, settle() after it, again when its event comes. Whatever is left
// in between by a crash is put right by purge(), which asks `in_use`.
class store {
 public:
  static constexpr std::chrono::hours unbound_lifetime{24};
  static constexpr std::size_t max_bound = 100;  // to one thing

  store(documents::database& database, std::string source, const wall_clock& clock, usage in_use);

  // Writes the bytes and then makes the blob seen. `about` says id, owner, name, type and size of a
  // picture; the first content is the blob as such.
  awaitable<result<blob>> put(const context& ctx, blob about, std::vector<content> contents);

  // Nothing if it is not there, or not there yet, or going.
  awaitable<result<std::optional<blob>>> get(const context& ctx, std::string id);
  // Errors: internal `damaged_blob` if not all bytes are there.
  awaitable<result<std::string>> read(const context& ctx, const blob& b, std::string form);
  // A form's bytes are in so many pieces, each of 256 KiB but the last; one of them, from 0 on.
  static std::size_t pieces_of(const variant& v);
  awaitable<result<std::string>> read_piece(const context& ctx, const blob& b, const variant& v,
                                            std::size_t number);
  // How many the owner has that are bound to nothing.
  awaitable<result<std::int64_t>> unbound(const context& ctx, std::string owner);

  // Binds the actor's blobs to `to`. Binding again to the same is harmless. One that its former
  // user has dropped may be bound anew. What was bound before the first refusal stays so.
  awaitable<result<std::vector<refusal>>> claim(const context& ctx, identity actor, std::string to,
                                                std::vector<std::string> ids);
  // `to` uses `used` for good; others that are bound to it go in a day. Harmless when repeated.
  awaitable<result<void>> settle(const context& ctx, std::string to, std::vector<std::string> used);
  // Undoes claim() when `to` was not written after all.
  awaitable<result<void>> release(const context& ctx, std::string to, std::vector<std::string> ids);

  // Deletes what is due, at most `limit` blobs. How many have gone.
  awaitable<result<std::size_t>> purge(const context& ctx, std::size_t limit = 50);

 private:
  struct chunk {
    std::string id;    // blob:variant:number
    std::string data;  // base64url
    BOOST_DESCRIBE_CLASS(chunk, (), (id, data), (), ())
  };

  awaitable<result<void>> write_chunks(const context& ctx, std::string blob_id, content c);
  awaitable<result<std::optional<obstacle>>> claim_one(const context& ctx, identity actor,
                                                       std::string to, std::string id);
  // Whether a blob that is bound to something else is free all the same.
  awaitable<result<bool>> was_dropped(const context& ctx, const blob& b);
  awaitable<result<std::vector<blob>>> bound_to(const context& ctx, std::string to);
  awaitable<result<bool>> purge_one(const context& ctx, blob b);
  awaitable<result<void>> erase(const context& ctx, const blob& b);

  documents::collection<blob> blobs_;
  documents::collection<chunk> chunks_;
  const wall_clock& clock_;
  usage in_use_;
};

}  // namespace oficio::blobs
