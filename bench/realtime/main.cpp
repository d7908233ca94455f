// Loads a Socket.IO server with clients and tells what it did with its processor time and memory,
// as one JSON object: bench_realtime acks|rooms|idle --port P --pid PID ...
#include <fstream>
#include <iostream>
#include <sstream>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "realtime/client.hpp"

namespace oficio::bench {
namespace {

struct settings {
  std::uint16_t port = 0;
  int pid = 0;  // of the server
  std::size_t connections = 100;
  std::size_t window = 1;
  std::size_t senders = 1;
  double seconds = 5;
};

// Seconds of processor that the process has used so far.
double processor_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

// Bytes of memory that it holds.
double memory_of(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/statm");
  double all = 0;
  double resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

struct outcome {
  double count = 0;
  double processor = 0;  // of the server
  double own = 0;        // of this program
  double seconds = 0;
};

void tell(const outcome& o) {
  std::cout << "{\"count\": " << o.count << ", \"server_cpu\": " << o.processor
            << ", \"client_cpu\": " << o.own << ", \"seconds\": " << o.seconds
            << ", \"per_cpu_second\": " << (o.processor > 0 ? o.count / o.processor : 0)
            << ", \"per_second\": " << o.count / o.seconds << "}" << std::endl;
}

// A second to warm up, and then what counts.
outcome measure(crowd& all, const settings& s, std::uint64_t& count,
                const std::function<void(client&, std::string_view)>& take) {
  all.run(1, take);
  auto before = processor_of(s.pid);
  auto own = processor_of(::getpid());
  auto first = count;
  all.run(s.seconds, take);
  return {static_cast<double>(count - first), processor_of(s.pid) - before,
          processor_of(::getpid()) - own, s.seconds};
}

constexpr std::string_view content =
    R"("conversation-17",{"text":"Hello, is this still available?","client_id":"c-123"}])";

// Each client keeps `window` events unanswered.
void acks(const settings& s) {
  crowd all(s.port, s.connections);
  std::string event = R"(421["message-with-ack",)" + std::string(content);
  for (auto& c : all.all()) {
    for (std::size_t i = 0; i < s.window; ++i) c->say(event);
    c->flush();
  }
  std::uint64_t count = 0;
  tell(measure(all, s, count, [&](client& c, std::string_view message) {
    if (!message.starts_with("431["))
      throw std::runtime_error("unexpected: " + std::string(message));
    ++count;
    c.say(event);
  }));
}

// All are in one room; some send to it, each `window` events ahead of what it hears of its own.
void rooms(const settings& s) {
  crowd all(s.port, s.connections);
  std::size_t joined = 0;
  for (auto& c : all.all()) {
    c->say(R"(421["join","den"])");
    c->flush();
  }
  all.run_until([&] { return joined == s.connections; },
                [&](client&, std::string_view) { ++joined; });
  std::vector<std::string> mine;  // what each sender says, and hears
  for (std::size_t i = 0; i < s.senders; ++i) {
    auto name = "\"s" + std::to_string(i) + "\",";
    mine.push_back(name);
    for (std::size_t k = 0; k < s.window; ++k) {
      all.all()[i]->say(R"(42["to-room","den",)" + name + std::string(content));
    }
    all.all()[i]->flush();
  }
  std::uint64_t count = 0;
  tell(measure(all, s, count, [&](client& c, std::string_view message) {
    ++count;
    for (std::size_t i = 0; i < s.senders; ++i) {
      if (all.all()[i].get() == &c && message.find(mine[i]) != std::string_view::npos) {
        c.say(R"(42["to-room","den",)" + mine[i] + std::string(content));
      }
    }
  }));
}

// Nothing but heartbeats; no line may be lost.
void idle(const settings& s) {
  auto before = memory_of(s.pid);
  auto cpu = processor_of(s.pid);
  crowd all(s.port, s.connections);
  auto opened = processor_of(s.pid) - cpu;
  all.run(2, [](client&, std::string_view) {});
  auto held = memory_of(s.pid) - before;
  cpu = processor_of(s.pid);
  all.run(s.seconds, [](client&, std::string_view) {});
  std::uint64_t fewest = UINT64_MAX;
  for (auto& c : all.all()) fewest = std::min(fewest, c->pings);
  std::cout << "{\"connections\": " << s.connections
            << ", \"bytes_per_connection\": " << held / static_cast<double>(s.connections)
            << ", \"bytes_at_the_end\": "
            << (memory_of(s.pid) - before) / static_cast<double>(s.connections)
            << ", \"open_cpu_us\": " << opened / static_cast<double>(s.connections) * 1e6
            << ", \"idle_cpu\": " << (processor_of(s.pid) - cpu) / s.seconds
            << ", \"seconds\": " << s.seconds << ", \"fewest_pings\": " << fewest << "}"
            << std::endl;
}

}  // namespace
}  // namespace oficio::bench

int main(int argc, char** argv) {
  using namespace oficio::bench;
  settings s;
  CLI::App words("Loads a Socket.IO server.");
  words.require_subcommand(1);
  using mode = std::pair<const char*, void (*)(const settings&)>;
  for (auto [name, run] : {mode{"acks", acks}, mode{"rooms", rooms}, mode{"idle", idle}}) {
    auto* word = words.add_subcommand(name);
    word->add_option("--port", s.port)->required();
    word->add_option("--pid", s.pid)->required();
    word->add_option("--connections", s.connections);
    word->add_option("--window", s.window);
    word->add_option("--senders", s.senders);
    word->add_option("--seconds", s.seconds);
    word->callback([&s, run] { run(s); });
  }
  try {
    words.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return words.exit(e);
  } catch (const std::exception& e) {
    std::cerr << "bench_realtime: " << e.what() << '\n';
    return 1;
  }
}
