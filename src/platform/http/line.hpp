#pragma once

#include <memory>
#include <span>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>

namespace oficio::http {

// A connection that has left HTTP after an answer 101: bytes both ways, plain or encrypted, without
// any time limit of the server's. It says when it is ready and moves what it can, so that whoever
// waits needs no buffer meanwhile. It counts as one of the server's connections until it is gone.
// Everything but close() is called on executor(), which is a strand.
class line {
 public:
  // Whom a line tells. A failure means that it is lost.
  class user {
   public:
    virtual ~user() = default;
    virtual void readable(boost::system::error_code failure) = 0;
    virtual void writable(boost::system::error_code failure) = 0;
  };

  virtual ~line() = default;
  virtual const boost::asio::any_io_executor& executor() const = 0;

  // One call of readable() (or writable()) follows, never from within this call. One such wait of
  // each kind at a time; the user is kept until then.
  virtual void wait_readable(std::shared_ptr<user> who) = 0;
  virtual void wait_writable(std::shared_ptr<user> who) = 0;

  // How many bytes were moved at once. Failures: would_block, eof, and those of sockets.
  virtual std::size_t read(boost::asio::mutable_buffer to, boost::system::error_code& failure) = 0;
  virtual std::size_t write(std::span<const boost::asio::const_buffer> from,
                            boost::system::error_code& failure) = 0;

  // Says that nothing more will be sent, once all that was written is.
  virtual void end() = 0;
  // Ends what waits with operation_aborted. Safe from any thread.
  virtual void close() = 0;
};

}  // namespace oficio::http
