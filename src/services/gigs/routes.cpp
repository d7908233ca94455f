#include "services/gigs/routes.hpp"

#include <algorithm>
#include <charconv>

#include "platform/hosting/service.hpp"
#include "platform/http/body.hpp"
#include "platform/http/json_response.hpp"
#include "platform/http/query.hpp"
#include "services/gigs/catalogue.hpp"
#include "services/gigs/search.hpp"

namespace oficio::gigs {
namespace {

using answer = awaitable<result<http::response>>;

struct active_said {
  bool active = false;
};
BOOST_DESCRIBE_STRUCT(active_said, (), (active))

struct catalogue_shown {
  std::vector<category> items;
  std::string currency;  // of all prices here
};
BOOST_DESCRIBE_STRUCT(catalogue_shown, (), (items, currency))

std::string etag(std::int64_t revision) {
  return "\"" + std::to_string(revision) + "\"";
}

http::response shown(int status, const gig& g) {
  auto out = http::json_response(status, g);
  out.headers.set("ETag", etag(g.revision));
  return out;
}

// The revision that an If-Match header names; nothing if there is none or any will do.
// Errors: bad_request `bad_if_match`.
result<std::optional<std::int64_t>> revision_of(const http::request& r) {
  auto said = r.headers.get("If-Match");
  if (said.empty() || said == "*") return std::optional<std::int64_t>{};
  if (said.starts_with("W/")) said.remove_prefix(2);
  std::int64_t number = 0;
  bool quoted = said.size() > 2 && said.front() == '"' && said.back() == '"';
  if (quoted) {
    auto* end = said.data() + said.size() - 1;
    auto read = std::from_chars(said.data() + 1, end, number);
    quoted = read.ec == std::errc{} && read.ptr == end;
  }
  if (!quoted) {
    return error{errc::bad_request, "bad_if_match",
                 "If-Match must be an ETag of this gig, such as \"3\"."};
  }
  return std::optional(number);
}

result<std::string> key_of(const http::request& r) {
  std::string key(r.headers.get("Idempotency-Key"));
  if (key.size() > 200) {
    return error{errc::bad_request, "bad_idempotency_key",
                 "Idempotency-Key takes at most 200 characters."};
  }
  return key;
}

class api {
 public:
  api(std::shared_ptr<service> s, security::cursor_signer cursors)
      : service_(std::move(s)), cursors_(std::move(cursors)) {}

  answer create(http::request& r) {
    CO_TRY(auto draft, read_said<gig_draft>(r));
    CO_TRY(auto key, key_of(r));
    CO_TRY(auto made, co_await service_->create(r.ctx, std::move(draft), std::move(key)));
    auto out = shown(made.again ? 200 : 201, made.value);
    if (!made.again) out.headers.set("Location", "/api/v1/gigs/" + made.value.id);
    co_return out;
  }

  answer change(http::request& r) {
    CO_TRY(auto revision, revision_of(r));
    CO_TRY(auto patch, read_said<gig_patch>(r));
    CO_TRY(auto now, co_await service_->change(r.ctx, r.param("id"), std::move(patch), revision));
    co_return shown(200, now);
  }

  answer remove(http::request& r) {
    CO_TRY(auto revision, revision_of(r));
    CO_TRY_VOID(co_await service_->remove(r.ctx, r.param("id"), revision));
    co_return http::no_content();
  }

  answer set_active(http::request& r) {
    CO_TRY(auto revision, revision_of(r));
    CO_TRY(auto said, http::read_body<active_said>(r));
    CO_TRY(auto now, co_await service_->set_active(r.ctx, r.param("id"), said.active, revision));
    co_return shown(200, now);
  }

  answer get(http::request& r) {
    CO_TRY(auto found, co_await service_->get(r.ctx, r.param("id")));
    auto out = http::json_response(200, std::move(found.body));
    out.headers.set("ETag", etag(found.revision));
    co_return out;
  }

  answer get_many(http::request& r) {
    http::query_reader in(r);
    auto ids = in.list("ids", 50);
    CO_TRY_VOID(in.done());
    if (ids.empty()) {
      co_return invalid({{"?ids", "required", "must name the gigs, with commas between them"}});
    }
    CO_TRY(auto found, co_await service_->get_many(r.ctx, std::move(ids)));
    co_return whole_list(found);
  }

  answer similar(http::request& r) {
    http::query_reader in(r);
    auto limit = in.limit(12);
    CO_TRY_VOID(in.done());
    CO_TRY(auto found, co_await service_->similar(r.ctx, r.param("id"), limit));
    co_return whole_list(found);
  }

  answer suggest(http::request& r) {
    http::query_reader in(r);
    auto typed = in.text("q").value_or("");
    auto limit = in.limit(10);
    CO_TRY_VOID(in.done());
    CO_TRY(auto found, co_await service_->suggest(r.ctx, std::move(typed), limit));
    co_return http::json_response(200, to_json(found));
  }

  answer top(http::request& r) {
    http::query_reader in(r);
    auto q = read_top(in);
    return listed(r, in, std::move(q), "top", false, 12);
  }

  answer search(http::request& r) {
    http::query_reader in(r);
    auto q = read_search(in);
    return listed(r, in, std::move(q), "search", true);
  }

