// Telemetry that waits on a disk which may have broken it: two files of a queue, all of whose sound
// lines come out of it, each once and in order, and none of the others. The first two bytes say how
// it is read, and where the second file begins.
#include "drivers/elasticsearch/telemetry/spill.hpp"

#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "fuzz/must.hpp"

namespace oficio::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t room = 1024 * 1024;

// A folder of this process alone, gone with it.
struct folder {
  folder()
      : path((fs::temp_directory_path() / ("oficio-fuzz-spill-" + std::to_string(::getpid())))
                 .string()) {}
  ~folder() { clear(); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  void clear() const { fs::remove_all(path); }
  void put(const char* name, std::string_view bytes) const {
    std::ofstream(path + "/" + name, std::ios::binary) << bytes;
  }
  const std::string path;
};

bool is_name(std::string_view text) {
  for (unsigned char c : text) {
    if (c < 0x21 || c > 0x7e) return false;
  }
  return !text.empty() && text.size() < 256;
}

bool is_sound(std::string_view line) {
  auto first = line.find('\t');
  auto second = first == std::string_view::npos ? first : line.find('\t', first + 1);
  if (second == std::string_view::npos) return false;
  auto document = line.substr(second + 1);
  return is_name(line.substr(0, first)) && is_name(line.substr(first + 1, second - first - 1)) &&
         document.starts_with('{') && document.ends_with('}');
}

struct expected {
  std::vector<std::string> sound;
  std::size_t whole = 0;  // lines with an end
  std::size_t all = 0;

  void add(std::string_view bytes) {
    while (!bytes.empty()) {
      auto end = bytes.find('\n');
      auto line = bytes.substr(0, end);
      if (is_sound(line)) sound.emplace_back(line);
      ++all;
      if (end == std::string_view::npos) return;
      ++whole;
      bytes.remove_prefix(end + 1);
    }
  }
};

std::string text_of(const telemetry::record& r) {
  return r.stream + "\t" + r.id + "\t" + r.document;
}

void run(unsigned how, std::size_t first, std::string_view bytes) {
  static const folder at;
  at.clear();
  fs::create_directories(at.path);
  expected there;
  for (auto [name, part] : {std::pair("1.records", bytes.substr(0, first)),
                            std::pair("2.records", bytes.substr(first))}) {
    at.put(name, part);
    there.add(part);
  }
  elasticsearch::spill from(at.path, room);
  must(from.bytes() == bytes.size());
  std::vector<std::string> given;
  std::size_t broken = 0;
  bool again = (how & 0x10U) != 0;
  while (!from.empty()) {
    auto some = from.next(1 + how % 8, 1 + (how / 8 % 2) * 300);
    if ((how & 0x20U) != 0 && !some.empty()) {
      from.put_back();
      must(from.next(1 + how % 8, 1 + (how / 8 % 2) * 300).size() == some.size());
    }
    for (const auto& r : some) given.push_back(text_of(r));
    // What the server was too busy for comes once more, last of all.
    std::vector<telemetry::record> rest;
    if (std::exchange(again, false) && !some.empty()) {
      rest.push_back(some.front());
      there.sound.push_back(text_of(some.front()));
      ++there.whole;
      ++there.all;
    }
    must(from.done(rest) == 0);
    broken += from.take_broken();
  }
  must(from.bytes() == 0);
  must(given == there.sound);
  must(given.size() + broken >= there.whole && given.size() + broken <= there.all);
}

}  // namespace
}  // namespace oficio::fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size < 2) return 0;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  oficio::fuzz::run(data[0], bytes.size() * data[1] / 255, bytes);
  return 0;
}
