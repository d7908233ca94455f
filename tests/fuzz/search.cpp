// The search index: any text as a document and any text as what people type; whatever they are, the
// answer is a page that holds together.
#include <chrono>
#include <filesystem>
#include <future>
#include <set>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <unistd.h>

#include "drivers/embedded/search/index.hpp"
#include "fuzz/must.hpp"
#include "platform/http/utf8.hpp"
#include "platform/runtime/blocking_pool.hpp"

namespace oficio::fuzz {

using namespace std::chrono_literals;

search::schema schema() {
  return {.name = "things",
          .fields = {{"title", search::field_kind::text, 3.0},
                     {"text", search::field_kind::text, 1.0},
                     {"tag", search::field_kind::keyword, 1.0},
                     {"price", search::field_kind::number, 1.0}},
          .signals = {{"price", 0.1}},
          .synonyms = {{"logo", "logotype"}, {"web page", "website"}}};
}

search::versioned thing(std::string id, std::string title, std::string text, std::int64_t version) {
  return {.doc = {.id = std::move(id),
                  .body = "{}",
                  .values = {{"title", std::move(title)},
                             {"text", std::move(text)},
                             {"tag", std::string("owl")},
                             {"price", version % 100}}},
          .version = version};
}

class shop {
 public:
  shop()
      : pool_("search", 1, 100),
        index_(embedded::make_index((folder_ / "index.db").string(), schema(), pool_)),
        keep_(io_.get_executor()),
        thread_([this] { io_.run(); }) {
    for (int i = 0; i < 40; ++i) {
      must(put(thing("p" + std::to_string(i), "A website for owl number " + std::to_string(i),
                     "Logo, página web y diseño de ilustraciones", i + 1))
               .has_value());
    }
  }
  ~shop() {
    keep_.reset();
    std::filesystem::remove_all(folder_);
  }

  template <class T>
  T wait(awaitable<T> what) {
    return boost::asio::co_spawn(io_, std::move(what), boost::asio::use_future).get();
  }
  result<void> put(search::versioned v) { return wait(index_->put(patient(), {std::move(v)})); }
  search::index& index() { return *index_; }
  context patient() {
    context ctx;
    ctx.deadline = std::chrono::steady_clock::now() + 30s;
    return ctx;
  }
  std::int64_t next_version() { return ++version_; }

 private:
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("oficio-fuzz-search-" + std::to_string(::getpid()));
  bool made_ = std::filesystem::create_directories(folder_);
  runtime::blocking_pool pool_;
  std::unique_ptr<search::index> index_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_;
  std::jthread thread_;
  std::int64_t version_ = 100;
};

void check(shop& own, search::query q) {
  auto page = own.wait(own.index().search(own.patient(), q));
  must(page.has_value() && page->hits.size() <= q.limit);
  must(page->total >= static_cast<std::int64_t>(page->hits.size()));
  if (page->hits.empty()) return;
  q.after = page->hits.back().position;
  auto next = own.wait(own.index().search(own.patient(), q));
  must(next.has_value() && next->total == page->total);
}

void run(shop& own, std::string_view bytes) {
  std::string told(bytes.substr(0, bytes.size() / 2));
  std::string typed(bytes.substr(bytes.size() / 2));
  // A document is JSON, which was UTF-8 when it came; what is typed may be anything.
  if (!http::detail::is_utf8(told)) return;
  must(own.put(thing("fuzz", told, told, own.next_version())).has_value());
  must(own.wait(own.index().get(own.patient(), "fuzz")).value().has_value());
  check(own, {.text = typed, .limit = 5});
  check(own, {.text = told,
              .terms = {{"tag", {"owl", typed}}},
              .ranges = {{"price", 0, 50}},
              .sort = {"price", true},
              .limit = 5,
              .facets = {{"tag", 5, {}}, {"price", 5, {0, 10, 50}}}});
  auto odd = own.wait(own.index().search(own.patient(), {.text = "owl", .after = typed}));
  must(odd.has_value() || odd.error().code == "bad_cursor");
  must(own.wait(own.index().complete(own.patient(), {.text = typed, .fields = {"tag", "title"}}))
           .has_value());
  must(own.wait(own.index().similar(own.patient(), {.id = "fuzz", .fields = {{"tag", 1.0}}}))
           .has_value());
}

}  // namespace oficio::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static oficio::fuzz::shop own;
  oficio::fuzz::run(own, {reinterpret_cast<const char*>(data), size});
  return 0;
}
