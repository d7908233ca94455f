#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "platform/runtime/blocking_pool.hpp"
#include "platform/search/index.hpp"

namespace oficio::search::conformance {

// How the suite makes the driver that it tests. A second call with the same folder opens the same
// index again.
struct driver_under_test {
  std::string name;
  std::function<std::unique_ptr<index>(const std::string& folder, schema s,
                                       runtime::blocking_pool& pool)>
      make;
  // Lets what was written be found now, where it is only found from time to time.
  std::function<void(const std::string& folder)> settle = nullptr;
};

// A document of the test's schema.
struct sample {
  std::string id;
  std::string title;
  std::string description = "something plain";
  std::vector<std::string> tags = {};
  std::string category = "design";
  std::int64_t price = 1'000;
  std::int64_t sales = 0;
  std::int64_t version = 1;
  bool hidden = false;
};

class search_conformance : public testing::TestWithParam<driver_under_test> {
 protected:
  void SetUp() override;
  void TearDown() override;
  void restart() { restart_with(schema_of_samples()); }
  void restart_with(schema s);

  static schema schema_of_samples();
  static document document_of(const sample& s);

  result<void> put(std::vector<versioned> documents);
  void put(const sample& s);
  void put_all(const std::vector<sample>& samples);
  void put_visibly(const sample& s);
  void remove(const std::string& id, std::int64_t version);

  std::optional<hit> get(const std::string& id);
  std::vector<std::string> get_many(std::vector<std::string> ids);
  result<void> ping();
  bool wants_all();
  result<page> search(query q);
  page found(query q);  // fails the test on an error
  // Ids of a page, once a write has had the time to be found.
  std::vector<std::string> ids_of(const query& q);
  // Waits until the search finds these, in this order; at most two seconds, or no longer than it
  // takes to settle.
  void expect_ids(const query& q, const std::vector<std::string>& ids);
  void expect_text(const std::string& text, std::vector<std::string> ids_in_any_order);
  void expect_text_now(const std::string& text, std::vector<std::string> ids_in_any_order);

  // For what must be found without that.
  void never_settle() { settles_ = false; }

  // What an index of these titles takes a text for; empty if for what it is.
  std::string correction_of(const std::string& text);
  std::vector<std::string> completed(completion_query q);  // "field: text"
  std::vector<std::string> similar(likeness_query q);      // ids

  // All ids, page by page.
  std::vector<std::string> all_pages(query q);
  // Pages of seven give what one great page gives.
  void expect_same_as_one_page(query q, std::size_t count);

 private:
  std::vector<std::string> sorted_ids_of(const std::string& text);
  // Until it finds them.
  template <class Ids>
  void expect_found(const std::vector<std::string>& wanted, const std::string& text, Ids find);

  bool settles_ = true;
  std::string folder_;
  std::unique_ptr<runtime::blocking_pool> pool_;
  std::unique_ptr<index> index_;
};

query text_query(std::string text);
std::vector<std::string> ids_in(const page& p);
// A text member of what was put.
std::string member(const hit& h, const std::string& name);

}  // namespace oficio::search::conformance
