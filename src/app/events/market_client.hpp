#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "platform/config/settings.hpp"
#include "platform/http/upstream.hpp"
#include "platform/json/json.hpp"

namespace oficio::app {

// A running market, as its operators ask it.
class market_client {
 public:
  // `url`: of the gateway. `token`: an operator's. `io` must outlive it.
  market_client(boost::asio::io_context& io, const std::string& url, std::string token);

  // The answer's text, "" if it has none; `path` is behind /api/v1. Errors: bad_upstream `refused`,
  // with the market's own words, and what the way there may say.
  awaitable<result<std::string>> ask(http::method m, std::string path);

  // The same, read as a described type.
  template <class T>
  awaitable<result<T>> ask_for(http::method m, std::string path) {
    CO_TRY(auto text, co_await ask(m, std::move(path)));
    CO_TRY(auto parsed, json::parse(text));
    co_return json::from_stored<T>(parsed);
  }

 private:
  std::unique_ptr<http::upstream> to_;
  std::string token_;
};

// Does `work` with the market at `url` (empty: at http://127.0.0.1:PORT); an error is told on
// standard error. Gives the program's exit status. Throws config::wrong_setting.
using market_work = std::function<awaitable<result<void>>(market_client&)>;
int ask_market(const config::settings& s, const std::string& url, std::string token,
               const market_work& work);

}  // namespace oficio::app
