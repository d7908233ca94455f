#include "conformance/archive/samples.hpp"
#include "drivers/embedded/archive/archive.hpp"
#include "drivers/embedded/telemetry/store.hpp"

namespace oficio::archive::conformance {
namespace {

class in_a_file final : public kept {
 public:
  in_a_file(const std::string& folder, runtime::blocking_pool& pool)
      : store_(embedded::make_telemetry_store(folder + "/telemetry.db")),
        reader_(embedded::make_archive(folder + "/telemetry.db", pool)) {}

  void put(const std::vector<telemetry::record>& records) override {
    for (const auto& r : records) {
      if (!store_->offer(r)) throw std::runtime_error("there was no room");
    }
    store_->flush(std::chrono::seconds(20));
  }
  reader& read() override { return *reader_; }

 private:
  std::unique_ptr<embedded::telemetry_store> store_;
  std::unique_ptr<reader> reader_;
};

const driver_under_test embedded_file{"embedded",
                                      [](const std::string& folder, runtime::blocking_pool& pool) {
                                        return std::make_unique<in_a_file>(folder, pool);
                                      }};

}  // namespace

INSTANTIATE_TEST_SUITE_P(embedded, archive_conformance, testing::Values(embedded_file),
                         [](const auto& info) { return info.param.name; });

TEST(an_archive, of_a_file_that_is_not_there_is_not_available) {
  oficio::conformance::temporary_folder folder;
  runtime::blocking_pool pool("reading", 1, 10);
  auto reader = embedded::make_archive(folder.path() + "/nothing.db", pool);
  auto got = oficio::conformance::run(reader->services({}, hour()));
  EXPECT_EQ(got.error().code, "archive_unavailable");
}

}  // namespace oficio::archive::conformance
