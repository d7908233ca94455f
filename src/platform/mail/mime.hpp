#pragma once

#include <string>
#include <string_view>

#include "platform/base/result.hpp"
#include "platform/base/time.hpp"
#include "platform/mail/transport.hpp"

namespace oficio::mail {

// Who our mails come from.
struct sender {
  std::string name;     // shown: "Oficio"
  std::string address;  // "no-reply@market.example"; its domain is also the Message-ID's
};

// The sender of a market at that address: no-reply at its machine's name.
sender sender_of(const std::string& public_url);

// Is this a message that can go out at all? No transport takes another one: nothing that people
// wrote may become a header of its own. Errors: invalid `mail_refused`.
result<void> check(const message& m);

// One mailbox, ASCII, as transports and other servers take it without asking back.
bool is_mailbox(std::string_view text);

// The message as it travels (RFC 5322, MIME, lines of at most 76 characters, CRLF): text and HTML
// as alternatives, quoted-printable. The same message and date give the same bytes. `m` must have
// passed check().
std::string to_mime(const message& m, const sender& from, time_point date);

// What stands after "Subject:": as it is, or as encoded words (RFC 2047) on as many lines as it
// takes.
std::string encoded_header(std::string_view utf8);
std::string quoted_printable(std::string_view text);

}  // namespace oficio::mail
