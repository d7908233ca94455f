#include "conformance/support.hpp"
#include "drivers/embedded/search/index.hpp"
#include "search_quality/engine.hpp"

namespace oficio::quality {
namespace {

class embedded_engine final : public engine {
 public:
  explicit embedded_engine(search::schema s)
      : index_(embedded::make_index(folder_.path() + "/search.db", std::move(s), pool_)) {}

  search::index& index() override { return *index_; }
  void settle() override {}
  double least_precision() const override { return 0.93; }
  double least_rank() const override { return 0.95; }

 private:
  conformance::temporary_folder folder_;
  runtime::blocking_pool pool_{"search", 2, 64};
  std::unique_ptr<search::index> index_;
};

}  // namespace

std::unique_ptr<engine> make_engine(search::schema s) {
  return std::make_unique<embedded_engine>(std::move(s));
}

}  // namespace oficio::quality
