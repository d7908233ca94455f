#include "platform/pictures/bare.hpp"

#include "platform/pictures/formats.hpp"

namespace oficio::pictures {

std::optional<std::string> bare(std::string_view file, profile colours) {
  if (file.starts_with("\xff\xd8")) return bare_jpeg(file, colours);
  if (file.starts_with("\x89PNG")) return bare_png(file, colours);
  if (file.starts_with("RIFF")) return bare_webp(file, colours);
  return std::nullopt;
}

}  // namespace oficio::pictures
