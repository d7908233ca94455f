#include "drivers/mongodb/servers.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

namespace oficio::mongodb {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

enum class role { none, alone, replicated };

role role_of(const mongoc_server_description_t* server) {
  std::string_view type = mongoc_server_description_type(server);
  if (type == "Standalone") return role::alone;
  bool one_of_many = type == "RSPrimary" || type == "Mongos" || type == "LoadBalancer";
  return one_of_many ? role::replicated : role::none;
}

role role_of(const mongoc_topology_description_t* topology) {
  std::size_t count = 0;
  auto** all = mongoc_topology_description_get_servers(topology, &count);
  role best = role::none;
  for (std::size_t i = 0; i < count; ++i) best = std::max(best, role_of(all[i]));
  mongoc_server_descriptions_destroy_all(all, count);
  return best;
}

// One line, whatever the library put into it.
std::string line(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(out, [](unsigned char c) { return c < 0x20; }, ' ');
  return out;
}

bool refuses_us(const bson_error_t& e) {
  constexpr std::uint32_t authentication_failed = 18;
  constexpr std::uint32_t not_allowed = 13;
  return (e.domain == MONGOC_ERROR_CLIENT && e.code == MONGOC_ERROR_CLIENT_AUTHENTICATE) ||
         (e.domain == MONGOC_ERROR_SERVER &&
          (e.code == authentication_failed || e.code == not_allowed));
}

bool is_too_large(const bson_error_t& e) {
  constexpr std::uint32_t object_too_large = 10'334;
  constexpr std::uint32_t update_too_large = 17'419;
  constexpr std::uint32_t replacement_too_large = 17'420;
  if (e.domain == MONGOC_ERROR_BSON && e.code == MONGOC_ERROR_BSON_INVALID) {
    return std::string_view(e.message).find("too large") != std::string_view::npos;
  }
  return e.domain == MONGOC_ERROR_SERVER &&
         (e.code == object_too_large || e.code == update_too_large ||
          e.code == replacement_too_large);
}

bool ran_out_of_time(const bson_error_t& e) {
  constexpr std::uint32_t write_concern_failed = 64;
  return (e.domain == MONGOC_ERROR_SERVER && e.code == MONGOC_ERROR_MAX_TIME_MS_EXPIRED) ||
         (e.domain == MONGOC_ERROR_WRITE_CONCERN && e.code == write_concern_failed);
}

}  // namespace

void server_watch::observe(mongoc_client_pool_t* pool) {
  std::unique_ptr<mongoc_apm_callbacks_t, decltype(&mongoc_apm_callbacks_destroy)> callbacks(
      mongoc_apm_callbacks_new(), &mongoc_apm_callbacks_destroy);
  mongoc_apm_set_topology_changed_cb(
      callbacks.get(), [](const mongoc_apm_topology_changed_t* event) {
        auto* own = static_cast<server_watch*>(mongoc_apm_topology_changed_get_context(event));
        own->changed(mongoc_apm_topology_changed_get_new_description(event));
      });
  mongoc_apm_set_server_heartbeat_failed_cb(
      callbacks.get(), [](const mongoc_apm_server_heartbeat_failed_t* event) {
        auto* own =
            static_cast<server_watch*>(mongoc_apm_server_heartbeat_failed_get_context(event));
        bson_error_t error;
        mongoc_apm_server_heartbeat_failed_get_error(event, &error);
        own->failed(line(error.message));
      });
  mongoc_client_pool_set_apm_callbacks(pool, callbacks.get(), this);
}

void server_watch::changed(const mongoc_topology_description_t* to) {
  auto now = role_of(to);
  {
    std::lock_guard lock(guard_);
    if (writable_ && now == role::none) why_ = "no server that can be written to answers";
    writable_ = now != role::none;
    replicated_ = now == role::replicated;
    if (writable_) waited_ = false;
  }
  found_.notify_all();
}

void server_watch::failed(std::string why) {
  std::lock_guard lock(guard_);
  why_ = std::move(why);
}

bool server_watch::wait_writable(steady_time until, milliseconds patience) {
  std::unique_lock lock(guard_);
  if (writable_ || waited_) return writable_;
  until = std::min(until, steady_clock::now() + patience);
  if (found_.wait_until(lock, until, [this] { return writable_; })) return true;
  waited_ = true;
  return false;
}

bool server_watch::replicated() const {
  std::lock_guard lock(guard_);
  return replicated_;
}

std::string server_watch::why() const {
  std::lock_guard lock(guard_);
  return writable_ ? std::string() : why_;
}

