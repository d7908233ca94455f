#include "drivers/smtp/mail.hpp"
#include "mail_server.hpp"
#include "transport_conformance.hpp"

namespace oficio::mail::conformance {
namespace {

class mailed final : public post_office {
 public:
  mailed(const sender& from, const wall_clock& clock)
      : way_(smtp::make_mail(mail_server::address(), from, clock, {nullptr, "test"})),
        before_(mail_server::messages().size()) {}
  transport& way() override { return *way_; }
  std::vector<arrived> received() override {
    std::vector<arrived> out;
    auto all = mail_server::messages();
    for (auto i = before_; i < all.size(); ++i) {
      EXPECT_EQ(all[i].from, "no-reply@market.example");
      EXPECT_EQ(all[i].user, "oficio");
      EXPECT_TRUE(all[i].tls);
      out.push_back({all[i].to.size() == 1 ? all[i].to.front() : "several", all[i].raw});
    }
    return out;
  }

 private:
  std::unique_ptr<transport> way_;
  std::size_t before_;
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(smtp, transport_conformance,
                         testing::Values(office_under_test{
                             "starttls",
                             [](const std::string&, const sender& from, runtime::blocking_pool&,
                                const wall_clock& clock) -> std::unique_ptr<post_office> {
                               return std::make_unique<mailed>(from, clock);
                             }}),
                         [](const auto& info) { return info.param.name; });

}  // namespace oficio::mail::conformance
