#include <atomic>
#include <cstdlib>

#include "conformance/archive/samples.hpp"
#include "conformance/background_io.hpp"
#include "drivers/elasticsearch/address.hpp"
#include "drivers/elasticsearch/archive/archive.hpp"
#include "drivers/elasticsearch/server.hpp"
#include "drivers/elasticsearch/telemetry/setup.hpp"

namespace oficio::archive::conformance {
namespace {

config::server_address address() {
  const char* given = std::getenv("OFICIO_TEST_ELASTICSEARCH");
  if (!given) throw std::runtime_error("OFICIO_TEST_ELASTICSEARCH is not set");
  return config::parse_server_address("telemetry", given);
}

class in_streams final : public kept {
 public:
  in_streams() {
    static std::atomic<int> tests{0};
    environment_ = "t" + std::to_string(++tests);
    auto at = elasticsearch::read_place(address());
    server_ = std::make_unique<elasticsearch::server>(
        http::make_http_upstream(io_.io(), at.nodes, {}), at.authorization);
    elasticsearch::blocking_caller caller(address());
    auto done = elasticsearch::set_up_telemetry(caller, environment_, {}, std::chrono::seconds(30));
    if (!done) throw std::runtime_error(done.error().detail);
    reader_ = elasticsearch::make_archive(address(), environment_, io_.io());
  }
  ~in_streams() override {
    for (auto pattern : {"traces-apm-", "traces-apm.rum-", "logs-apm.error-", "logs-oficio.*-"}) {
      (void)run(server_->remove({}, "/_data_stream/" + (pattern + environment_)));
    }
  }

  void put(const std::vector<telemetry::record>& records) override {
    std::string lines;
    for (const auto& r : records) {
      auto stream = r.stream.substr(0, r.stream.rfind('-') + 1) + environment_;
      lines += R"({"create":{"_index":")" + stream + R"(","_id":")" + r.id + "\"}}\n";
      lines += r.document + "\n";
    }
    auto said = must(run(server_->put_lines({}, "/_bulk?refresh=true", lines)));
    if (elasticsearch::find(said, {"errors"})->as_bool()) {
      throw std::runtime_error(json::to_text(said).substr(0, 1'000));
    }
  }
  reader& read() override { return *reader_; }

 private:
  template <class T>
  static T run(awaitable<T> work) {
    return oficio::conformance::run(std::move(work));
  }
  static json::value must(result<elasticsearch::answer> got) {
    if (!got) throw std::runtime_error(got.error().detail);
    if (!got->good()) throw std::runtime_error(elasticsearch::reason_of(got->body));
    return std::move(got->body);
  }

  std::string environment_;
  oficio::conformance::background_io io_;
  std::unique_ptr<elasticsearch::server> server_;
  std::unique_ptr<reader> reader_;
};

const driver_under_test elastic{"elasticsearch", [](const std::string&, runtime::blocking_pool&) {
                                  return std::make_unique<in_streams>();
                                }};

}  // namespace

INSTANTIATE_TEST_SUITE_P(elasticsearch, archive_conformance, testing::Values(elastic),
                         [](const auto& info) { return info.param.name; });

TEST(an_archive, of_a_server_that_is_away_is_not_available) {
  oficio::conformance::background_io io;
  auto nobody = config::parse_server_address("telemetry", "http://127.0.0.1:1?spill_mb=8");
  auto reader = elasticsearch::make_archive(nobody, "test", io.io());
  auto got = oficio::conformance::run(reader->services({}, hour()));
  EXPECT_EQ(got.error().code, "archive_unavailable");
}

}  // namespace oficio::archive::conformance
