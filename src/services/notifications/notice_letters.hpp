#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "platform/base/money.hpp"
#include "platform/json/json.hpp"
#include "services/notifications/letter.hpp"

namespace oficio::notifications {

// users.notice.created, as far as a mail needs it.
struct told_notice {
  std::string kind;
  std::string text;  // one sentence in the person's language
  std::string link;  // a path of the web application
};
BOOST_DESCRIBE_STRUCT(told_notice, (), (kind, text, link))

struct told_channels {
  bool email = false;
};
BOOST_DESCRIBE_STRUCT(told_channels, (), (email))

struct told_facts {
  std::string actor;
  std::string title;
  std::optional<money> amount;
  std::string quote;
  std::optional<time_point> due_at;
};
BOOST_DESCRIBE_STRUCT(told_facts, (), (actor, title, amount, quote, due_at))

struct notice_news {
  told_notice notice;
  std::string username;
  std::string email;
  std::string locale;
  told_channels channels;
  told_facts facts;
};
BOOST_DESCRIBE_STRUCT(notice_news, (), (notice, username, email, locale, channels, facts))

// The mail of a notice; a kind without words of its own says just what the notice says.
// `unsubscribe_token` in the clear; empty: there is none.
letter notice_letter(const notice_news& news, const std::string& unsubscribe_token,
                     const std::string& public_url);

// The kinds that have words of their own.
std::vector<std::string_view> kinds_with_words();

}  // namespace oficio::notifications
