#include "app/market/secrets.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "platform/security/crypto.hpp"
#include "platform/security/key_file.hpp"

namespace oficio::app {
namespace {

using config::wrong_setting;

constexpr std::size_t shortest = 32;

std::string digest_of(const std::string& setting, std::string_view given) {
  if (given.size() < shortest) {
    throw wrong_setting(setting + ": must have at least 32 characters");
  }
  return security::sha256(given);
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

template <class Make>
auto made(Make make) {
  try {
    return make();
  } catch (const std::exception& e) {
    throw wrong_setting(std::string("data: ") + e.what());
  }
}

}  // namespace

secrets::secrets(const config::settings& s, std::string who) : settings_(s), who_(std::move(who)) {}

std::string secrets::file(const std::string& name) const {
  return (std::filesystem::path(settings_.text("data")) / "keys" / name).string();
}

std::string secrets::signing_keys_of_before() const {
  return made([&] { return security::read_private_file(file("access")).value_or(""); });
}

std::string secrets::one(const std::string& setting, const std::string& name) const {
  auto given = settings_.secret(setting);
  if (!given.empty()) return digest_of(setting, given);
  auto kept = file(name);
  if (!who_.empty() && !std::filesystem::exists(kept)) {
    throw wrong_setting(setting + ": must be set for `" + who_ +
                        "`, to the same text in every process (or " + setting +
                        "_file to a file with it)");
  }
  return made([&] {
    auto folder = std::filesystem::path(kept).parent_path();
    if (std::filesystem::create_directories(folder)) {
      std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    }
    return security::load_or_create_secret(kept, shortest);
  });
}

std::vector<std::string> secrets::several(const std::string& setting,
                                          const std::string& name) const {
  auto given = settings_.secret(setting);
  if (given.empty()) return {one(setting, name)};
  std::vector<std::string> out;
  std::string_view list = given;
  while (!list.empty()) {
    auto end = std::min(list.find(','), list.size());
    out.push_back(digest_of(setting, trimmed(list.substr(0, end))));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  if (out.size() > 2) {
    throw wrong_setting(setting +
                        ": has more than two keys; the new one and the old one is enough");
  }
  return out;
}

}  // namespace oficio::app
