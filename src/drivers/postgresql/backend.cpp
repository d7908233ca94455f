#include "drivers/postgresql/backend.hpp"

#include <string>

namespace oficio::postgresql {
namespace {

using soci::details::exchange_type;

class parameter final : public soci::postgresql_standard_use_type_backend {
 public:
  using postgresql_standard_use_type_backend::postgresql_standard_use_type_backend;

  void pre_use(const soci::indicator* ind) override {
    bool null = ind && *ind == soci::i_null;
    if (!null && type_ == soci::details::x_stdstring &&
        static_cast<std::string*>(data_)->find('\0') != std::string::npos) {
      throw nul_in_text();
    }
    postgresql_standard_use_type_backend::pre_use(ind);
  }
};

class statement final : public soci::postgresql_statement_backend {
 public:
  using postgresql_statement_backend::postgresql_statement_backend;

  parameter* make_use_type_backend() override { return new parameter(*this); }
};

class session final : public soci::postgresql_session_backend {
 public:
  using postgresql_session_backend::postgresql_session_backend;

  statement* make_statement_backend() override { return new statement(*this, single_row_mode_); }
};

}  // namespace

soci::details::session_backend* backend_factory::make_session(
    const soci::connection_parameters& parameters) const {
  return new session(parameters, false);
}

}  // namespace oficio::postgresql
