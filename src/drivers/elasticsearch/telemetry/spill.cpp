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

// Nothing for half a line, which a process that was killed may leave.
bool read_line(std::string_view line, telemetry::record& out) {
  auto first = line.find('\t');
  auto second = first == std::string_view::npos ? first : line.find('\t', first + 1);
  if (second == std::string_view::npos || !line.ends_with('}')) return false;
  out.stream = line.substr(0, first);
  out.id = line.substr(first + 1, second - first - 1);
  out.document = line.substr(second + 1);
  return true;
}

std::size_t lines_in(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return static_cast<std::size_t>(
      std::count(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>(), '\n'));
}

}  // namespace

spill::spill(std::string folder, std::size_t max_bytes)
    : max_bytes_(max_bytes),
      segment_bytes_(std::min(most_segment_bytes, max_bytes / fewest_segments)) {
  lock(folder);
  find_segments();
}

spill::~spill() {
  if (lock_ >= 0) ::close(lock_);
}

void spill::lock(const std::string& folder) {
  for (int i = 0; i < most_processes; ++i) {
    folder_ = i == 0 ? folder : folder + "." + std::to_string(i);
    std::error_code failure;
    fs::create_directories(folder_, failure);
    auto path = folder_ + "/lock";
    lock_ = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (lock_ < 0) throw std::runtime_error(folder_ + " cannot be written");
    if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return;
    ::close(lock_);
    lock_ = -1;
  }
  throw std::runtime_error(folder + " and all like it are in use");
}

void spill::find_segments() {
  for (const auto& entry : fs::directory_iterator(folder_)) {
    auto name = entry.path().filename().string();
    std::uint64_t number = 0;
    auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
    auto rest = std::string_view(name).substr(static_cast<std::size_t>(end - name.data()));
    if (failure != std::errc{} || rest != suffix) continue;
    segments_.push_back(
        {number, static_cast<std::size_t>(entry.file_size()), lines_in(entry.path())});
    bytes_ += segments_.back().bytes;
    next_number_ = std::max(next_number_, number + 1);
  }
  std::ranges::sort(segments_, {}, &segment::number);
}

std::string spill::path_of(std::uint64_t number) const {
  return folder_ + "/" + std::to_string(number) + std::string(suffix);
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
    while (!segments_.empty() && bytes_ + line.size() > max_bytes_) lost += drop_oldest();
    bool full = !out_.is_open() || segments_.empty() ||
                segments_.back().bytes + line.size() > segment_bytes_;
    if (full && !open_next()) {
      ++lost;
      continue;
    }
    out_ << line;
    if (!out_) {  // the disk is full, or worse: what is there of the line is skipped when it is
                  // read
      ++lost;
      out_.close();
      continue;
    }
    segments_.back().bytes += line.size();
    ++segments_.back().records;
    bytes_ += line.size();
  }
  out_.flush();
  return lost;
}

std::vector<telemetry::record> spill::next(std::size_t most, std::size_t bytes) {
  std::vector<telemetry::record> out;
  given_gone_ = false;
  while (!segments_.empty() && out.empty()) {
    std::ifstream in(path_of(segments_.front().number), std::ios::binary);
    in.seekg(static_cast<std::streamoff>(read_));
    given_ = 0;
    given_records_ = 0;
    for (std::string line; out.size() < most && given_ < bytes && std::getline(in, line);) {
      given_ += line.size() + 1;
      ++given_records_;
      telemetry::record r;
      if (read_line(line, r)) out.push_back(std::move(r));
    }
    if (out.empty()) {  // nothing but half lines was left of it
      given_records_ = 0;
      drop_oldest();
    }
  }
  return out;
}

std::size_t spill::done(const std::vector<telemetry::record>& again) {
  read_ += given_;
  read_records_ += given_records_;
  put_back();
  drop_read();
  return again.empty() ? 0 : put(again);
}

void spill::put_back() {
  given_ = 0;
  given_records_ = 0;
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
  given_gone_ = given_gone_ || given_records_ > 0;
  read_ = 0;
  given_ = 0;
  read_records_ = 0;
  given_records_ = 0;
  return lost;
}

}  // namespace oficio::elasticsearch
