#include "platform/files/binding.hpp"

namespace oficio::files {

bool may_be_written(const error& e) {
  return e.kind == errc::timeout || e.kind == errc::unavailable || e.kind == errc::internal ||
         e.kind == errc::bad_upstream;
}

error unknown_files(const use& u) {
  std::vector<violation> all;
  for (std::size_t i = 0; i < u.ids.size(); ++i) {
    all.push_back(
        {u.shape == shelf::shape::single ? u.pointer : u.pointer + "/" + std::to_string(i),
         "unknown_file", "is no file that you uploaded for this"});
  }
  return invalid(std::move(all));
}

}  // namespace oficio::files
