#include "scripted_server.hpp"

#include <cstring>
#include <stdexcept>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <openssl/pem.h>

namespace oficio::mongodb {
namespace {

namespace asio = boost::asio;

constexpr std::int32_t op_reply = 1;
constexpr std::int32_t op_query = 2004;
constexpr std::int32_t op_msg = 2013;
constexpr std::size_t header_size = 16;

std::int32_t number_at(const std::string& bytes, std::size_t at) {
  std::int32_t out = 0;
  std::memcpy(&out, bytes.data() + at, sizeof out);
  return out;
}

void add(std::string& to, std::int32_t number) {
  to.append(reinterpret_cast<const char*>(&number), sizeof number);
}

boost::json::object read_bson(const std::string& bytes, std::size_t at) {
  bson_t d;
  auto size = static_cast<std::size_t>(number_at(bytes, at));
  if (!bson_init_static(&d, reinterpret_cast<const std::uint8_t*>(bytes.data()) + at, size)) {
    throw std::runtime_error("no BSON");
  }
  char* text = bson_as_relaxed_extended_json(&d, nullptr);
  auto out = boost::json::parse(text).as_object();
  bson_free(text);
  return out;
}

// The command of a message; documents that come beside it are its "payload".
boost::json::object command_of(std::int32_t operation, const std::string& body) {
  if (operation == op_query) {
    auto name_end = body.find('\0', 4);
    return read_bson(body, name_end + 1 + 8);
  }
  boost::json::object command;
  boost::json::array payload;
  for (std::size_t at = 4; at < body.size();) {
    char section = body[at++];
    auto size = static_cast<std::size_t>(number_at(body, at));
    if (section == 0) {
      command = read_bson(body, at);
    } else {
      std::size_t document_at = body.find('\0', at + 4) + 1;
      for (; document_at < at + size;
           document_at += static_cast<std::size_t>(number_at(body, document_at))) {
        payload.push_back(read_bson(body, document_at));
      }
    }
    at += size;
  }
  if (!payload.empty()) command["payload"] = std::move(payload);
  return command;
}

std::string message(std::int32_t operation, std::int32_t to, const document& reply) {
  std::string body;
  if (operation == op_query) {
    add(body, 8);  // flags: it can wait for data
    body.append(8, '\0');
    add(body, 0);
    add(body, 1);
  } else {
    add(body, 0);
    body += '\0';
  }
  body.append(reinterpret_cast<const char*>(bson_get_data(reply.get())), reply.size());
  std::string out;
  add(out, static_cast<std::int32_t>(header_size + body.size()));
  add(out, 1);
  add(out, to);
  add(out, operation == op_query ? op_reply : op_msg);
  return out + body;
}

document from_json(const std::string& text) {
  bson_error_t why;
  auto* made = bson_new_from_json(reinterpret_cast<const std::uint8_t*>(text.data()),
                                  static_cast<ssize_t>(text.size()), &why);
  if (!made) throw std::runtime_error(why.message);
  return document(made);
}

std::shared_ptr<SSL_CTX> context_of(const certificate& own) {
  std::shared_ptr<SSL_CTX> out(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  auto bio = [](const std::string& text) {
    return std::shared_ptr<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
                                BIO_free_all);
  };
  std::shared_ptr<X509> x(PEM_read_bio_X509(bio(own.pem).get(), nullptr, nullptr, nullptr),
                          X509_free);
  std::shared_ptr<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(bio(own.key).get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  if (SSL_CTX_use_certificate(out.get(), x.get()) != 1 ||
      SSL_CTX_use_PrivateKey(out.get(), key.get()) != 1 ||
      X509_STORE_add_cert(SSL_CTX_get_cert_store(out.get()), x.get()) != 1) {
    throw std::runtime_error("no TLS with this certificate");
  }
  SSL_CTX_set_verify(out.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return out;
}

}  // namespace

// A connection, plain or encrypted. Both functions are false when the other side has gone.
class scripted_server::channel {
 public:
  channel(socket& over, SSL_CTX* tls) : over_(over) {
    if (!tls) return;
    ssl_.reset(SSL_new(tls), SSL_free);
    SSL_set_fd(ssl_.get(), over.native_handle());
    alive_ = SSL_accept(ssl_.get()) == 1;
  }

  bool read(std::string& all) {
    boost::system::error_code failure;
    if (!ssl_) asio::read(over_, asio::buffer(all), failure);
    for (std::size_t have = 0; ssl_ && alive_ && have < all.size();) {
      auto got = SSL_read(ssl_.get(), all.data() + have, static_cast<int>(all.size() - have));
      alive_ = got > 0;
      if (alive_) have += static_cast<std::size_t>(got);
    }
    return alive_ && !failure;
  }

  bool write(const std::string& all) {
    boost::system::error_code failure;
    if (!ssl_) asio::write(over_, asio::buffer(all), failure);
    if (ssl_) alive_ = SSL_write(ssl_.get(), all.data(), static_cast<int>(all.size())) > 0;
    return alive_ && !failure;
  }

 private:
  socket& over_;
  std::shared_ptr<SSL> ssl_;
  bool alive_ = true;
};

scripted_server::scripted_server(kind k, script answers, std::optional<certificate> tls)
    : kind_(k),
      script_(std::move(answers)),
      tls_(tls ? context_of(*tls) : nullptr),
      acceptor_(io_, {asio::ip::address_v4::loopback(), 0}),
      accepting_([this] { accept(); }) {}

scripted_server::~scripted_server() {
  stopping_ = true;
  // Wakes who accepts.
  socket last(io_);
  boost::system::error_code ignored;
  last.connect(acceptor_.local_endpoint(), ignored);
  accepting_.join();
  std::lock_guard lock(guard_);
  for (auto& s : open_) s->shutdown(socket::shutdown_both, ignored);
}

std::string scripted_server::address() const {
  return "mongodb://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/test";
}

std::vector<boost::json::object> scripted_server::asked() const {
  std::lock_guard lock(guard_);
  return asked_;
}

std::vector<boost::json::object> scripted_server::asked(const std::string& command) const {
  std::vector<boost::json::object> out;
  for (auto& one : asked()) {
    if (one.begin()->key() == command) out.push_back(one);
  }
  return out;
}

void scripted_server::accept() {
  while (!stopping_) {
    auto s = std::make_shared<socket>(io_);
    boost::system::error_code failure;
    acceptor_.accept(*s, failure);
    if (failure || stopping_) return;
    std::lock_guard lock(guard_);
    open_.push_back(s);
    serving_.emplace_back([this, s] { serve(s); });
  }
}

void scripted_server::serve(const std::shared_ptr<socket>& to) {
  channel c(*to, tls_.get());
  while (!stopping_ && answer(c)) {
  }
  boost::system::error_code ignored;
  to->shutdown(socket::shutdown_both, ignored);
}

bool scripted_server::answer(channel& to) {
  std::string header(header_size, '\0');
  if (!to.read(header)) return false;
  std::string body(static_cast<std::size_t>(number_at(header, 0)) - header_size, '\0');
  if (!to.read(body)) return false;
  auto operation = number_at(header, 12);
  auto reply = reply_to(command_of(operation, body));
  return reply && to.write(message(operation, number_at(header, 4), *reply));
}

std::optional<document> scripted_server::reply_to(const boost::json::object& command) {
  std::string name(command.begin()->key());
  if (name == "hello" || name == "isMaster" || name == "ismaster") return greeting();
  if (name == "endSessions") return from_json(R"({"ok": 1})");
  {
    std::lock_guard lock(guard_);
    asked_.push_back(command);
  }
  auto text = script_(command);
  if (!text) return std::nullopt;
  return from_json(*text);
}

document scripted_server::greeting() const {
  auto me = "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  std::string set = kind_ == kind::alone
                        ? ""
                        : R"("setName": "rs0", "setVersion": 1, "hosts": [")" + me +
                              R"("], "me": ")" + me + R"(", "primary": ")" + me + R"(", )";
  return from_json(R"({"ismaster": true, "isWritablePrimary": true, "helloOk": true, )" + set +
                   R"("maxBsonObjectSize": 16777216, "maxMessageSizeBytes": 48000000,
                      "maxWriteBatchSize": 100000, "logicalSessionTimeoutMinutes": 30,
                      "minWireVersion": 0, "maxWireVersion": 17, "ok": 1})");
}

}  // namespace oficio::mongodb
