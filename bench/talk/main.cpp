// Writes messages at an even rate, over HTTP or Socket.IO, and tells how long it took until they
// were seen on the other side's sockets, as one JSON object:
//   bench_talk --port P --via http|socket --rate N --seconds N < PEOPLE
// PEOPLE has a line for each person, "TOKEN CONVERSATION"; two after another talk to each other.
// A message counts from the moment when it was due, so that one that waits for its turn counts too.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <iostream>
#include <unordered_map>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "realtime/client.hpp"
#include "talk/poster.hpp"

namespace oficio::bench {
namespace {

using steady = std::chrono::steady_clock;

struct settings {
  std::uint16_t port = 0;
  std::string via = "http";
  std::size_t sockets = 5;  // of each person
  double rate = 200;        // messages a second, of all together
  double seconds = 20;
};

struct person {
  std::string token;
  std::string conversation;
};

double milliseconds_since(steady::time_point t) {
  return std::chrono::duration<double, std::milli>(steady::now() - t).count();
}

double part(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  auto at = static_cast<std::size_t>(static_cast<double>(sorted.size()) * share);
  return sorted[std::min(at, sorted.size() - 1)];
}

// At the front of a text that goes on with something else.
std::size_t number_in(std::string_view text) {
  std::size_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

std::string in_quotes(std::string_view name, std::string_view text) {
  return '"' + std::string(name) + "\":\"" + std::string(text) + '"';
}

class talk {
 public:
  talk(const settings& s, const std::vector<person>& people)
      : set_(s), people_(people), all_(s.port, hellos(s, people)) {
    for (std::size_t i = 0; i < all_.all().size(); ++i) {
      owner_[all_.all()[i].get()] = i / s.sockets;
    }
    if (s.via == "http") posts_ = std::make_unique<poster>(s.port, 32);
  }

  void run() {
    all_.run(1, [](client&, std::string_view) {});
    auto began = steady::now();
    auto count = static_cast<std::size_t>(set_.rate * set_.seconds);
    auto take = [this](client& c, std::string_view message) { hear(c, message); };
    while (next_ < count) {
      while (next_ < count && due(began, next_) <= steady::now()) write(due(began, next_));
      all_.turn(1, take);
    }
    auto end = steady::now() + std::chrono::seconds(20);
    while (!on_their_way_.empty() && steady::now() < end) all_.turn(10, take);
  }

  void tell() {
    std::ranges::sort(seen_);
    std::ranges::sort(acknowledged_);
    std::cout << "{\"sockets\": " << all_.all().size() << ", \"messages\": " << next_
              << ", \"never_seen\": " << on_their_way_.size() << ", \"twice\": " << twice_
              << ", \"refused\": " << refused_ + (posts_ ? posts_->refused() : 0)
              << ", \"p50\": " << part(seen_, 0.5) << ", \"p99\": " << part(seen_, 0.99)
              << ", \"max\": " << part(seen_, 1) << ", \"ack_p50\": " << part(acknowledged_, 0.5)
              << ", \"ack_p99\": " << part(acknowledged_, 0.99) << "}" << std::endl;
  }

 private:
  static std::vector<std::string> hellos(const settings& s, const std::vector<person>& people) {
    std::vector<std::string> out;
    for (const auto& p : people) {
      for (std::size_t i = 0; i < s.sockets; ++i) {
        out.push_back("40{" + in_quotes("token", p.token) + '}');
      }
    }
    return out;
  }

  steady::time_point due(steady::time_point began, std::size_t number) const {
    return began + std::chrono::duration_cast<steady::duration>(
                       std::chrono::duration<double>(static_cast<double>(number) / set_.rate));
  }

  // People take turns, and each their sockets.
  void write(steady::time_point when) {
    auto number = next_++;
    auto who = number % people_.size();
    due_.push_back(when);
    on_their_way_[number] = set_.sockets;
    auto body = "{" + in_quotes("client_id", mine_ + std::to_string(number)) + "," +
                in_quotes("text", "Hello, is this still available?");
    if (posts_) {
      posts_->send(request(people_[who], body + "}"));
      return;
    }
    auto& from = *all_.all()[who * set_.sockets + number / people_.size() % set_.sockets];
    from.say("42" + std::to_string(number) + "[\"message:send\"," + body + "," +
             in_quotes("conversation_id", people_[who].conversation) + "}]");
    from.flush();
  }

  std::string request(const person& p, const std::string& body) const {
    return "POST /api/v1/conversations/" + p.conversation +
           "/messages HTTP/1.1\r\nHost: localhost:" + std::to_string(set_.port) +
           "\r\nAuthorization: Bearer " + p.token +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
  }

  void hear(client& c, std::string_view message) {
    if (message.starts_with("43")) return acknowledge(message.substr(2));
    if (!message.starts_with("42[\"message\",")) return;
    auto at = message.find(mine_);
    if (at == std::string_view::npos) return;
    auto number = number_in(message.substr(at + mine_.size()));
    if (number % people_.size() == owner_.at(&c)) return;  // it is the writer's own
    auto found = on_their_way_.find(number);
    if (found == on_their_way_.end()) {
      ++twice_;
      return;
    }
    seen_.push_back(milliseconds_since(due_.at(number)));
    if (--found->second == 0) on_their_way_.erase(found);
  }

  // "17[{"ok":true,…"
  void acknowledge(std::string_view answer) {
    acknowledged_.push_back(milliseconds_since(due_.at(number_in(answer))));
    if (answer.find("\"ok\":true") == std::string_view::npos) ++refused_;
  }

  const settings& set_;
  const std::vector<person>& people_;
  crowd all_;
  std::unordered_map<const client*, std::size_t> owner_;
  std::unique_ptr<poster> posts_;
  std::string mine_ = "bench-" + std::to_string(::getpid()) + "-";  // begins our client ids
  std::vector<steady::time_point> due_;                             // by number
  std::unordered_map<std::size_t, std::size_t> on_their_way_;  // until so many sockets have seen it
  std::vector<double> seen_;                                   // milliseconds
  std::vector<double> acknowledged_;  // milliseconds, of what went over sockets
  std::size_t next_ = 0;
  std::size_t twice_ = 0;
  std::size_t refused_ = 0;
};

std::vector<person> read_people(std::istream& from) {
  std::vector<person> out;
  person next;
  while (from >> next.token >> next.conversation) out.push_back(next);
  return out;
}

}  // namespace
}  // namespace oficio::bench

int main(int argc, char** argv) {
  using namespace oficio::bench;
  settings s;
  CLI::App words("Talks, and measures until it is heard.");
  words.add_option("--port", s.port)->required();
  words.add_option("--via", s.via)->check(CLI::IsMember({"http", "socket"}));
  words.add_option("--sockets", s.sockets);
  words.add_option("--rate", s.rate);
  words.add_option("--seconds", s.seconds);
  try {
    words.parse(argc, argv);
    auto people = read_people(std::cin);
    talk all(s, people);
    all.run();
    all.tell();
  } catch (const CLI::ParseError& e) {
    return words.exit(e);
  } catch (const std::exception& e) {
    std::cerr << "bench_talk: " << e.what() << '\n';
    return 1;
  }
}
