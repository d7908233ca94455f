#include "platform/http/router.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "platform/http/observer.hpp"
#include "platform/http/problem.hpp"
#include "platform/telemetry/thrown.hpp"

namespace oficio::http {
namespace {

struct endpoint {
  std::string pattern;
  std::vector<std::string> names;  // of its parameters, in order
  handler run;
};

// A position in the tree of patterns.
struct node {
  std::map<std::string, std::unique_ptr<node>, std::less<>> literals;
  std::unique_ptr<node> parameter;
  std::map<method, endpoint> endpoints;
};

std::vector<std::string_view> split(std::string_view pattern) {
  std::vector<std::string_view> out;
  while (!pattern.empty()) {
    auto end = std::min(pattern.find('/'), pattern.size());
    if (end > 0) out.push_back(pattern.substr(0, end));
    pattern.remove_prefix(std::min(end + 1, pattern.size()));
  }
  return out;
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

// The position that `path` leads to, literals first; the values of parameters on the way go to
// `values`.
const node* find(const node& from, const std::vector<std::string>& path, std::size_t at,
                 std::vector<const std::string*>& values) {
  if (at == path.size()) return from.endpoints.empty() ? nullptr : &from;
  if (auto literal = from.literals.find(path[at]); literal != from.literals.end()) {
    if (auto* found = find(*literal->second, path, at + 1, values)) return found;
  }
  if (!from.parameter) return nullptr;
  values.push_back(&path[at]);
  if (auto* found = find(*from.parameter, path, at + 1, values)) return found;
  values.pop_back();
  return nullptr;
}

std::string allowed(const node& at) {
  std::string out;
  for (const auto& [m, unused] : at.endpoints) {
    out.append(to_string(m)).append(", ");
    if (m == method::get) out.append("HEAD, ");
  }
  return out + "OPTIONS";
}

const endpoint* endpoint_for(const node& at, method m) {
  auto found = at.endpoints.find(m);
  if (found == at.endpoints.end() && m == method::head) found = at.endpoints.find(method::get);
  return found == at.endpoints.end() ? nullptr : &found->second;
}

response wrong_method(const request& r, const node& at) {
  response out;
  if (r.method == method::options) {
    out = no_content();
  } else {
    error e{errc::bad_request, "method_not_allowed",
            "This path does not take " + std::string(to_string(r.method)) + "."};
    out = problem(e, r.ctx, 405);
  }
  out.headers.set("Allow", allowed(at));
  return out;
}

error no_such_route() {
  return {errc::not_found, "no_such_route", "There is nothing at this path."};
}

awaitable<response> at_once(response r) {
  co_return r;
}

response broken(const request& r, const std::string& what) {
  return problem(error{errc::internal, "exception", what}, r.ctx);
}

}  // namespace

struct router::table {
  node root;
  std::vector<middleware> chain;
  handler fallback;
  std::vector<std::pair<method, std::string>> listed;

  std::unique_ptr<observer> watcher;

  awaitable<result<response>> run(request& r, const handler& last, std::size_t at) const {
    return at == chain.size() ? last(r) : step(r, last, at);
  }

  awaitable<result<response>> step(request& r, const handler& last, std::size_t at) const {
    const handler next = [this, &last, at](request& to) { return run(to, last, at + 1); };
    co_return co_await chain[at](r, next);
  }

  awaitable<response> answer(request& r, const handler& last) const {
    observer::visit seen;
    if (watcher) seen = watcher->came(r);
    std::string thrown;
    try {
      auto outcome = co_await run(r, last, 0);
      auto out = outcome.has_value() ? std::move(*outcome) : problem(outcome.error(), r.ctx);
      if (seen) watcher->answered(seen, r, out);
      co_return out;
    } catch (const std::exception& e) {
      if (seen) watcher->broken(seen, r, e);
      thrown = telemetry::told(e);
    } catch (...) {
      thrown = "an exception of unknown type";
    }
    auto out = broken(r, thrown);
    if (seen) out.failure = telemetry::as_recorded(std::move(out.failure));
    co_return out;
  }

  // Has no coroutine of its own: most requests are answered by answer() alone.
  awaitable<response> find_and_answer(request& r) const {
    std::vector<const std::string*> values;
    const node* at = find(root, r.path, 0, values);
    if (!at && fallback) return answer(r, fallback);
    if (!at) return at_once(problem(no_such_route(), r.ctx));
    const endpoint* target = endpoint_for(*at, r.method);
    if (!target) return at_once(wrong_method(r, *at));
    r.route = target->pattern;
    r.params.clear();
    for (std::size_t i = 0; i < values.size(); ++i) r.params[target->names[i]] = *values[i];
    return answer(r, target->run);
  }
};

router::router() : table_(std::make_unique<table>()) {}
router::~router() = default;
router::router(router&&) noexcept = default;
router& router::operator=(router&&) noexcept = default;

router& router::add(method m, std::string pattern, handler h) {
  if (!pattern.starts_with('/')) throw std::logic_error("a route must start with /: " + pattern);
  node* at = &table_->root;
  std::vector<std::string> names;
  for (auto segment : split(pattern)) {
    bool parameter = is_parameter(segment);
    if (parameter) names.emplace_back(segment.substr(1, segment.size() - 2));
    auto& next = parameter ? at->parameter : at->literals[std::string(segment)];
    if (!next) next = std::make_unique<node>();
    at = next.get();
  }
  auto [place, fresh] = at->endpoints.try_emplace(m);
  if (!fresh) {
    throw std::logic_error("two routes for " + std::string(to_string(m)) + " " + pattern + " and " +
                           place->second.pattern);
  }
  table_->listed.emplace_back(m, pattern);
  place->second = {std::move(pattern), std::move(names), std::move(h)};
  return *this;
}

router& router::use(middleware m) {
  table_->chain.push_back(std::move(m));
  return *this;
}

router& router::otherwise(handler h) {
  table_->fallback = std::move(h);
  return *this;
}

router& router::observe(std::unique_ptr<observer> by) {
  table_->watcher = std::move(by);
  return *this;
}

awaitable<response> router::handle(request& r) const {
  return table_->find_and_answer(r);
}

std::vector<std::pair<method, std::string>> router::routes() const {
  return table_->listed;
}

}  // namespace oficio::http
