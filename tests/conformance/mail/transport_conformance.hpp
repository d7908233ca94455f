#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "conformance/support.hpp"
#include "platform/base/clock.hpp"
#include "platform/mail/mime.hpp"
#include "platform/mail/transport.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::mail::conformance {

using oficio::conformance::run;
using oficio::conformance::run_all;

// What arrived, as it travelled.
struct arrived {
  std::string to;
  std::string mime;
};

// A transport and whoever receives its mail.
class post_office {
 public:
  virtual ~post_office() = default;
  virtual transport& way() = 0;
  virtual std::vector<arrived> received() = 0;  // since it was made, in any order
};

struct office_under_test {
  std::string name;
  std::function<std::unique_ptr<post_office>(const std::string& folder, const sender& from,
                                             runtime::blocking_pool& pool, const wall_clock& clock)>
      make;
};

class transport_conformance : public testing::TestWithParam<office_under_test> {
 protected:
  void SetUp() override { office_ = GetParam().make(folder_.path(), from_, pool_, clock_); }

  static message mail(std::string id, std::string to = "ana@example.org") {
    return {.id = id,
            .to = std::move(to),
            .subject = "About " + id,
            .text = "Hola ñ",
            .html = "<p>Hola",
            .language = "es",
            .unsubscribe_url = "https://market.example/stop?token=t"};
  }
  result<void> send(message m) { return run(office_->way().send(ctx_, std::move(m))); }
  // What of all that arrived has that Message-ID.
  std::vector<arrived> of(const std::string& id);

  const sender from_{"Oficio", "no-reply@market.example"};
  oficio::conformance::temporary_folder folder_;
  runtime::blocking_pool pool_{"mail", 2, 256};
  wall_clock clock_;
  context ctx_ = context::for_system(std::chrono::minutes(1));
  std::unique_ptr<post_office> office_;
};

}  // namespace oficio::mail::conformance
