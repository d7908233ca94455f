#pragma once

#include <string>
#include <vector>

#include "platform/security/cursor.hpp"
#include "platform/telemetry/log.hpp"
#include "services/reviews/store.hpp"

namespace oficio::reviews {

struct review_page {
  std::vector<review> items;
  std::string next_cursor;  // empty: the last page
};

// The use cases. Errors beside those named: what the store says.
class service {
 public:
  service(store& reviews, std::string cursor_key, telemetry::logger log);

  // Waits up to a second for the news that the order was completed. Errors: as store::give().
  awaitable<result<given_review>> give(const context& ctx, std::string order_id,
                                       review_request what, request_mark mark);

  // Errors: as store::reply().
  awaitable<result<given_reply>> reply(const context& ctx, std::string review_id,
                                       reply_request what, request_mark mark);

  // As store::of_order().
  awaitable<result<std::vector<review>>> of_order(const context& ctx, std::string order_id);

  // The account id of a seller, whose news are waited for up to a second. Error: not_found.
  awaitable<result<std::string>> seller(const context& ctx, std::string username);
  // One page, newest first. Error: bad_request `bad_cursor`.
  awaitable<result<review_page>> list(const context& ctx, filter which, std::size_t limit,
                                      std::string cursor);

  // As store::faces_of().
  awaitable<result<store::faces>> faces_of(const context& ctx, const std::vector<review>& reviews);

  // An order was placed or completed, a seller came, a profile changed.
  awaitable<result<void>> on_placed(const events::envelope& e, const context& ctx);
  awaitable<result<void>> on_completed(const events::envelope& e, const context& ctx);
  awaitable<result<void>> on_seller(const events::envelope& e, const context& ctx);
  awaitable<result<void>> on_profile(const events::envelope& e, const context& ctx);

  // Publishes every hidden review whose time has come, in batches.
  awaitable<result<void>> publish_due(const context& ctx);

 private:
  awaitable<result<void>> wait_for_order(const context& ctx, const std::string& id);

  store& reviews_;
  security::cursor_signer cursors_;
  telemetry::logger log_;
};

}  // namespace oficio::reviews
