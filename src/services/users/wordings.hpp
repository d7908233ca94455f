#pragma once

#include <span>
#include <string_view>

namespace oficio::users {

// By which ways a kind of notice may go at all, whatever the person allows.
enum class delivery { both, live_only, mail_only };

// The words of one kind of notice. "{actor}", "{title}", "{amount}" and "{number}" are filled in;
// the last two are for a number of one, where that needs other words.
struct wording {
  std::string_view kind;
  std::string_view en;
  std::string_view es;
  delivery way = delivery::both;
  std::string_view en_one = {};
  std::string_view es_one = {};
};

const wording* find_wording(std::string_view kind);
std::span<const wording> all_wordings();

}  // namespace oficio::users
