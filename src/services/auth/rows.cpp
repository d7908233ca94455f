#include "services/auth/rows.hpp"

namespace oficio::auth::rows {
namespace {

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    auto comma = std::min(text.find(','), text.size());
    parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

}  // namespace

std::string join(const std::vector<std::string>& parts) {
  std::string all;
  for (const auto& part : parts) all += (all.empty() ? "" : ",") + part;
  return all;
}

std::optional<account> find_account(soci::session& s, const char* column, const std::string& value,
                                    const std::string& suffix) {
  account a;
  std::string roles;
  int email_verified = 0;
  number version = 0;
  number created_at = 0;
  s << "SELECT id, username, email, email_verified, roles, locale, country, created_at, "
       "password_hash, version FROM accounts WHERE "
    << column << " = :value" << suffix,
      soci::use(value), soci::into(a.id), soci::into(a.username), soci::into(a.email),
      soci::into(email_verified), soci::into(roles), soci::into(a.locale), soci::into(a.country),
      soci::into(created_at), soci::into(a.password_hash), soci::into(version);
  if (!s.got_data()) return std::nullopt;
  a.email_verified = email_verified != 0;
  a.roles = split(roles);
  a.created_at = time_of(created_at);
  a.version = version;
  return a;
}

std::vector<account> accounts_behind(soci::session& s, const std::string& id, number limit) {
  std::vector<std::string> ids;
  std::string next;
  soci::statement found =
      (s.prepare << "SELECT id FROM accounts WHERE id > :id ORDER BY id LIMIT :most", soci::use(id),
       soci::use(limit), soci::into(next));
  found.execute();
  while (found.fetch()) ids.push_back(next);
  std::vector<account> out;
  for (const auto& one : ids) {
    if (auto a = find_account(s, "id", one)) out.push_back(*std::move(a));
  }
  return out;
}

std::optional<account> touch_account(soci::session& s, const std::string& id) {
  s << "UPDATE accounts SET version = version + 1 WHERE id = :id", soci::use(id);
  return find_account(s, "id", id);
}

void insert_session(soci::session& s, const std::string& account_id, const new_session& session,
                    time_point now) {
  number at = millis(now);
  number expires = millis(session.refresh.expires_at);
  s << "INSERT INTO sessions (id, account_id, refresh_digest, device, created_at, last_used_at, "
       "expires_at, ended_at) VALUES (:id, :account, :digest, :device, :created, :used, :expires, "
       "0)",
      soci::use(session.id), soci::use(account_id), soci::use(session.refresh.digest),
      soci::use(session.device), soci::use(at), soci::use(at), soci::use(expires);
}

void insert_device(soci::session& s, const std::string& account_id, const kept_token& device) {
  number expires = millis(device.expires_at);
  s << "INSERT INTO devices (digest, account_id, expires_at) VALUES (:digest, :account, :expires)",
      soci::use(device.digest), soci::use(account_id), soci::use(expires);
}

void forget_old_devices(soci::session& s, const std::string& account_id) {
  constexpr number max_devices = 20;
  number last = 0;
  s << "SELECT expires_at FROM devices WHERE account_id = :account ORDER BY expires_at DESC "
       "LIMIT 1 OFFSET :skip",
      soci::use(account_id), soci::use(max_devices), soci::into(last);
  if (!s.got_data()) return;
  s << "DELETE FROM devices WHERE account_id = :account AND expires_at <= :last",
      soci::use(account_id), soci::use(last);
}

void insert_email_token(soci::session& s, const std::string& account_id, const kept_token& email) {
  number expires = millis(email.expires_at);
  s << "INSERT INTO email_tokens (digest, account_id, expires_at, used_at) "
       "VALUES (:digest, :account, :expires, 0)",
      soci::use(email.digest), soci::use(account_id), soci::use(expires);
}

std::vector<std::string> living_sessions(soci::session& s, const std::string& account_id,
                                         time_point now, number skip) {
  std::vector<std::string> ids;
  std::string id;
  number at = millis(now);
  soci::statement rows =
      (s.prepare << "SELECT id FROM sessions WHERE account_id = :account AND ended_at = 0 AND "
                    "expires_at > :now ORDER BY last_used_at DESC, id DESC LIMIT 1000 OFFSET :skip",
       soci::use(account_id), soci::use(at), soci::use(skip), soci::into(id));
  rows.execute();
  while (rows.fetch()) ids.push_back(id);
  return ids;
}

std::vector<std::string> end_sessions(soci::session& s, const std::vector<std::string>& ids,
                                      time_point now) {
  std::vector<std::string> ended;
  std::string id;
  number at = millis(now);
  soci::statement end = (s.prepare << "UPDATE sessions SET ended_at = :now WHERE id = :id AND "
                                      "ended_at = 0 AND expires_at > :now2",
                         soci::use(at), soci::use(id), soci::use(at));
  for (const auto& next : ids) {
    id = next;
    end.execute(true);
    if (end.get_affected_rows() == 1) ended.push_back(next);
  }
  return ended;
}

}  // namespace oficio::auth::rows
