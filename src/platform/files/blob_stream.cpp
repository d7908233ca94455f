#include "platform/files/blob_stream.hpp"

#include <utility>

namespace oficio::files {
namespace {

class blob_stream final : public http::body_stream {
 public:
  blob_stream(shelf& from, context ctx, blobs::blob b, const blobs::variant& wanted)
      : from_(from), ctx_(std::move(ctx)), blob_(std::move(b)), form_(wanted) {}

  // The request's own deadline was for its beginning: a slow line may take minutes.
  awaitable<result<std::string>> next(steady_time until) override {
    if (number_ == blobs::store::pieces_of(form_)) co_return std::string();
    ctx_.deadline = until;
    co_return co_await from_.read_piece(ctx_, blob_, form_, number_++);
  }

 private:
  shelf& from_;
  context ctx_;
  blobs::blob blob_;
  blobs::variant form_;
  std::size_t number_ = 0;
};

}  // namespace

bool is_streamed(const blobs::variant& form) {
  return blobs::store::pieces_of(form) > 1;
}

std::shared_ptr<http::body_stream> stream_of(shelf& from, const context& ctx, blobs::blob b,
                                             const blobs::variant& wanted) {
  return std::make_shared<blob_stream>(from, ctx, std::move(b), wanted);
}

}  // namespace oficio::files
