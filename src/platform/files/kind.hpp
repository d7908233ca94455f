#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oficio::files {

// What may be sent at all. SVG is not among them: it is a program in a picture's clothes.
enum class kind { png, jpeg, webp, pdf, zip };

// What the bytes are, by their content alone; nothing for everything else.
std::optional<kind> sniff(std::string_view bytes);

std::string_view media_type_of(kind k);
bool is_picture(kind k);
bool is_picture(std::string_view media_type);

// For people: "PNG, JPEG or WebP".
std::string listed(const std::vector<kind>& kinds);

// A name under which the file may be saved anywhere: the last part of a path, without characters
// that mean something to a file system, at most 100 characters, with an ending that fits the kind
// (office documents are ZIPs and keep theirs).
std::string safe_name(std::string_view said, kind k);

// Content-Disposition for that name: `inline`, or `attachment` which browsers only save.
std::string disposition(std::string_view name, bool attachment);

}  // namespace oficio::files
