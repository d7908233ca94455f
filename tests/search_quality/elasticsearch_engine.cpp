#include "conformance/search/search_server.hpp"
#include "search_quality/engine.hpp"

namespace oficio::quality {
namespace {

class elasticsearch_engine final : public engine {
 public:
  explicit elasticsearch_engine(search::schema s) {
    server_.forget("quality");
    index_ = server_.open("quality", std::move(s));
  }
  ~elasticsearch_engine() override { server_.forget("quality"); }

  search::index& index() override { return *index_; }
  void settle() override { server_.ask(http::method::post, "/quality-gigs/_refresh"); }
  double least_precision() const override { return 0.93; }
  double least_rank() const override { return 0.95; }

 private:
  search::conformance::search_server server_;
  std::unique_ptr<search::index> index_;
};

}  // namespace

std::unique_ptr<engine> make_engine(search::schema s) {
  return std::make_unique<elasticsearch_engine>(std::move(s));
}

}  // namespace oficio::quality
