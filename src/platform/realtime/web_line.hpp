#pragma once

#include <memory>

#include "platform/http/line.hpp"
#include "platform/realtime/session.hpp"
#include "platform/realtime/websocket.hpp"

namespace oficio::realtime {

// A WebSocket on a connection that HTTP has handed over. While nothing moves it holds no buffers:
// it is told that bytes are there and reads them into one that all lines of a thread share.
class web_line final : public http::line::user,
                       public outlet,
                       private deadline,
                       public std::enable_shared_from_this<web_line> {
 public:
  web_line(std::shared_ptr<engine_core> core, std::shared_ptr<http::line> on);
  ~web_line() override;

  // On the line's strand. As the session's own from the start, or to become it.
  void carry(std::shared_ptr<session> s);
  void probe_for(std::shared_ptr<session> s);
  // Tells why and closes.
  void refuse(websocket::close_code code, std::string_view reason);

  void wake() override;
  void resume() override;
  void shut(end_reason why) override;
  void drop() override;

 private:
  enum class state { probing, carrying, closing, closed };

  void readable(boost::system::error_code failure) override;
  void writable(boost::system::error_code failure) override;
  std::shared_ptr<void> owner() override { return weak_from_this().lock(); }
  void expired(steady_time due) override;

  bool read_some(boost::system::error_code& failure);
  bool take_messages();
  bool take(const websocket::message& m);
  bool take_probe(const engine_packet& p);
  void read_on();
  void flush();
  bool write_out();
  void finish_closing();
  void say_goodbye(websocket::close_code code, std::string_view reason);
  void lose(end_reason why);
  void close_line();
  void leave_session();

  const std::shared_ptr<engine_core> core_;
  const std::shared_ptr<http::line> line_;
  std::shared_ptr<session> session_;
  websocket::reader in_;
  std::vector<frame::pointer> out_;  // taken from the session
  std::size_t sent_ = 0;             // of out_'s first
  std::string control_;              // goes before what is taken next
  std::string goodbye_;              // goes last
  deadlines* scheduled_ = nullptr;
  state state_ = state::probing;
  bool reading_ = false;  // waits to be told that there is something
  bool writing_ = false;  // waits to be told that there is room
  bool paused_ = false;
  bool goodbye_sent_ = false;
  bool in_batch_ = false;
};

}  // namespace oficio::realtime
