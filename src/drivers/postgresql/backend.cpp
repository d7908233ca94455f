#include "drivers/postgresql/backend.hpp"

#include <string>

namespace oficio::postgresql {
namespace {

namespace details = soci::details;

// SOCI's classes cannot be derived from (its library hides them), but they can be stood in front
// of.

class parameter final : public details::standard_use_type_backend {
 public:
  explicit parameter(details::standard_use_type_backend* behind) : behind_(behind) {}

  void bind_by_pos(int& position, void* data, details::exchange_type type,
                   bool read_only) override {
    keep(data, type);
    behind_->bind_by_pos(position, data, type, read_only);
  }
  void bind_by_name(const std::string& name, void* data, details::exchange_type type,
                    bool read_only) override {
    keep(data, type);
    behind_->bind_by_name(name, data, type, read_only);
  }
  void pre_exec(int number) override { behind_->pre_exec(number); }
  void pre_use(const soci::indicator* ind) override {
    bool null = ind && *ind == soci::i_null;
    if (text_ && !null && text_->find('\0') != std::string::npos) throw nul_in_text();
    behind_->pre_use(ind);
  }
  void post_use(bool got_data, soci::indicator* ind) override { behind_->post_use(got_data, ind); }
  void clean_up() override { behind_->clean_up(); }

 private:
  void keep(void* data, details::exchange_type type) {
    text_ = type == details::x_stdstring ? static_cast<const std::string*>(data) : nullptr;
  }

  std::unique_ptr<details::standard_use_type_backend> behind_;
  const std::string* text_ = nullptr;
};

class statement final : public details::statement_backend {
 public:
  explicit statement(details::statement_backend* behind) : behind_(behind) {}

  void alloc() override { behind_->alloc(); }
  void clean_up() override { behind_->clean_up(); }
  void prepare(const std::string& query, details::statement_type type) override {
    behind_->prepare(query, type);
  }
  exec_fetch_result execute(int number) override { return behind_->execute(number); }
  exec_fetch_result fetch(int number) override { return behind_->fetch(number); }
  long long get_affected_rows() override { return behind_->get_affected_rows(); }
  int get_number_of_rows() override { return behind_->get_number_of_rows(); }
  std::string get_parameter_name(int i) const override { return behind_->get_parameter_name(i); }
  std::string rewrite_for_procedure_call(const std::string& query) override {
    return behind_->rewrite_for_procedure_call(query);
  }
  int prepare_for_describe() override { return behind_->prepare_for_describe(); }
  void describe_column(int column, soci::data_type& type, std::string& name) override {
    behind_->describe_column(column, type, name);
  }
  details::standard_into_type_backend* make_into_type_backend() override {
    return behind_->make_into_type_backend();
  }
  details::standard_use_type_backend* make_use_type_backend() override {
    return new parameter(behind_->make_use_type_backend());
  }
  details::vector_into_type_backend* make_vector_into_type_backend() override {
    return behind_->make_vector_into_type_backend();
  }
  details::vector_use_type_backend* make_vector_use_type_backend() override {
    throw soci::soci_error("vectors of parameters are not looked at for NUL; use them one by one");
  }

 private:
  std::unique_ptr<details::statement_backend> behind_;
};

class session final : public details::session_backend {
 public:
  explicit session(details::session_backend* behind) : behind_(behind) {}

  PGconn* handle() const {
    return static_cast<soci::postgresql_session_backend*>(behind_.get())->conn_;
  }

  bool is_connected() override { return behind_->is_connected(); }
  void begin() override { behind_->begin(); }
  void commit() override { behind_->commit(); }
  void rollback() override { behind_->rollback(); }
  std::string get_dummy_from_table() const override { return behind_->get_dummy_from_table(); }
  std::string get_backend_name() const override { return behind_->get_backend_name(); }
  details::statement_backend* make_statement_backend() override {
    return new statement(behind_->make_statement_backend());
  }
  details::rowid_backend* make_rowid_backend() override { return behind_->make_rowid_backend(); }
  details::blob_backend* make_blob_backend() override { return behind_->make_blob_backend(); }

 private:
  std::unique_ptr<details::session_backend> behind_;
};

}  // namespace

details::session_backend* backend_factory::make_session(
    const soci::connection_parameters& parameters) const {
  return new session(soci::factory_postgresql()->make_session(parameters));
}

PGconn* handle_of(soci::session& of) {
  return static_cast<session*>(of.get_backend())->handle();
}

}  // namespace oficio::postgresql
