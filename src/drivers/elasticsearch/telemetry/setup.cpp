#include "drivers/elasticsearch/telemetry/setup.hpp"

#include <charconv>

#include "drivers/elasticsearch/server.hpp"
#include "drivers/elasticsearch/telemetry/templates.hpp"
#include "platform/json/json.hpp"

namespace oficio::elasticsearch {
namespace {

using std::chrono::milliseconds;
using lines = std::vector<std::string>;
using kind = stream_template::kind;

constexpr std::size_t max_depth = 64;

struct server_kind {
  std::string name;  // "OpenSearch 2.19.1"
  bool opensearch = false;
  int major = 0;
  int minor = 0;

  bool has_stream_lifecycle() const {
    return !opensearch && (major > 8 || (major == 8 && minor >= 14));
  }
};

// The next number of "8.19.3".
int take_number(std::string_view& version) {
  int out = 0;
  auto [end, failure] = std::from_chars(version.data(), version.data() + version.size(), out);
  version.remove_prefix(static_cast<std::size_t>(end - version.data()));
  if (version.starts_with('.')) version.remove_prefix(1);
  return failure == std::errc{} ? out : 0;
}

struct setting_up {
  blocking_caller& at;
  const std::string& environment;
  milliseconds limit;

  error refusal(const std::string& what, const http::response& said) const {
    auto body = json::parse(said.body, max_depth);
    auto why = body.has_value() ? reason_of(*body) : std::string();
    return {errc::unavailable, "search_unavailable",
            what + ": the server says " + std::to_string(said.status) + " " + why.substr(0, 300)};
  }

  static error stranger() {
    return {errc::unavailable, "search_unavailable",
            "what answers there is neither Elasticsearch nor OpenSearch"};
  }

  result<void> put(const std::string& target, const json::value& body) const {
    TRY(auto said, at.put(target, json::to_text(body), "application/json", false, limit));
    if (said.status >= 300) return refusal("PUT " + target, said);
    return {};
  }

  // What is there; null if it is not.
  result<json::value> get(const std::string& target) const {
    TRY(auto said, at.get(target, limit));
    if (said.status == 404) return json::value(nullptr);
    if (said.status >= 300) return refusal("GET " + target, said);
    auto body = json::parse(said.body, max_depth);
    if (!body.has_value()) return stranger();
    return *body;
  }

