#include "drivers/mongodb/address.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "drivers/mongodb/servers.hpp"
#include "platform/base/random.hpp"
#include "platform/config/settings.hpp"

namespace oficio::mongodb {
namespace {

server_options read(const std::string& address) {
  return read_options(config::parse_server_address("orders.database", address));
}

std::string refusal(const std::string& address) {
  try {
    read(address);
  } catch (const config::wrong_setting& e) {
    return e.what();
  }
  return "accepted";
}

std::string uri_of(const server_options& o) {
  return mongoc_uri_get_string(o.uri.get());
}

class address_files : public testing::Test {
 protected:
  address_files() : folder_(std::filesystem::temp_directory_path() / ("oficio-" + random_hex(8))) {
    std::filesystem::create_directories(folder_);
  }
  ~address_files() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& name, const std::string& content) {
    auto path = (folder_ / name).string();
    std::ofstream(path) << content;
    return path;
  }

  std::filesystem::path folder_;
};

TEST(mongodb_address, says_what_libmongoc_needs) {
  auto o = read("mongodb://ana:p%40ss@one:27018,two/oficio_orders?replicaSet=rs0&AUTHSOURCE=admin");
  EXPECT_EQ(o.database, "oficio_orders");
  EXPECT_EQ(o.pool, 16U);
  EXPECT_FALSE(o.tls->on());
  EXPECT_STREQ(mongoc_uri_get_username(o.uri.get()), "ana");
  EXPECT_STREQ(mongoc_uri_get_password(o.uri.get()), "p@ss");
  EXPECT_STREQ(mongoc_uri_get_auth_source(o.uri.get()), "admin");
  EXPECT_STREQ(mongoc_uri_get_replica_set(o.uri.get()), "rs0");
  const auto* first = mongoc_uri_get_hosts(o.uri.get());
  EXPECT_STREQ(first->host_and_port, "one:27018");
  EXPECT_STREQ(first->next->host_and_port, "two:27017");
  EXPECT_EQ(uri_of(o).find("p@ss"), std::string::npos);
  EXPECT_EQ(uri_of(o).find("p%40ss"), std::string::npos);
}

TEST(mongodb_address, looks_a_user_up_in_the_database_of_the_path) {
  auto o = read("mongodb://ana:x@one/oficio_orders");
  EXPECT_STREQ(mongoc_uri_get_auth_source(o.uri.get()), "oficio_orders");
}

TEST(mongodb_address, takes_what_is_said_of_time_and_pool) {
  auto o = read("mongodb://one/db?pool=5&heartbeatFrequencyMS=700");
  EXPECT_EQ(o.pool, 5U);
  EXPECT_EQ(mongoc_uri_get_option_as_int32(o.uri.get(), MONGOC_URI_HEARTBEATFREQUENCYMS, 0), 700);
  EXPECT_EQ(read("mongodb://one/db?maxPoolSize=7").pool, 7U);
  EXPECT_EQ(mongoc_uri_get_option_as_int32(o.uri.get(), MONGOC_URI_SERVERSELECTIONTIMEOUTMS, 0),
            1'000);
}

TEST(mongodb_address, refuses_what_makes_no_sense_in_one_line_that_names_the_setting) {
  for (const auto& [address, why] : std::vector<std::pair<std::string, std::string>>{
           {"mysql://one/db", "no MongoDB"},
           {"mongodb://one", "names no database"},
           {"mongodb://one/a%24b", "no name of a database"},
           {"mongodb://one/db?colour=red", "no option \"colour\""},
           {"mongodb://one/db?w=1", "cannot be chosen"},
           {"mongodb://one/db?readPreference=nearest", "cannot be chosen"},
           {"mongodb://one/db?pool=0", "pool must be a number"},
           {"mongodb://one/db?pool=1&maxPoolSize=2", "twice"},
           {"mongodb://one/db?ca=/nowhere", "without tls=true"},
           {"mongodb://one/db?tls=true&ca=/nowhere", "ca: /nowhere cannot be read"},
           {"mongodb://one/db?tls=perhaps", "tls must be true or false"},
           {"mongodb://one/db?heartbeatFrequencyMS=soon", "heartbeat"},
           {"mongodb+srv://one,two/db", "Invalid service name"},
           {"mongodb://%2Ftmp%2Fsocket/db", "no host"}}) {
    auto said = refusal(address);
    EXPECT_TRUE(said.starts_with("orders.database: ")) << said;
    EXPECT_NE(said.find(why), std::string::npos) << address << ": " << said;
    EXPECT_EQ(said.find('\n'), std::string::npos);
  }
}

TEST_F(address_files, certificate_and_key_are_given_as_one_file) {
  auto ca = file("ca.pem", "CA");
  auto certificate = file("c.pem", "CERTIFICATE");
  auto key = file("k.pem", "KEY");
  auto o =
      read("mongodb://one/db?tls=true&ca=" + ca + "&certificate=" + certificate + "&key=" + key);
  auto tls = o.tls->options();
  EXPECT_EQ(tls.ca_file, ca);
  EXPECT_FALSE(tls.weak_cert_validation);
  EXPECT_FALSE(tls.allow_invalid_hostname);
  std::ifstream in(tls.pem_file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "KEY\nCERTIFICATE");
}

TEST_F(address_files, mongodbs_own_names_for_tls_mean_the_same) {
  auto ca = file("ca.pem", "CA");
  auto pem = file("both.pem", "BOTH");
  auto o = read("mongodb://one/db?ssl=true&tlsCAFile=" + ca + "&tlsCertificateKeyFile=" + pem +
                "&tlsCertificateKeyFilePassword=secret&tlsInsecure=true");
  auto tls = o.tls->options();
  EXPECT_TRUE(o.tls->on());
  EXPECT_EQ(tls.ca_file, ca);
  EXPECT_EQ(tls.pem_file, pem);
  EXPECT_STREQ(tls.pem_pwd, "secret");
  EXPECT_TRUE(tls.weak_cert_validation);
  EXPECT_TRUE(tls.allow_invalid_hostname);
}

TEST_F(address_files, the_password_comes_from_a_file_too) {
  auto o = read("mongodb://ana@one/db?password_file=" + file("password", "se:cr@t\n"));
  EXPECT_STREQ(mongoc_uri_get_password(o.uri.get()), "se:cr@t");
}

TEST(mongodb_start, names_the_setting_when_nobody_answers) {
  // Port 1 of this machine, where nobody listens.
  servers nobody(read("mongodb://ana:secret@127.0.0.1:1/db"));
  try {
    nobody.expect(std::chrono::milliseconds(200));
    FAIL();
  } catch (const config::wrong_setting& e) {
    std::string said = e.what();
    EXPECT_TRUE(said.starts_with("orders.database: no MongoDB server answers")) << said;
    EXPECT_NE(said.find("127.0.0.1:1"), std::string::npos) << said;
    EXPECT_EQ(said.find("secret"), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace oficio::mongodb
