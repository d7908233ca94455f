#include "drivers/elasticsearch/telemetry/spill.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <stdexcept>
#include <string_view>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace oficio::elasticsearch {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_segment_bytes = 1024 * 1024;
constexpr std::size_t fewest_segments = 8;  // so that what goes at once is not all that there is
constexpr int most_processes = 64;
constexpr std::string_view suffix = ".records";

// A line: stream, id and document, none of which has a tab or a line feed in it.
std::string line_of(const telemetry::record& r) {
  std::string out = r.stream;
  return out.append("\t").append(r.id).append("\t").append(r.document).append("\n");
}

constexpr std::size_t longest_name = 255;

// A server refuses all that comes with a stream or id that it cannot read.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_name &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

// Nothing for half a line, which a process that was killed may leave, and for what a disk has
// broken.
bool read_line(std::string_view line, telemetry::record& out) {
  auto first = line.find('\t');
  auto second = first == std::string_view::npos ? first : line.find('\t', first + 1);
  if (second == std::string_view::npos) return false;
  out.stream = line.substr(0, first);
  out.id = line.substr(first + 1, second - first - 1);
  out.document = line.substr(second + 1);
  return is_name(out.stream) && is_name(out.id) && out.document.starts_with('{') &&
         out.document.ends_with('}');
}

std::size_t lines_in(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return static_cast<std::size_t>(
      std::count(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>(), '\n'));
}

// Those of the segments in a folder, in their order.
std::vector<std::uint64_t> numbers_in(const std::string& folder) {
  std::vector<std::uint64_t> out;
  for (const auto& entry : fs::directory_iterator(folder)) {
    auto name = entry.path().filename().string();
    std::uint64_t number = 0;
    auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
    auto rest = std::string_view(name).substr(static_cast<std::size_t>(end - name.data()));
    if (failure == std::errc{} && rest == suffix && entry.is_regular_file()) out.push_back(number);
  }
  std::ranges::sort(out);
  return out;
}

std::string path_in(const std::string& folder, std::uint64_t number) {
  return folder + "/" + std::to_string(number) + std::string(suffix);
}

std::string folder_of(const std::string& folder, int process) {
  return process == 0 ? folder : folder + "." + std::to_string(process);
}

// -1 if another process has it, or if there is none.
int try_lock(const std::string& folder, int flags) {
  int file = ::open((folder + "/lock").c_str(), flags | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0 || ::flock(file, LOCK_EX | LOCK_NB) == 0) return file;
  ::close(file);
  return -1;
}

}  // namespace

spill::spill(std::string folder, std::size_t max_bytes)
    : max_bytes_(max_bytes),
      segment_bytes_(std::min(most_segment_bytes, max_bytes / fewest_segments)) {
  lock(folder);
  find_segments();
  take_over(folder);
}

spill::~spill() {
  if (lock_ >= 0) ::close(lock_);
}

void spill::lock(const std::string& folder) {
  for (int i = 0; i < most_processes; ++i) {
    folder_ = folder_of(folder, i);
    std::error_code failure;
    fs::create_directories(folder_, failure);
    lock_ = try_lock(folder_, O_CREAT);
    if (lock_ >= 0) return;
    if (::access((folder_ + "/lock").c_str(), W_OK) != 0) {
      throw std::runtime_error(folder_ + " cannot be written");
    }
  }
  throw std::runtime_error(folder + " and all like it are in use");
}

void spill::add_segment(std::uint64_t number) {
  std::error_code failure;
  auto bytes = fs::file_size(path_of(number), failure);
  if (failure) return;
  segments_.push_back({number, static_cast<std::size_t>(bytes), lines_in(path_of(number))});
  bytes_ += segments_.back().bytes;
  next_number_ = std::max(next_number_, number + 1);
}

void spill::find_segments() {
  for (auto number : numbers_in(folder_)) add_segment(number);
}

// What those have left who stood beside another process, and are gone: nobody else may ever come.
void spill::take_over(const std::string& folder) {
  for (int i = 0; i < most_processes; ++i) {
    auto other = folder_of(folder, i);
    if (other == folder_) continue;
    int lock = try_lock(other, 0);
    if (lock < 0) continue;
    for (auto number : numbers_in(other)) {
      std::error_code failure;
      fs::rename(path_in(other, number), path_of(next_number_), failure);
      if (!failure) add_segment(next_number_);
    }
    ::close(lock);
  }
}

