#include "platform/http/tls.hpp"

#include <fstream>

#include <boost/asio/ssl/stream.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/http/tests/certificates.hpp"
#include "platform/http/tests/running.hpp"
#include "platform/http/upstream.hpp"

namespace oficio::http {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace ssl = asio::ssl;

awaitable<result<response>> hello() {
  co_return json_response(200, std::string("\"hello\""));
}

std::string common_name(X509* of) {
  char text[100] = "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(of), NID_commonName, text, sizeof(text));
  return text;
}

// A browser, as far as TLS goes: it looks at no certificate unless a test does.
class tls_client {
 public:
  explicit tls_client(std::uint16_t port, long newest = TLS1_3_VERSION) : stream_(io_, context_) {
    SSL_set_max_proto_version(stream_.native_handle(), newest);
    stream_.next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
    stream_.handshake(ssl::stream_base::client);
  }
  std::string ask(std::string_view bytes) {
    asio::write(stream_, asio::buffer(bytes));
    std::string got(4096, '\0');
    got.resize(stream_.read_some(asio::buffer(got)));
    return got;
  }
  std::string shown() {
    std::unique_ptr<X509, decltype(&X509_free)> peer(
        SSL_get1_peer_certificate(stream_.native_handle()), X509_free);
    return common_name(peer.get());
  }
  std::string version() { return SSL_get_version(stream_.native_handle()); }

 private:
  asio::io_context io_;
  ssl::context context_{ssl::context::tls_client};
  ssl::stream<asio::ip::tcp::socket> stream_;
};

constexpr auto get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

class an_https_server : public testing::Test {
 protected:
  an_https_server() {
    files.make("first", "DNS:localhost");
    files.make("second", "DNS:localhost");
    show("first");
    tls = std::make_shared<server_tls>(files.path("shown.pem"), files.path("shown.key"));
    routes.get("/", [](request&) { return hello(); });
    served = make_server(io.io, {.header_timeout = 200ms, .tls = tls}, routes,
                         telemetry::logger(nullptr, "test"));
    served->start();
  }

  ~an_https_server() override {
    served->stop_accepting();
    io.wait(served->finish(2s));
    served.reset();  // before the io context
  }

  void show(const std::string& name) {
    auto over = std::filesystem::copy_options::overwrite_existing;
    std::filesystem::copy_file(files.certificate(name), files.path("shown.pem"), over);
    std::filesystem::copy_file(files.key(name), files.path("shown.key"), over);
  }

  result<response> call(const std::string& host, const std::string& ca) {
    return call(host, client_trust{.ca_file = ca});
  }

  result<response> call(const std::string& host, client_trust trust) {
    auto to = make_http_upstream(io.io, "https://" + host + ":" + std::to_string(served->port()),
                                 {.trust = std::move(trust)});
    request r;
    EXPECT_TRUE(parse_target("/", r));
    r.ctx.deadline = std::chrono::steady_clock::now() + 5s;
    auto first = io.wait(to->send(r));
    return first.has_value() ? io.wait(to->send(r)) : first;  // the second on the kept connection
  }

  test::certificates files;
  std::shared_ptr<server_tls> tls;
  router routes;
  test::running_io io;
  std::unique_ptr<server> served;
};

TEST_F(an_https_server, is_called_by_whoever_trusts_its_certificate) {
  auto r = call("localhost", files.certificate("first"));
  ASSERT_TRUE(r.has_value()) << r.error().detail;
  EXPECT_EQ(r->body, "\"hello\"");
}

TEST_F(an_https_server, is_not_called_if_somebody_else_could_be_there) {
  EXPECT_EQ(call("localhost", files.certificate("second")).error().code, "upstream_unavailable");
  EXPECT_EQ(call("127.0.0.1", files.certificate("first")).error().code, "upstream_unavailable");
  EXPECT_EQ(call("localhost", "").error().code, "upstream_unavailable");
  EXPECT_THROW(call("localhost", files.path("none.pem")), std::runtime_error);
}

TEST_F(an_https_server, may_be_anybody_for_who_says_so) {
  auto r = call("127.0.0.1", {.ca_file = files.certificate("second"), .verify = false});
  ASSERT_TRUE(r.has_value()) << r.error().detail;
  EXPECT_EQ(r->body, "\"hello\"");
}

TEST_F(an_https_server, is_shown_who_calls) {
  auto shared = tls->current();
  shared->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  shared->load_verify_file(files.certificate("second"));
  client_trust trust{.ca_file = files.certificate("first")};
  EXPECT_FALSE(call("localhost", trust).has_value());
  trust.certificate_file = files.certificate("second");
  trust.key_file = files.key("second");
  EXPECT_TRUE(call("localhost", trust).has_value());
  trust.key_file = files.key("first");
  EXPECT_THROW(call("localhost", trust), std::runtime_error);
}

TEST_F(an_https_server, speaks_no_old_tls) {
  EXPECT_EQ(tls_client(served->port()).version(), "TLSv1.3");
  EXPECT_EQ(tls_client(served->port(), TLS1_2_VERSION).version(), "TLSv1.2");
  EXPECT_THROW(tls_client(served->port(), TLS1_1_VERSION), boost::system::system_error);
}

TEST_F(an_https_server, shows_a_new_certificate_to_new_connections) {
  tls_client before(served->port());
  EXPECT_THAT(before.ask(get), testing::HasSubstr("hello"));
  show("second");
  tls->reload();
  EXPECT_THAT(before.ask(get), testing::HasSubstr("hello"));
  EXPECT_EQ(before.shown(), "first");
  tls_client after(served->port());
  EXPECT_EQ(after.shown(), "second");
  EXPECT_THAT(after.ask(get), testing::HasSubstr("hello"));
}

TEST_F(an_https_server, keeps_its_certificate_if_the_new_one_is_none) {
  std::filesystem::copy_file(files.key("second"), files.path("shown.key"),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_THROW(tls->reload(), std::runtime_error);
  std::ofstream(files.path("shown.pem")) << "rubbish";
  EXPECT_THROW(tls->reload(), std::runtime_error);
  EXPECT_EQ(tls_client(served->port()).shown(), "first");
}

TEST_F(an_https_server, tells_in_one_line_which_file_is_wrong) {
  auto told = [](const std::string& certificate, const std::string& key) -> std::string {
    try {
      server_tls{certificate, key};
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return "nothing";
  };
  auto missing = told(files.path("none.pem"), files.key("first"));
  EXPECT_THAT(missing, testing::StartsWith(files.path("none.pem") + ": "));
  auto foreign = told(files.certificate("first"), files.key("second"));
  EXPECT_THAT(foreign, testing::StartsWith(files.key("second") + ": "));
  for (const auto& line : {missing, foreign}) EXPECT_EQ(line.find('\n'), std::string::npos);
}

TEST_F(an_https_server, does_not_wait_for_a_handshake_that_does_not_come) {
  test::raw_client silent(served->port());
  EXPECT_TRUE(silent.is_closed());
  test::raw_client plain(served->port());
  plain.send(get);
  plain.receive();
  EXPECT_TRUE(test::eventually([&] { return served->connections() == 0; }));
}

TEST_F(an_https_server, tells_a_slow_client_that_it_was_too_slow) {
  tls_client slow(served->port());
  EXPECT_THAT(slow.ask("GET / HT"), testing::StartsWith("HTTP/1.1 408 "));
}

}  // namespace
}  // namespace oficio::http
