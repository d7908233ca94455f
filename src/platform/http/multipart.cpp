#include "platform/http/multipart.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "platform/http/message.hpp"
#include "platform/http/utf8.hpp"

namespace oficio::http {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::size_t max_boundary = 70;  // RFC 2046, 5.1.1

error malformed(std::string detail) {
  return {errc::bad_request, "malformed_multipart", std::move(detail)};
}

bool is_token_char(char c) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         marks.find(c) != std::string_view::npos;
}

bool is_boundary_char(char c) {
  constexpr std::string_view marks = "'()+_,-./:=? ";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         marks.find(c) != std::string_view::npos;
}

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

std::string_view take_token(std::string_view& text) {
  auto end = std::ranges::find_if_not(text, is_token_char);
  auto out = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(out.size());
  return out;
}

// A quoted string; nothing if it does not end. Only \" and \\ are escapes: a browser on Windows may
// send a whole path with single backslashes in it.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return out;
    }
    bool escape =
        text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\');
    if (escape) ++i;
    out += text[i];
  }
  return std::nullopt;
}

using parameters = std::vector<std::pair<std::string, std::string>>;

// What follows a header's first word: "; name=value; name="quoted value"".
result<parameters> read_parameters(std::string_view text) {
  parameters out;
  for (skip_blanks(text); !text.empty(); skip_blanks(text)) {
    if (text.front() != ';') return malformed("A header's parameters must be separated by ;.");
    text.remove_prefix(1);
    skip_blanks(text);
    if (text.empty()) break;  // a ; at the end is harmless
    std::string name(take_token(text));
    if (name.empty() || !text.starts_with('='))
      return malformed("A parameter has no name or value.");
    text.remove_prefix(1);
    std::string value;
    if (text.starts_with('"')) {
      auto quoted = take_quoted(text);
      if (!quoted) return malformed("A quoted value does not end.");
      value = std::move(*quoted);
    } else {
      value = take_token(text);
      if (value.empty()) return malformed("A parameter has no value.");
    }
    for (const auto& [known, unused] : out) {
      if (equal_ignoring_case(known, name)) return malformed("A parameter is there twice.");
    }
    out.emplace_back(std::move(name), std::move(value));
  }
  return out;
}

std::optional<std::string> value_of(const parameters& all, std::string_view name) {
  for (const auto& [known, value] : all) {
    if (equal_ignoring_case(known, name)) return value;
  }
  return std::nullopt;
}

result<std::string> boundary_of(std::string_view content_type) {
  skip_blanks(content_type);
  auto end = std::min(content_type.find_first_of("; \t"), content_type.size());
  if (!equal_ignoring_case(content_type.substr(0, end), "multipart/form-data")) {
    return error{errc::unsupported, "unsupported_media_type",
                 "The body must be a form: Content-Type: multipart/form-data."};
  }
  TRY(auto all, read_parameters(content_type.substr(end)));
  auto boundary = value_of(all, "boundary").value_or("");
  if (boundary.empty() || boundary.size() > max_boundary || boundary.ends_with(' ') ||
      !std::ranges::all_of(boundary, is_boundary_char)) {
    return malformed("Content-Type must name a boundary of 1 to 70 characters.");
  }
  return boundary;
}