  result<server_kind> who() const {
    TRY(auto root, get("/"));
    server_kind out;
    auto number = text_of(find(root, {"version", "number"}));
    if (number.empty()) return stranger();
    out.opensearch = text_of(find(root, {"version", "distribution"})) == "opensearch";
    out.name = (out.opensearch ? "OpenSearch " : "Elasticsearch ") + number;
    std::string_view rest = number;
    out.major = take_number(rest);
    out.minor = take_number(rest);
    return out;
  }
};

int& days_of(kind k, retention& keep) {
  if (k == kind::logs) return keep.log_days;
  return k == kind::traces ? keep.trace_days : keep.metric_days;
}

int days_of(kind k, const retention& keep) {
  retention copy = keep;
  return days_of(k, copy);
}

std::string policy_of(kind k, const std::string& environment) {
  std::string name = k == kind::logs ? "logs" : k == kind::traces ? "traces" : "metrics";
  return "oficio-" + name + "-" + environment;
}

std::string in_days(int days) {
  return std::to_string(days) + "d";
}

// Backing indexes are closed early enough that a whole one is soon old enough to go.
std::string rollover_age(int days) {
  return in_days(std::max(1, days / 7));
}

json::value ilm_policy(int days) {
  return {
      {"policy",
       {{"phases",
         {{"hot",
           {{"actions",
             {{"rollover",
               {{"max_age", rollover_age(days)}, {"max_primary_shard_size", "10gb"}}}}}}},
          {"delete", {{"min_age", in_days(days)}, {"actions", {{"delete", json::object{}}}}}}}}}}};
}

json::value ism_policy(const std::string& name, int days, const json::array& patterns) {
  json::object hot{
      {"name", "hot"},
      {"actions", json::array{{{"rollover",
                                {{"min_index_age", rollover_age(days)},
                                 {"min_primary_shard_size", "10gb"}}}}}},
      {"transitions", json::array{{{"state_name", "delete"},
                                   {"conditions", {{"min_rollover_age", in_days(days)}}}}}}};
  json::object gone{{"name", "delete"},
                    {"actions", json::array{{{"delete", json::object{}}}}},
                    {"transitions", json::array{}}};
  return {{"policy",
           {{"policy_id", name},
            {"description", "Put by `oficio setup elasticsearch`"},
            {"default_state", "hot"},
            {"states", json::array{std::move(hot), std::move(gone)}},
            {"ism_template", json::array{{{"index_patterns", patterns}, {"priority", 500}}}}}}};
}

json::array patterns_of(kind k, const std::string& environment) {
  json::array out;
  for (const auto& t : stream_templates(environment)) {
    if (t.of == k) out.emplace_back(t.pattern);
  }
  return out;
}

// Where a module is missing, "error" is no object but a line about the path; Elasticsearch 7 takes
// the path for a document's of an index "_ilm".
bool is_unknown_call(const http::response& said) {
  if (said.status != 400 && said.status != 405) return false;
  auto body = json::parse(said.body, max_depth);
  const auto* why = body.has_value() ? find(*body, {"error"}) : nullptr;
  return why && (why->is_string() || kind_of(*body) == "invalid_index_name_exception");
}

// False: the server has no such thing, as its free editions before 7.11.
result<bool> put_ilm(const setting_up& s, const retention& keep, lines& done) {
  for (auto k : {kind::logs, kind::traces, kind::metrics}) {
    auto name = policy_of(k, s.environment);
    auto target = "/_ilm/policy/" + name;
    auto policy = json::to_text(ilm_policy(days_of(k, keep)));
    TRY(auto said, s.at.put(target, std::move(policy), "application/json", false, s.limit));
    if (is_unknown_call(said)) return false;
    if (said.status >= 300) return s.refusal("PUT " + target, said);
    done.push_back("ILM policy " + name + ": kept for " + in_days(days_of(k, keep)));
  }
  return true;
}

// A policy that is there is changed only under the mark of what was read.
result<bool> put_ism(const setting_up& s, const retention& keep, lines& done) {
  for (auto k : {kind::logs, kind::traces, kind::metrics}) {
    auto name = policy_of(k, s.environment);
    auto target = "/_plugins/_ism/policies/" + name;
    TRY(auto said, s.at.get(target, s.limit));
    if (said.status == 400 || said.status == 405) return false;  // there is no such plugin
    std::string mark;
    if (said.status < 300) {
      auto there = json::parse(said.body, max_depth);
      if (!there.has_value()) return s.refusal("GET " + target, said);
      mark = "?if_seq_no=" + std::to_string(integer_of(find(*there, {"_seq_no"}))) +
             "&if_primary_term=" + std::to_string(integer_of(find(*there, {"_primary_term"})));
    }
    auto policy = ism_policy(name, days_of(k, keep), patterns_of(k, s.environment));
    TRY_VOID(s.put(target + mark, policy));
    done.push_back("ISM policy " + name + ": kept for " + in_days(days_of(k, keep)));
  }
  return true;
}

result<void> put_templates(const setting_up& s, const server_kind& server, const retention& keep,
                           bool has_policies, lines& done) {
  for (const auto& t : stream_templates(s.environment)) {
    json::value settings;
    json::value lifecycle;
    auto days = days_of(t.of, keep);
    if (server.has_stream_lifecycle()) {
      lifecycle = json::object{{"data_retention", in_days(days)}};
      done.push_back("data stream lifecycle of " + t.pattern + ": kept for " + in_days(days));
    } else if (!server.opensearch && has_policies) {
      settings = json::object{{"lifecycle", {{"name", policy_of(t.of, s.environment)}}}};
    }
    TRY_VOID(s.put("/_index_template/" + t.name, template_body(t, days, settings, lifecycle)));
    done.push_back("index template " + t.name + " for " + t.pattern);
  }
  return {};
}

bool is_forbidden(const error& e) {
  return e.detail.find("says 403") != std::string::npos;
}

// 0: no template of ours, or one from before they had a version there.
result<std::int64_t> version_of(const setting_up& s, const std::string& index) {
  TRY(auto body, s.get("/" + index + "/_mapping"));
  return integer_of(find(body, {index, "mappings", "_meta", "template_version"}));
}

// The one that is written to: the last part of its name is the highest number.
std::string newest_of(const json::value& stream) {
  std::string out;
  int highest = -1;
  const auto* all = find(stream, {"backing_indices"});
  if (!all || !all->is_array()) return out;
  for (const auto& one : all->get_array()) {
    auto name = text_of(&one);
    auto last = std::string_view(name).substr(name.rfind('-') + 1);
    if (auto number = take_number(last); number > highest) {
      highest = number;
      out = name;
    }
  }
  return out;
}

// The pattern of `dev` fits streams of `my-dev`, too; no service has a hyphen.
bool is_of(const std::string& pattern, std::string_view name) {
  auto star = pattern.find('*');
  if (star == std::string::npos) return name == pattern;
  auto suffix = pattern.size() - star - 1;
  if (name.size() < star + suffix) return false;
  return name.substr(star, name.size() - star - suffix).find('-') == std::string_view::npos;
}

// An index keeps the fields with which it was made, so one that is written to gives way.
result<void> renew(const setting_up& s, const std::string& name, const std::string& index,
                   lines& done) {
  TRY(auto version, version_of(s, index));
  if (version >= template_version) return {};
  auto target = "/" + name + "/_rollover";
  TRY(auto said, s.at.post(target, s.limit));
  if (said.status >= 300) return s.refusal("POST " + target, said);
  auto older = version > 0 ? "version " + std::to_string(version) : std::string("an older version");
  done.push_back("data stream " + name + ": has a new backing index, for the last was made by " +
                 older + " of its template");
  return {};
}

result<void> renew_streams(const setting_up& s, const stream_template& t, lines& done) {
  TRY(auto body, s.get("/_resolve/index/" + t.pattern));
  const auto* found = find(body, {"data_streams"});
  if (!found || !found->is_array()) return {};
  for (const auto& stream : found->get_array()) {
    auto name = text_of(find(stream, {"name"}));
    auto index = newest_of(stream);
    if (!index.empty() && is_of(t.pattern, name)) TRY_VOID(renew(s, name, index, done));
  }
  return {};
}

result<lines> prepare(const setting_up& s, const retention& keep) {
  lines done;
  TRY(auto server, s.who());
  done.push_back(server.name);
  bool is_kept_in_bounds = true;
  if (server.opensearch) {
    TRY(is_kept_in_bounds, put_ism(s, keep, done));
  } else if (!server.has_stream_lifecycle()) {
    TRY(is_kept_in_bounds, put_ilm(s, keep, done));
  }
  if (!is_kept_in_bounds) {
    done.push_back(std::string("NO RETENTION: this server has no ") +
                   (server.opensearch ? "Index State Management" : "index lifecycle management") +
                   "; old documents stay until somebody deletes them");
  }
  TRY_VOID(put_templates(s, server, keep, is_kept_in_bounds, done));
  return done;
}

}  // namespace

result<std::vector<std::string>> set_up_telemetry(blocking_caller& at,
                                                  const std::string& environment,
                                                  const retention& keep, milliseconds limit) {
  setting_up s{at, environment, limit};
  TRY(auto done, prepare(s, keep));
  for (const auto& t : stream_templates(environment)) {
    auto renewed = renew_streams(s, t, done);
    if (renewed.has_value()) continue;
    if (!is_forbidden(renewed.error())) return renewed.error();
    done.push_back("NO NEW INDEXES: streams keep their fields until their next rollover; " +
                   renewed.error().detail);
    break;
  }
  return done;
}

result<std::string> ensure_templates(blocking_caller& at, const std::string& environment,
                                     milliseconds limit) {
  setting_up s{at, environment, limit};
  bool missing = false;
  retention keep;
  for (const auto& t : stream_templates(environment)) {
    TRY(auto said, at.get("/_index_template/" + t.name, limit));
    if (said.status == 401 || said.status == 403) return s.refusal("look-up", said).detail;
    if (said.status != 200 && said.status != 404) return s.refusal("look-up", said);
    auto body = json::parse(said.body, max_depth);
    const auto* found = body.has_value() ? find(*body, {"index_templates"}) : nullptr;
    bool there = found && found->is_array() && !found->get_array().empty();
    json::value known = there ? found->get_array().front() : json::value(nullptr);
    missing = missing || integer_of(find(known, {"index_template", "version"})) < template_version;
    // What somebody has set up stays so when a later program brings new fields.
    auto days = integer_of(find(known, {"index_template", "_meta", "days"}));
    if (days > 0) days_of(t.of, keep) = static_cast<int>(days);
  }
  if (!missing) return std::string();
  // Whatever streams there are keep their backing indexes: many processes may be here at once.
  auto done = prepare(s, keep);
  if (done.has_value()) return std::string();
  if (is_forbidden(done.error())) return done.error().detail;
  return done.error();
}

}  // namespace oficio::elasticsearch