std::string spill::path_of(std::uint64_t number) const {
  return path_in(folder_, number);
}

bool spill::open_next() {
  out_.close();
  out_.clear();
  out_.open(path_of(next_number_), std::ios::binary | std::ios::trunc);
  if (!out_) return false;
  segments_.push_back({next_number_++, 0, 0});
  return true;
}

std::size_t spill::put(const std::vector<telemetry::record>& records) {
  std::size_t lost = 0;
  for (const auto& r : records) {
    auto line = line_of(r);
    auto more = unsettled_bytes_ + line.size();
    if (bytes_ + more > max_bytes_) {
      lost += settle();
      while (!segments_.empty() && bytes_ + line.size() > max_bytes_) lost += drop_oldest();
    }
    if (!out_.is_open() || segments_.back().bytes + more > segment_bytes_) {
      lost += settle();
      if (!open_next()) {
        ++lost;
        continue;
      }
    }
    out_ << line;
    unsettled_bytes_ += line.size();
    ++unsettled_records_;
  }
  return lost + settle();
}

// What was handed to the file has reached it, or is lost: the disk is full, or worse. Then nothing
// of it stays there, and no file without anything in it, for there may be many such attempts.
std::size_t spill::settle() {
  auto bytes = std::exchange(unsettled_bytes_, 0);
  auto records = std::exchange(unsettled_records_, 0);
  if (records == 0) return 0;
  out_.flush();
  auto& last = segments_.back();
  if (out_) {
    last.bytes += bytes;
    last.records += records;
    bytes_ += bytes;
    return 0;
  }
  out_.close();
  std::error_code ignored;
  if (last.bytes > 0) {
    fs::resize_file(path_of(last.number), last.bytes, ignored);
  } else {
    fs::remove(path_of(last.number), ignored);
    segments_.pop_back();
  }
  return records;
}

std::vector<telemetry::record> spill::next(std::size_t most, std::size_t bytes) {
  std::vector<telemetry::record> out;
  given_gone_ = false;
  while (!segments_.empty() && out.empty()) {
    std::ifstream in(path_of(segments_.front().number), std::ios::binary);
    in.seekg(static_cast<std::streamoff>(read_));
    given_ = 0;
    given_records_ = 0;
    // However much is broken, what is sound behind it is found: only then the file may go.
    auto wants_more = [&] { return out.empty() || (out.size() < most && given_ < bytes); };
    for (std::string line; wants_more() && std::getline(in, line);) {
      given_ += line.size() + 1;
      ++given_records_;
      telemetry::record r;
      if (read_line(line, r)) out.push_back(std::move(r));
    }
    if (out.empty()) {  // nothing that can be read was left of it
      given_records_ = 0;
      broken_ += drop_oldest();
    } else {
      given_broken_ = given_records_ - out.size();
    }
  }
  return out;
}

std::size_t spill::done(const std::vector<telemetry::record>& again) {
  read_ += given_;
  read_records_ += given_records_;
  broken_ += given_broken_;
  put_back();
  drop_read();
  return again.empty() ? 0 : put(again);
}

void spill::put_back() {
  given_ = 0;
  given_records_ = 0;
  given_broken_ = 0;
}

void spill::drop_read() {
  if (!segments_.empty() && read_ >= segments_.front().bytes) drop_oldest();
}

std::size_t spill::drop_oldest() {
  auto first = segments_.front();
  if (segments_.size() == 1) out_.close();
  segments_.pop_front();
  bytes_ -= std::min(bytes_, first.bytes);
  std::error_code ignored;
  fs::remove(path_of(first.number), ignored);
  auto lost = first.records - std::min(first.records, read_records_ + given_records_);
  lost += std::exchange(given_broken_, 0);
  given_gone_ = given_gone_ || given_records_ > 0;
  read_ = 0;
  given_ = 0;
  read_records_ = 0;
  given_records_ = 0;
  return lost;
}

}  // namespace oficio::elasticsearch
