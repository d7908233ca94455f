#include "memory_documents.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <boost/json/array.hpp>

namespace oficio::orders::model {
namespace {

using boost::json::value;
using namespace documents;

value at_path(const boost::json::object& body, std::string_view path) {
  const boost::json::object* in = &body;
  for (;;) {
    auto dot = path.find('.');
    auto* found = in->if_contains(path.substr(0, dot));
    if (!found) return nullptr;
    if (dot == std::string_view::npos) return *found;
    in = found->if_object();
    if (!in) return nullptr;
    path.remove_prefix(dot + 1);
  }
}

// Null before numbers before text, as SQLite orders them.
int rank(const value& v) {
  return v.is_null() ? 0 : v.is_string() ? 2 : 1;
}
bool less(const value& a, const value& b) {
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  if (rank(a) == 0) return false;
  if (rank(a) == 2) return a.as_string() < b.as_string();
  auto number = [](const value& v) {
    return v.is_bool() ? v.as_bool() : v.to_number<std::int64_t>();
  };
  return number(a) < number(b);
}

bool holds(const condition& c, const boost::json::object& body) {
  auto v = at_path(body, c.path);
  if (c.op == op::in) {
    return std::ranges::any_of(c.value.as_array(), [&](const value& one) { return one == v; });
  }
  if (c.op == op::eq) return v == c.value;
  if (v.is_null()) return false;
  switch (c.op) {
    case op::lt:
      return less(v, c.value);
    case op::lte:
      return !less(c.value, v);
    case op::gt:
      return less(c.value, v);
    default:
      return !less(v, c.value);
  }
}

class memory_driver : public driver {
 public:
  memory_driver(collection_spec spec, std::function<void()> after_write)
      : spec_(std::move(spec)), after_write_(std::move(after_write)) {}

  awaitable<result<std::optional<record>>> get(const context&, std::string id) override {
    auto found = records_.find(id);
    if (found == records_.end()) co_return std::optional<record>{};
    co_return std::optional<record>{found->second};
  }

  // Only what the stories need: one sort key at most, and no pages.
  awaitable<result<std::vector<record>>> find(const context&, query q) override {
    std::vector<record> out;
    for (const auto& [id, r] : records_) {
      bool fits = std::ranges::all_of(q.where, [&](const auto& c) { return holds(c, r.body); });
      if (fits) out.push_back(r);
    }
    if (!q.sort.empty()) {
      std::ranges::sort(out, [&](const record& a, const record& b) {
        return less(at_path(a.body, q.sort[0].path), at_path(b.body, q.sort[0].path));
      });
    }
    if (out.size() > q.limit) out.resize(q.limit);
    co_return out;
  }

  awaitable<result<std::int64_t>> count(const context& ctx, std::vector<condition> where) override {
    query q{.where = std::move(where), .limit = SIZE_MAX};
    CO_TRY(auto found, co_await find(ctx, std::move(q)));
    co_return static_cast<std::int64_t>(found.size());
  }

  awaitable<result<void>> insert(const context&, record r) override {
    if (records_.contains(r.id)) co_return error{errc::conflict, "duplicate", "id"};
    CO_TRY_VOID(check_unique(r));
    auto id = r.id;
    records_.emplace(std::move(id), std::move(r));
    after_write_();
    co_return result<void>{};
  }

  awaitable<result<void>> replace(const context&, record r, std::int64_t expected) override {
    auto found = records_.find(r.id);
    if (found == records_.end()) co_return not_found("The document");
    if (found->second.write_version != expected) {
      co_return error{errc::conflict, "stale_version", "Somebody else wrote it."};
    }
    CO_TRY_VOID(check_unique(r));
    r.outbox.clear();  // told at once, so that long stories do not fill it
    found->second = std::move(r);
    after_write_();
    co_return result<void>{};
  }

  awaitable<result<std::vector<record>>> with_outbox(const context&, std::size_t) override {
    co_return std::vector<record>{};
  }
  awaitable<result<void>> confirm(const context&, std::string, std::vector<std::string>) override {
    co_return result<void>{};
  }

 private:
  result<void> check_unique(const record& r) const {
    for (const auto& index : spec_.indexes) {
      if (!index.unique) continue;
      for (const auto& [id, other] : records_) {
        bool same = id != r.id && std::ranges::all_of(index.paths, [&](const auto& path) {
                      return at_path(other.body, path) == at_path(r.body, path);
                    });
        if (same) return error{errc::conflict, "duplicate", index.name};
      }
    }
    return {};
  }

  collection_spec spec_;
  std::function<void()> after_write_;
  std::map<std::string, record> records_;
};

class memory_database : public database {
 public:
  explicit memory_database(std::function<void()> after_write)
      : after_write_(std::move(after_write)) {}
  std::unique_ptr<driver> open(collection_spec spec) override {
    return std::make_unique<memory_driver>(std::move(spec), after_write_);
  }
  awaitable<result<void>> ping(const context&) override { co_return result<void>{}; }

 private:
  std::function<void()> after_write_;
};

}  // namespace

std::unique_ptr<documents::database> make_memory_documents(std::function<void()> after_write) {
  return std::make_unique<memory_database>(std::move(after_write));
}

}  // namespace oficio::orders::model