// Browsers write a quote or line break in a name as %22, %0D and %0A (WHATWG HTML, 4.10.21.8).
std::string without_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto three = text.substr(i, 3);
    if (three == "%22" || equal_ignoring_case(three, "%0d") || equal_ignoring_case(three, "%0a")) {
      out += three == "%22" ? '"' : ' ';
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool is_plain_text(std::string_view text) {
  auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return detail::is_utf8(text) && std::ranges::none_of(text, is_control);
}

result<void> read_disposition(std::string_view value, form_part& to) {
  auto word = take_token(value);
  if (!equal_ignoring_case(word, "form-data")) {
    return malformed("A part's Content-Disposition must be form-data.");
  }
  TRY(auto all, read_parameters(value));
  auto name = value_of(all, "name");
  auto file = value_of(all, "filename");
  if (!name || name->empty()) return malformed("A part has no name.");
  to.name = without_escapes(*name);
  to.is_file = file.has_value();
  to.file_name = without_escapes(file.value_or(""));
  if (!is_plain_text(to.name) || !is_plain_text(to.file_name)) {
    return malformed("A part's name must be UTF-8 without control characters.");
  }
  return {};
}

// Which encodings leave the bytes as they are.
bool is_identity(std::string_view encoding) {
  return equal_ignoring_case(encoding, "binary") || equal_ignoring_case(encoding, "8bit") ||
         equal_ignoring_case(encoding, "7bit");
}

result<void> read_field(std::string_view line, form_part& to, bool& disposed) {
  auto name = take_token(line);
  if (name.empty() || !line.starts_with(':'))
    return malformed("A part has a header without a name.");
  line.remove_prefix(1);
  skip_blanks(line);
  if (equal_ignoring_case(name, "Content-Disposition")) {
    if (std::exchange(disposed, true)) return malformed("A part has two Content-Dispositions.");
    return read_disposition(line, to);
  }
  if (equal_ignoring_case(name, "Content-Type")) {
    if (!to.type.empty()) return malformed("A part has two Content-Types.");
    if (!is_plain_text(line)) return malformed("A part's Content-Type cannot be read.");
    to.type = line;
  }
  if (equal_ignoring_case(name, "Content-Transfer-Encoding") && !is_identity(line)) {
    return malformed("A part may not be encoded; send it as it is.");
  }
  return {};
}

// The header of a part, with the line end of its last field.
result<form_part> read_header(std::string_view header) {
  form_part out;
  bool disposed = false;
  while (!header.empty()) {
    auto end = header.find(line_end);
    TRY_VOID(read_field(header.substr(0, end), out, disposed));
    header.remove_prefix(end + line_end.size());
  }
  if (!disposed) return malformed("A part has no Content-Disposition.");
  return out;
}

// Reads one part off the front of `rest`, which begins after the line of its delimiter, up to and
// with the next `delimiter`.
result<form_part> take_part(std::string_view& rest, std::string_view delimiter,
                            const form_limits& limits) {
  if (rest.starts_with(line_end)) return malformed("A part has no header.");
  auto head_end = rest.substr(0, limits.max_header_bytes + 4).find("\r\n\r\n");
  if (head_end == std::string_view::npos) {
    return malformed("A part's header does not end, or is longer than " +
                     std::to_string(limits.max_header_bytes) + " bytes.");
  }
  TRY(auto out, read_header(rest.substr(0, head_end + line_end.size())));
  rest.remove_prefix(head_end + 4);
  auto size = rest.find(delimiter);
  if (size == std::string_view::npos) return malformed("The form does not end.");
  out.bytes = rest.substr(0, size);
  rest.remove_prefix(size + delimiter.size());
  return out;
}

// What follows a delimiter: true if it was the last one.
result<bool> take_delimiter_end(std::string_view& rest) {
  if (rest.starts_with("--")) {
    rest.remove_prefix(2);
    skip_blanks(rest);
    if (rest.empty() || rest == line_end) return true;
    return malformed("There is something behind the form's end.");
  }
  skip_blanks(rest);
  if (!rest.starts_with(line_end)) return malformed("A boundary's line does not end.");
  rest.remove_prefix(line_end.size());
  return false;
}

}  // namespace

result<std::vector<form_part>> read_form(std::string_view content_type, std::string_view body,
                                         const form_limits& limits) {
  TRY(auto boundary, boundary_of(content_type));
  std::string delimiter = "\r\n--" + boundary;
  std::string_view first = std::string_view(delimiter).substr(line_end.size());
  auto rest = body;
  if (rest.starts_with(line_end)) rest.remove_prefix(line_end.size());
  if (!rest.starts_with(first)) return malformed("The form does not begin with its boundary.");
  rest.remove_prefix(first.size());

  std::vector<form_part> out;
  for (;;) {
    TRY(bool last, take_delimiter_end(rest));
    if (last) return out;
    if (out.size() == limits.max_parts) {
      return malformed("The form has more than " + std::to_string(limits.max_parts) + " parts.");
    }
    TRY(auto part, take_part(rest, delimiter, limits));
    out.push_back(std::move(part));
  }
}

}  // namespace oficio::http