servers::servers(server_options options) : options_(std::move(options)), free_(options_.pool) {
  bson_error_t why;
  pool_ = mongoc_client_pool_new_with_error(options_.uri.get(), &why);
  if (!pool_) options_.address.refuse(line(why.message));
  mongoc_client_pool_max_size(pool_, static_cast<std::uint32_t>(options_.pool));
  mongoc_client_pool_set_error_api(pool_, MONGOC_ERROR_API_VERSION_2);
  if (options_.tls->on()) {
    auto tls = options_.tls->options();
    mongoc_client_pool_set_ssl_opts(pool_, &tls);
  }
  watch_.observe(pool_);
}

servers::~servers() {
  // It says good-bye to the server, which may be away.
  call_deadline short_one(steady_clock::now() + std::chrono::seconds(1));
  mongoc_client_pool_destroy(pool_);
}

result<mongoc_client_t*> servers::take(steady_time until, milliseconds patience) {
  {
    std::unique_lock lock(guard_);
    if (!freed_.wait_until(lock, until, [this] { return free_ > 0; })) {
      return error{errc::timeout, "deadline_exceeded", "No connection to the database came free."};
    }
    --free_;
  }
  auto* client = mongoc_client_pool_try_pop(pool_);  // starts the watch
  if (!client) {
    give_back(nullptr);
    return unavailable();
  }
  obey_deadlines(client, *options_.tls);
  if (!watch_.wait_writable(until, patience)) {
    give_back(client);
    return unavailable();
  }
  return client;
}

void servers::give_back(mongoc_client_t* client) {
  if (client) mongoc_client_pool_push(pool_, client);
  {
    std::lock_guard lock(guard_);
    ++free_;
  }
  freed_.notify_one();
}

error servers::unavailable() const {
  return {errc::unavailable,
          "database_unavailable",
          "The database does not answer.",
          {},
          std::chrono::seconds(1)};
}

std::string servers::why() const {
  if (auto why = watch_.why(); !why.empty()) return why;
  std::lock_guard lock(trouble_guard_);
  return trouble_;
}

void servers::expect(milliseconds patience) {
  auto until = steady_clock::now() + patience;
  auto taken = take(until, patience);
  if (!taken) {
    options_.address.refuse("no MongoDB server answers at " + options_.address.shown() + ": " +
                            why());
  }
  call one(*this, *taken, until);
  document command;
  command.put("listCollections", std::int64_t{1}).put("nameOnly", true);
  reply answer;
  bson_error_t e;
  if (mongoc_client_read_command_with_opts(one.client(), options_.database.c_str(), command.get(),
                                           nullptr, nullptr, answer.raw(), &e)) {
    return;
  }
  options_.address.refuse(
      (refuses_us(e) ? "MongoDB refuses our user or password: " : "MongoDB cannot be used: ") +
      line(e.message));
}

servers::call::call(servers& of, mongoc_client_t* client, steady_time until)
    : of_(of), client_(client), until_(until), deadline_(until) {}

servers::call::~call() {
  of_.give_back(client_);
}

std::int64_t servers::call::left() const {
  auto ms = std::chrono::duration_cast<milliseconds>(until_ - steady_clock::now()).count();
  return std::clamp<std::int64_t>(ms, 1, 24 * 3'600'000);
}

document servers::call::read_options() const {
  document out;
  // What only a minority has seen may be taken back, and an event of it must not be told.
  if (of_.watch_.replicated()) {
    document concern;
    concern.put("level", "majority");
    out.put("readConcern", concern);
  }
  out.put("maxTimeMS", left());
  return out;
}

document servers::call::write_options() const {
  document concern;
  concern.put("w", "majority").put("j", true).put("wtimeout", left());
  document out;
  out.put("writeConcern", concern);
  return out;
}

error servers::call::failure(const bson_error_t& e) const {
  {
    std::lock_guard lock(of_.trouble_guard_);
    of_.trouble_ = line(e.message);
  }
  if (is_too_large(e)) {
    return {errc::too_large, "document_too_large", "The document is larger than can be kept."};
  }
  if (ran_out_of_time(e) || steady_clock::now() >= until_) {
    return {errc::timeout, "deadline_exceeded", "The database did not answer in time."};
  }
  auto out = of_.unavailable();
  if (e.domain == MONGOC_ERROR_SERVER || e.domain == MONGOC_ERROR_WRITE_CONCERN) {
    out.detail = "The database refused it (code " + std::to_string(e.code) + ").";
  }
  return out;
}

}  // namespace oficio::mongodb
