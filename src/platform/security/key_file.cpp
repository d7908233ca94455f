#include "platform/security/key_file.hpp"

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/base/random.hpp"

namespace oficio::security {
namespace {

constexpr std::size_t max_size = 64 * 1024;

[[noreturn]] void fail(const std::string& path, std::string_view what, int code) {
  throw std::runtime_error(path + ": " + std::string(what) + ": " +
                           std::system_category().message(code));
}

class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  ~descriptor() { close(); }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }
  int close() { return fd_ < 0 ? 0 : ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

std::optional<std::string> read_if_there(const std::string& path) {
  descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) {
    if (errno == ENOENT) return std::nullopt;
    fail(path, "cannot be read", errno);
  }
  struct stat info{};
  if (::fstat(file.get(), &info) != 0) fail(path, "cannot be read", errno);
  if (!S_ISREG(info.st_mode)) throw std::runtime_error(path + ": is not a regular file");
  if ((info.st_mode & 077U) != 0) {
    throw std::runtime_error(path + ": others may read or write this key; run chmod 600 on it");
  }
  if (info.st_size > static_cast<off_t>(max_size)) {
    throw std::runtime_error(path + ": is too large for a key file");
  }
  std::string content(max_size, '\0');
  std::size_t size = 0;
  for (;;) {
    auto got = ::read(file.get(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path, "cannot be read", errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  content.resize(size);
  return content;
}

void sync_folder(const std::string& folder) {
  descriptor dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!dir || ::fsync(dir.get()) != 0) fail(folder, "cannot be synchronised", errno);
}

void write_all(const std::string& path, int fd, std::string_view content) {
  while (!content.empty()) {
    auto put = ::write(fd, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail(path, "cannot be written", errno);
    content.remove_prefix(static_cast<std::size_t>(put));
  }
}

// Removes the temporary however its making ends.
struct temporary {
  explicit temporary(std::string p) : path(std::move(p)) {}
  temporary(temporary&& other) noexcept : path(std::exchange(other.path, {})) {}
  temporary& operator=(temporary&&) = delete;
  ~temporary() {
    if (!path.empty()) ::unlink(path.c_str());
  }
  std::string path;
};

std::string folder_of(const std::string& path) {
  auto folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

temporary make_temporary(const std::string& path, std::string_view content) {
  temporary made{path + "." + random_hex(8) + ".new"};
  descriptor file(::open(made.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) fail(path, "cannot be made", errno);
  write_all(path, file.get(), content);
  if (::fsync(file.get()) != 0 || file.close() != 0) fail(path, "cannot be written", errno);
  return made;
}

// The finished temporary gets its name by link(), which unlike rename() never replaces the file of
// another process that was quicker.
void create(const std::string& path, std::string_view content) {
  std::string folder = folder_of(path);
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) fail(folder, "cannot be made", failure.value());

  auto made = make_temporary(path, content);
  if (::link(made.path.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    fail(path, "cannot be made", errno);
  }
  sync_folder(folder);
}

}  // namespace

std::string load_or_create_private_file(const std::string& path,
                                        const std::function<std::string()>& make) {
  if (auto content = read_if_there(path)) return *std::move(content);
  create(path, make());
  auto content = read_if_there(path);
  if (!content) throw std::runtime_error(path + ": was removed while it was made");
  return *std::move(content);
}

std::optional<std::string> read_private_file(const std::string& path) {
  return read_if_there(path);
}

std::optional<std::string> from_hex_line(std::string_view line) {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  if (line.size() % 2 != 0) return std::nullopt;
  auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  std::string bytes;
  for (std::size_t i = 0; i < line.size(); i += 2) {
    int high = digit(line[i]);
    int low = digit(line[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

}  // namespace oficio::security
