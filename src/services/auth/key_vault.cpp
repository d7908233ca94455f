#include "services/auth/key_vault.hpp"

#include <optional>

#include <soci/soci.h>

#include "platform/security/crypto.hpp"
#include "services/auth/store.hpp"

namespace oficio::auth {
namespace {

std::optional<std::string> sealed_in(soci::session& s, const std::string& lock) {
  std::string sealed;
  s << "SELECT sealed FROM signing_keys WHERE id = 1" << lock, soci::into(sealed);
  if (!s.got_data()) return std::nullopt;
  return sealed;
}

error none() {
  return not_found("A signing key in auth's database (auth has never run on it)");
}

result<security::rotated_keys> rotated(const std::string& text, time_point now) {
  try {
    return security::rotate_signing_keys(text, now);
  } catch (const std::runtime_error& e) {
    return error{errc::conflict, "too_many_keys", e.what()};
  }
}

}  // namespace

// A key of its own, so that what is sealed for other purposes cannot be put in its place.
key_vault::key_vault(sql::database& db, const std::string& seal_key)
    : db_(db), key_(security::hmac_sha256(seal_key, "signing keys")) {}

result<std::string> key_vault::open(const std::string& sealed) const {
  auto text = security::unseal(key_, sealed);
  if (text) return *std::move(text);
  return error{errc::internal, "sealed_otherwise",
               "seal_key: is not the one with which the signing keys in auth's database were "
               "sealed"};
}

awaitable<result<std::string>> key_vault::read(const context& ctx) const {
  CO_TRY(auto sealed,
         co_await db_.read(ctx, [](soci::session& s) -> result<std::optional<std::string>> {
           return sealed_in(s, "");
         }));
  if (!sealed) co_return none();
  co_return open(*sealed);
}

awaitable<result<std::string>> key_vault::read_or_keep(const context& ctx,
                                                       std::string first) const {
  auto found = co_await read(ctx);
  if (found.has_value() || found.error().kind != errc::not_found) co_return found;
  auto sealed = security::seal(key_, first);
  auto kept = co_await db_.write(ctx, [sealed](soci::session& s) -> result<void> {
    s << "INSERT INTO signing_keys (id, sealed) VALUES (1, :sealed)", soci::use(sealed);
    return {};
  });
  // Another instance may have been quicker.
  if (kept.has_error() && kept.error().kind != errc::conflict) co_return std::move(kept).error();
  co_return co_await read(ctx);
}

awaitable<result<security::key_rotation>> key_vault::rotate(const context& ctx,
                                                            time_point now) const {
  using outcome = result<security::key_rotation>;
  co_return co_await db_.write(ctx, [now, this](soci::session& s) -> outcome {
    bool one_writer = db_.dialect() == sql::dialect::sqlite;
    auto sealed = sealed_in(s, one_writer ? "" : " FOR UPDATE");
    if (!sealed) return none();
    TRY(auto text, open(*sealed));
    TRY(auto done, rotated(text, now));
    auto sealed_again = security::seal(key_, done.text);
    s << "UPDATE signing_keys SET sealed = :sealed WHERE id = 1", soci::use(sealed_again);
    return std::move(done.what);
  });
}

awaitable<result<security::key_rotation>> rotate_signing_keys(sql::database& database,
                                                              const wall_clock& clock,
                                                              const context& ctx,
                                                              std::string seal_key) {
  store migrated(database, clock);
  key_vault vault(database, seal_key);
  co_return co_await vault.rotate(ctx, clock.now());
}

awaitable<result<std::string>> read_signing_keys(sql::database& database, const wall_clock& clock,
                                                 const context& ctx, std::string seal_key) {
  store migrated(database, clock);
  key_vault vault(database, seal_key);
  co_return co_await vault.read(ctx);
}

}  // namespace oficio::auth
