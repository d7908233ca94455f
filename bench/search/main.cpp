// Fills a search index with made-up gigs and measures it without the rest of the program:
// bench_search FILE [GIGS [URL]]. The file is what `oficio serve all` takes for its own, so that
// bench/search.py can measure the same through the gateway. With the address of a search server it
// does the same there, by the clock: the processor that matters is the server's.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "drivers/elasticsearch/index.hpp"
#include "drivers/embedded/search/index.hpp"
#include "search/sample.hpp"
#include "services/gigs/module.hpp"
#include "services/gigs/search.hpp"

namespace oficio::bench {
namespace {

using clock = std::chrono::steady_clock;

double seconds_since(clock::time_point begin) {
  return std::chrono::duration<double>(clock::now() - begin).count();
}

// Of the processor, all threads: what a shared machine cannot falsify.
double processor_since(std::clock_t begin) {
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

double mebibytes(const char* what) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == what && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

template <class T>
T run(awaitable<T> work) {
  boost::asio::io_context io;
  auto done = boost::asio::co_spawn(io, std::move(work), boost::asio::use_future);
  io.run();
  return done.get();
}

void fill(search::index& index, const sample& from, std::uint32_t count) {
  auto begin = clock::now();
  auto processor = std::clock();
  constexpr std::uint32_t batch = 1'000;
  for (std::uint32_t first = 0; first < count; first += batch) {
    std::vector<search::versioned> all;
    for (auto n = first; n < std::min(first + batch, count); ++n) {
      all.push_back(gigs::searchable(from.gig(n), 1));
    }
    context ctx;
    ctx.deadline = clock::now() + std::chrono::minutes(1);
    if (auto done = run(index.put(ctx, std::move(all))); !done) {
      std::fprintf(stderr, "put: %s\n", done.error().detail.c_str());
      std::exit(1);
    }
  }
  std::printf("filled with %u gigs in %.1f s (%.1f s of processor)\n", count, seconds_since(begin),
              processor_since(processor));
}

search::query ask(std::string text) {
  search::query q;
  q.text = std::move(text);
  q.terms.push_back({"active", {"true"}});
  q.facets = gigs::search_facets();
  return q;
}

void measure(search::index& index, const char* name,
             const std::function<search::query(std::size_t)>& make) {
  std::vector<double> times;
  std::vector<double> waits;
  std::int64_t total = 0;
  constexpr std::size_t rounds = 60;
  for (std::size_t i = 0; i < rounds; ++i) {
    context ctx;
    auto q = make(i);
    auto asked = clock::now();
    auto begin = std::clock();
    auto page = run(index.search(ctx, std::move(q)));
    times.push_back(processor_since(begin) * 1'000);
    waits.push_back(seconds_since(asked) * 1'000);
    if (page) total += page->total;
  }
  std::ranges::sort(times);
  std::ranges::sort(waits);
  std::printf("%-34s %8.0f hits  p50 %6.2f ms  p99 %6.2f ms  clock: p50 %6.2f ms  p99 %6.2f ms\n",
              name, static_cast<double>(total) / rounds, times[rounds / 2], times[rounds - 1],
              waits[rounds / 2], waits[rounds - 1]);
}

void measure_all(search::index& index, const sample& from) {
  const auto& words = from.words();
  auto word = [&](std::size_t rank) { return words[rank % words.size()]; };
  measure(index, "browse all", [&](std::size_t) { return ask(""); });
  measure(index, "rare word", [&](std::size_t i) { return ask(word(5'000 + i * 97) + " "); });
  measure(index, "common word", [&](std::size_t i) { return ask(word(i % 20) + " "); });
  measure(index, "two words",
          [&](std::size_t i) { return ask(word(i) + " " + word(3 * i + 40) + " "); });
  measure(index, "four words", [&](std::size_t i) {
    return ask(word(i) + " " + word(2 * i) + " " + word(9 * i + 50) + " " + word(20 * i + 200));
  });
  measure(index, "one letter",
          [&](std::size_t i) { return ask(std::string(1, static_cast<char>('a' + i % 26))); });
  measure(index, "three letters", [&](std::size_t i) { return ask(word(i * 3).substr(0, 3)); });
  measure(index, "misspelt", [&](std::size_t i) {
    auto typed = word(100 + i * 30);
    std::swap(typed[1], typed[2]);
    return ask(typed + "x ");
  });
  measure(index, "price and category, by price", [&](std::size_t i) {
    auto q = ask("");
    q.terms.push_back({"category", {i % 2 == 0 ? "design" : "programming"}});
    q.ranges.push_back({"price", 1'000, 10'000});
    q.sort = {"price", false};
    return q;
  });
  measure(index, "common word, filtered, by rating", [&](std::size_t i) {
    auto q = ask(word(i % 20) + " ");
    q.terms.push_back({"country", {"ES", "MX"}});
    q.ranges.push_back({"rating", 400, std::nullopt});
    q.sort = {"rating", true};
    return q;
  });
}

void measure_server(const std::string& url, const sample& from, std::uint32_t gigs) {
  boost::asio::io_context io;
  auto work = boost::asio::make_work_guard(io);
  std::jthread thread([&io] { io.run(); });
  {
    auto address = config::parse_server_address("URL", url);
    auto index = elasticsearch::make_index(address, gigs::search_schema(), io);
    if (run(index->wants_all(context{})).value()) fill(*index, from, gigs);
    std::printf("the server at %s, cold:\n", address.shown().c_str());
    measure_all(*index, from);
    std::printf("the same, warm:\n");
    measure_all(*index, from);
  }
  work.reset();
}

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: bench_search FILE [GIGS [URL]]\n");
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::string path = arguments[1];
  auto gigs = static_cast<std::uint32_t>(count > 2 ? std::atoi(arguments[2]) : 100'000);
  runtime::blocking_pool pool("bench", 2, 64);
  sample from;
  if (!std::ifstream(path))
    fill(*embedded::make_index(path, gigs::search_schema(), pool), from, gigs);
  auto begin = clock::now();
  auto processor = std::clock();
  auto index = embedded::make_index(path, gigs::search_schema(), pool);
  std::printf("opened in %.2f s (%.2f s of processor), memory %.0f MiB\n", seconds_since(begin),
              processor_since(processor), mebibytes("VmRSS:"));
  measure_all(*index, from);
  if (count > 3) measure_server(arguments[3], from, gigs);
  std::printf("memory %.0f MiB, at most %.0f MiB\n", mebibytes("VmRSS:"), mebibytes("VmHWM:"));
  return 0;
}

}  // namespace
}  // namespace oficio::bench

int main(int count, char** arguments) {
  return oficio::bench::main(count, arguments);
}
