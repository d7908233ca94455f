#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace oficio::bench {

// One client of Socket.IO over WebSocket, as cheap as can be: it masks with zeros and reads only
// what a measurement asks about.
class client {
 public:
  // Connects from the loopback address 127.0.0.`from` and joins the namespace "/" with these words
  // (a CONNECT packet), after which the server says `greetings` things by itself; throws
  // std::runtime_error if that fails. Afterwards it never blocks.
  client(std::uint16_t port, int from, std::string_view hello, int greetings);
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  int handle() const { return handle_; }
  // Adds a text message to what is sent with the next flush().
  void say(std::string_view message);
  void flush();  // throws if the line is lost
  bool has_more_to_send() const { return !out_.empty(); }
  // What has come; answers Engine.IO's pings itself. False if the server has closed.
  bool receive(const std::function<void(std::string_view)>& take);

  std::uint64_t pings = 0;

 private:
  std::string wait_for_message();
  void fill();
  bool next(std::string_view& message);

  int handle_ = -1;
  std::string in_;
  std::size_t used_ = 0;
  std::string out_;
};

// All clients of a measurement, on one thread.
class crowd {
 public:
  // One that says "40" each, to a server that greets.
  crowd(std::uint16_t port, std::size_t count);
  // One for each of these words, to a server that does not greet.
  crowd(std::uint16_t port, const std::vector<std::string>& hellos);
  ~crowd();

  std::vector<std::unique_ptr<client>>& all() { return all_; }
  // Lets everything happen for so long; `take` gets each message. Throws if a line is lost.
  void run(double seconds, const std::function<void(client&, std::string_view)>& take);
  // Until `done`; at most 20 s.
  void run_until(const std::function<bool()>& done,
                 const std::function<void(client&, std::string_view)>& take);

  // Takes what has come, waiting for it for so long, and sends what is to be sent.
  void turn(int milliseconds, const std::function<void(client&, std::string_view)>& take);

 private:
  void add(std::unique_ptr<client> c);

  int poll_ = -1;
  std::vector<std::unique_ptr<client>> all_;
};

}  // namespace oficio::bench