  answer mine(http::request& r) {
    http::query_reader in(r);
    search::query q;
    q.terms.push_back({"seller_id", {r.ctx.who.sub}});
    if (auto active = in.flag("active"))
      q.terms.push_back({"active", {*active ? "true" : "false"}});
    q.sort = {"created_at", true};
    return listed(r, in, std::move(q), "mine/" + r.ctx.who.sub, false);
  }

  answer of_seller(http::request& r) {
    http::query_reader in(r);
    search::query q;
    q.terms = {{"active", {"true"}}, {"seller", {r.param("username")}}};
    q.sort = {"created_at", true};
    return listed(r, in, std::move(q), "sellers/" + r.param("username"), false);
  }

  answer categories(http::request& r) {
    http::query_reader in(r);
    CO_TRY_VOID(in.done());
    co_return http::json_response(200, catalogue_shown{catalogue(), service_->currency()});
  }

 private:
  // Reads the paging parameters, the last ones that `in` is asked for, and answers.
  answer listed(const http::request& r, http::query_reader& in, search::query q, std::string list,
                bool with_facets, std::size_t usual_limit = 20) {
    q.limit = in.limit(usual_limit) + 1;  // one more, to know whether there are more
    auto cursor = in.text("cursor", 4'000);
    return page(r.ctx, in.done(), std::move(q), scope_of(r, std::move(list)), cursor, with_facets);
  }

  answer page(const context& ctx, result<void> asked, search::query q, std::string scope,
              std::optional<std::string> cursor, bool with_facets) {
    CO_TRY_VOID(asked);
    if (cursor) {
      CO_TRY(q.after, cursors_.open(scope, *cursor));
    }
    auto limit = q.limit - 1;
    auto text = q.text;
    CO_TRY(auto found, co_await service_->find(ctx, std::move(q)));
    if (with_facets && !cursor) service_->searched(ctx, text, found.total);
    json::value next = nullptr;
    if (found.hits.size() > limit) {
      found.hits.resize(limit);
      next = json::value(cursors_.sign(scope, found.hits.back().position));
    }
    json::object more{{"next_cursor", std::move(next)}};
    if (with_facets) {
      more["total"] = found.total;
      more["facets"] = facets_to_json(found.facets);
      more["correction"] = nullptr;
      if (found.correction) more["correction"] = *found.correction;
    }
    std::vector<std::string> bodies;
    for (auto& h : found.hits) bodies.push_back(std::move(h.body));
    co_return http::json_response(200, list_text(bodies, more));
  }

  static http::response whole_list(const std::vector<std::string>& bodies) {
    return http::json_response(200, list_text(bodies, {{"next_cursor", nullptr}}));
  }

  // {"items": [bodies], …more}: gigs are kept as the text that is shown, and are not read and
  // written once more for a list.
  static std::string list_text(const std::vector<std::string>& bodies, const json::object& more) {
    auto rest = json::to_text(json::value(more));
    std::size_t size = rest.size() + 16;
    for (const auto& body : bodies) size += body.size() + 1;
    std::string out = "{\"items\":[";
    out.reserve(size);
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      if (i > 0) out += ',';
      out += bodies[i];
    }
    out += "],";
    out.append(rest, 1);
    return out;
  }

  // Everything that says which list it is, in an order of its own.
  static std::string scope_of(const http::request& r, std::string list) {
    auto all = r.query;
    std::erase_if(all,
                  [](const auto& one) { return one.first == "cursor" || one.first == "limit"; });
    std::ranges::sort(all);
    json::array parts{json::value(std::move(list))};
    for (const auto& [name, value] : all) parts.push_back(json::array{name, value});
    return json::to_text(json::value(std::move(parts)));
  }

  std::shared_ptr<service> service_;
  security::cursor_signer cursors_;
};

http::handler calling(std::shared_ptr<api> a, answer (api::*what)(http::request&)) {
  return [a = std::move(a), what](http::request& r) { return (a.get()->*what)(r); };
}

}  // namespace

http::router routes(std::shared_ptr<service> s, security::cursor_signer cursors) {
  auto a = std::make_shared<api>(std::move(s), std::move(cursors));
  http::router out;
  out.post("/gigs", hosting::signed_in(calling(a, &api::create)))
      .get("/gigs", calling(a, &api::get_many))
      .get("/gigs/mine", hosting::signed_in(calling(a, &api::mine)))
      .get("/gigs/search", calling(a, &api::search))
      .get("/gigs/suggest", calling(a, &api::suggest))
      .get("/gigs/top", calling(a, &api::top))
      .get("/gigs/{id}", calling(a, &api::get))
      .get("/gigs/{id}/similar", calling(a, &api::similar))
      .patch("/gigs/{id}", hosting::signed_in(calling(a, &api::change)))
      .del("/gigs/{id}", hosting::signed_in(calling(a, &api::remove)))
      .put("/gigs/{id}/active", hosting::signed_in(calling(a, &api::set_active)))
      .get("/sellers/{username}/gigs", calling(a, &api::of_seller))
      .get("/categories", calling(a, &api::categories));
  return out;
}

}  // namespace oficio::gigs
