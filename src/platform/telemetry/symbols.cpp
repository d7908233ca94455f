#include "platform/telemetry/symbols.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>

namespace oficio::telemetry::detail {
namespace {

struct function {
  std::uintptr_t begin;
  std::uintptr_t size;
  std::uint32_t name;  // in `names`
};

// What `nm` would show of this program.
struct table {
  std::vector<function> functions;  // by address, as the file has them
  std::string names;
};

// The part of a file that a section header names; empty if the file ends before.
std::string section(std::ifstream& in, const Elf64_Shdr& of) {
  std::string out(of.sh_size, '\0');
  in.seekg(static_cast<std::streamoff>(of.sh_offset));
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  return in ? out : std::string();
}

std::vector<Elf64_Shdr> section_headers(std::ifstream& in) {
  Elf64_Ehdr head{};
  in.read(reinterpret_cast<char*>(&head), sizeof head);
  bool ours = in && std::memcmp(head.e_ident, ELFMAG, SELFMAG) == 0 &&
              head.e_ident[EI_CLASS] == ELFCLASS64 && head.e_shentsize == sizeof(Elf64_Shdr);
  if (!ours) return {};
  std::vector<Elf64_Shdr> out(head.e_shnum);
  in.seekg(static_cast<std::streamoff>(head.e_shoff));
  in.read(reinterpret_cast<char*>(out.data()),
          static_cast<std::streamsize>(out.size() * sizeof(Elf64_Shdr)));
  if (!in) out.clear();
  return out;
}

table read_table() {
  table out;
  std::ifstream in("/proc/self/exe", std::ios::binary);
  auto headers = section_headers(in);
  auto symbols =
      std::ranges::find(headers, static_cast<Elf64_Word>(SHT_SYMTAB), &Elf64_Shdr::sh_type);
  if (symbols == headers.end() || symbols->sh_link >= headers.size()) return out;
  auto bytes = section(in, *symbols);
  out.names = section(in, headers[symbols->sh_link]);
  for (std::size_t at = 0; at + sizeof(Elf64_Sym) <= bytes.size(); at += sizeof(Elf64_Sym)) {
    Elf64_Sym s{};
    std::memcpy(&s, bytes.data() + at, sizeof s);
    bool usable =
        ELF64_ST_TYPE(s.st_info) == STT_FUNC && s.st_value != 0 && s.st_name < out.names.size();
    if (usable) out.functions.push_back({s.st_value, s.st_size, s.st_name});
  }
  std::ranges::sort(out.functions, {}, &function::begin);
  return out;
}

std::string readable(const char* name) {
  int status = 0;
  std::unique_ptr<char, void (*)(void*)> out(abi::__cxa_demangle(name, nullptr, nullptr, &status),
                                             std::free);
  std::string text = status == 0 && out ? out.get() : name;
  // Parameters make names long, and say little.
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '<') ++depth;
    if (text[i] == '>') --depth;
    bool anonymous = text.compare(i, 11, "(anonymous ") == 0;
    if (text[i] == '(' && depth <= 0 && i > 0 && !anonymous) return text.substr(0, i);
  }
  return text;
}

std::string hex(std::uintptr_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  do {
    out.insert(out.begin(), digits[value & 15U]);
    value >>= 4U;
  } while (value != 0);
  return "0x" + out;
}

}  // namespace

std::string function_at(std::uintptr_t address) {
  static const table known = read_table();
  Dl_info info{};
  if (::dladdr(reinterpret_cast<void*>(address), &info) == 0) return hex(address);
  static const auto own_base = [] {
    Dl_info own{};
    ::dladdr(reinterpret_cast<void*>(&function_at), &own);
    return reinterpret_cast<std::uintptr_t>(own.dli_fbase);
  }();
  auto base = reinterpret_cast<std::uintptr_t>(info.dli_fbase);
  if (base == own_base) {
    auto offset = address - base;
    auto after = std::ranges::upper_bound(known.functions, offset, {}, &function::begin);
    if (after != known.functions.begin()) {
      const auto& f = *std::prev(after);
      if (offset < f.begin + std::max<std::uintptr_t>(f.size, 1)) {
        return readable(known.names.c_str() + f.name);
      }
    }
  }
  if (info.dli_sname) return readable(info.dli_sname);
  std::string_view file = info.dli_fname ? info.dli_fname : "";
  file.remove_prefix(file.rfind('/') == std::string_view::npos ? 0 : file.rfind('/') + 1);
  return std::string(file) + "+" + hex(address - base);
}

}  // namespace oficio::telemetry::detail
