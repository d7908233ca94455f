#include <chrono>
#include <fstream>
#include <iterator>
#include <sstream>

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include "platform/telemetry/metrics.hpp"

namespace oficio::telemetry {
namespace {

// The numbers of /proc/self/stat behind the program's name, which may hold anything.
std::vector<long long> stat_numbers() {
  std::ifstream in("/proc/self/stat");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  auto name_end = text.rfind(')');
  if (name_end == std::string::npos || name_end + 4 > text.size()) return {};
  std::istringstream rest(text.substr(name_end + 4));  // behind ") S "
  return {std::istream_iterator<long long>(rest), {}};
}

double boot_time() {
  std::ifstream in("/proc/stat");
  for (std::string word; in >> word;) {
    double value = 0;
    if (word == "btime" && in >> value) return value;
  }
  return 0;
}

double open_files() {
  DIR* folder = ::opendir("/proc/self/fd");
  if (!folder) return 0;
  int count = 0;
  while (::readdir(folder) != nullptr) ++count;
  ::closedir(folder);
  return count - 3;  // ".", ".." and the folder itself
}

double max_files() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : 0;
}

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

}  // namespace

void tell_process(reading& to) {
  static const double booted = boot_time();
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  to.count("process_cpu_seconds_total", "Processor time, user and system", {},
           seconds(use.ru_utime) + seconds(use.ru_stime));
  to.level("process_open_fds", "Open file descriptors", {}, open_files());
  to.level("process_max_fds", "Most file descriptors that may be open", {}, max_files());
  auto numbers = stat_numbers();  // [0] is field 4 of proc(5)
  if (numbers.size() < 21) return;
  auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  to.level("process_threads", "Threads", {}, static_cast<double>(numbers[16]));
  to.level("process_start_time_seconds", "When the process started, in Unix time", {},
           booted + static_cast<double>(numbers[18]) / ticks);
  to.level("process_virtual_memory_bytes", "Address space", {}, static_cast<double>(numbers[19]));
  to.level("process_resident_memory_bytes", "Memory in use", {},
           static_cast<double>(numbers[20]) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
}

}  // namespace oficio::telemetry
