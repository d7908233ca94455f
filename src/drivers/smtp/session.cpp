#include "drivers/smtp/session.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include <curl/curl.h>

namespace oficio::smtp {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds connect_patience{10'000};
constexpr long longest_idle = 30;  // seconds; servers close what is idle for some minutes
constexpr std::size_t longest_answer = 200;

// What the server's last answer was about.
enum class step { greeting, sender, recipient, message };

error refused(const std::string& why) {
  return {errc::invalid, "mail_refused", "The mail server refuses this mail: " + why};
}

error away(const std::string& why) {
  return {errc::unavailable,
          "mail_unavailable",
          "The mail server takes no mail now: " + why,
          {},
          std::chrono::seconds(5)};
}

error late() {
  return {errc::timeout, "deadline_exceeded", "The mail server did not answer in time."};
}

std::string printable(std::string_view text) {
  std::string out(text.substr(0, longest_answer));
  while (!out.empty() && (out.back() == '\r' || out.back() == '\n')) out.pop_back();
  std::ranges::replace_if(out, [](char c) { return c < ' ' || c >= 0x7f; }, '?');
  return out;
}

struct free_handle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct free_list {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

}  // namespace

class session::talk {
 public:
  explicit talk(const server& at) : at_(at) {
    // Once for the program, before threads use it.
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (ready == CURLE_OK) handle_.reset(curl_easy_init());
    if (!handle_) throw std::runtime_error("libcurl cannot be used");
  }

  ending greet(steady_time deadline) {
    return speak(deadline, [this] { set(CURLOPT_CUSTOMREQUEST, "NOOP"); });
  }

  ending send(const std::string& to, const std::string& message, steady_time deadline) {
    std::unique_ptr<curl_slist, free_list> recipients(curl_slist_append(nullptr, to.c_str()));
    return speak(deadline, [&] {
      left_ = message;
      set(CURLOPT_MAIL_FROM, at_.from.address.c_str());
      set(CURLOPT_MAIL_RCPT, recipients.get());
      set(CURLOPT_UPLOAD, 1L);
      set(CURLOPT_READFUNCTION, &talk::read);
      set(CURLOPT_READDATA, this);
      set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
    });
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(handle_.get(), option, value) != CURLE_OK) {
      throw std::runtime_error("libcurl lacks an option that mail needs");
    }
  }

  template <class Ask>
  ending speak(steady_time deadline, Ask ask) {
    auto done = try_once(deadline, ask);
    // The server had closed, unseen, what was kept: nothing of this mail has reached it.
    bool stale = reused_ && answers_ == 0 && done != CURLE_OK && done != CURLE_OPERATION_TIMEDOUT;
    if (stale || (reused_ && code_ == 421 && step_ <= step::sender)) done = try_once(deadline, ask);
    return judge(done, deadline);
  }

  template <class Ask>
  CURLcode try_once(steady_time deadline, Ask& ask) {
    curl_easy_reset(handle_.get());  // keeps the connection
    step_ = step::greeting;
    code_ = 0;
    answers_ = 0;
    answer_.clear();
    leaving_ = false;
    auto left =
        std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return CURLE_OPERATION_TIMEDOUT;
    prepare(left);
    ask();
    auto done = curl_easy_perform(handle_.get());
    long connections = 0;
    curl_easy_getinfo(handle_.get(), CURLINFO_NUM_CONNECTS, &connections);
    reused_ = connections == 0;
    return done;
  }

  void prepare(milliseconds left) {
    auto scheme = at_.by == encryption::tls ? "smtps://" : "smtp://";
    bool v6 = at_.host.find(':') != std::string::npos;
    auto host = v6 ? "[" + at_.host + "]" : at_.host;
    auto domain = at_.from.address.substr(at_.from.address.find('@') + 1);
    auto url = scheme + host + ":" + std::to_string(at_.port) + "/" + domain;
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROXY, "");  // whatever the environment says
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(left, connect_patience).count()));
    set(CURLOPT_MAXAGE_CONN, longest_idle);
    set(CURLOPT_VERBOSE, 1L);  // it tells the talk to `hear` alone
    set(CURLOPT_DEBUGFUNCTION, &talk::hear);
    set(CURLOPT_DEBUGDATA, this);
    set(CURLOPT_WRITEFUNCTION, &talk::ignore);
    if (!at_.user.empty()) {
      set(CURLOPT_USERNAME, at_.user.c_str());
      set(CURLOPT_PASSWORD, at_.password.c_str());
    }
    prepare_tls();
  }

  void prepare_tls() {
    if (at_.by == encryption::none) return;
    auto use = at_.by == encryption::if_offered ? CURLUSESSL_TRY : CURLUSESSL_ALL;
    set(CURLOPT_USE_SSL, static_cast<long>(use));
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, at_.tls.verify ? 1L : 0L);
    set(CURLOPT_SSL_VERIFYHOST, at_.tls.verify ? 2L : 0L);
    if (!at_.tls.ca_file.empty()) set(CURLOPT_CAINFO, at_.tls.ca_file.c_str());
    if (at_.tls.certificate_file.empty()) return;
    set(CURLOPT_SSLCERT, at_.tls.certificate_file.c_str());
    set(CURLOPT_SSLKEY, at_.tls.key_file.c_str());
  }

  ending judge(CURLcode done, steady_time deadline) const {
    if (done == CURLE_OK) return {{}, false};
    bool before_mail = step_ == step::greeting;
    if (done == CURLE_OPERATION_TIMEDOUT) {
      // libcurl counts whole milliseconds, and may be a little early.
      bool ours = std::chrono::steady_clock::now() >= deadline - milliseconds(20);
      return {ours ? late() : away("it does not answer"), before_mail};
    }
    if (is_about_this_mail()) return {refused(answer_), false};
    auto why = answer_.empty() || code_ < 400 ? std::string(curl_easy_strerror(done)) : answer_;
    return {away(why), before_mail};
  }

  // A sender that it does not take, or a missing sign-in, is our own mistake: the mail must wait
  // until somebody has put it right.
  bool is_about_this_mail() const {
    constexpr std::array<long, 5> about_us{503, 530, 534, 535, 538};
    return step_ >= step::recipient && code_ >= 500 && code_ < 600 &&
           std::ranges::find(about_us, code_) == about_us.end();
  }

  // --- libcurl calls these ---

  static std::size_t read(char* to, std::size_t size, std::size_t count, void* self) {
    auto& left = static_cast<talk*>(self)->left_;
    auto taken = std::min(size * count, left.size());
    std::memcpy(to, left.data(), taken);
    left.remove_prefix(taken);
    return taken;
  }

  static std::size_t ignore(char*, std::size_t size, std::size_t count, void*) {
    return size * count;
  }

  static int hear(CURL*, curl_infotype kind, char* data, std::size_t size, void* self) {
    auto& own = *static_cast<talk*>(self);
    std::string_view line(data, size);
    if (kind == CURLINFO_HEADER_OUT) own.said(line);
    if (kind == CURLINFO_HEADER_IN) own.heard(line);
    return 0;
  }

  void said(std::string_view line) {
    if (line.starts_with("MAIL FROM")) step_ = step::sender;
    if (line.starts_with("RCPT TO")) step_ = step::recipient;
    if (line.starts_with("DATA")) step_ = step::message;
    // What follows is only how the talk is left, not why.
    if (line.starts_with("QUIT")) leaving_ = true;
  }

  void heard(std::string_view line) {
    bool number = line.size() > 3 && std::all_of(line.begin(), line.begin() + 3,
                                                 [](char c) { return c >= '0' && c <= '9'; });
    if (!number || leaving_) return;
    ++answers_;
    code_ = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    answer_ = printable(line);
  }

  const server& at_;
  std::unique_ptr<CURL, free_handle> handle_;
  std::string_view left_;  // of the message that is being sent
  step step_ = step::greeting;
  long code_ = 0;  // of the last answer
  int answers_ = 0;
  std::string answer_;
  bool leaving_ = false;
  bool reused_ = false;
};

session::session(const server& at) : talk_(std::make_unique<talk>(at)) {}
session::~session() = default;

ending session::send(const std::string& to, const std::string& message, steady_time deadline) {
  return talk_->send(to, message, deadline);
}

ending session::greet(steady_time deadline) {
  return talk_->greet(deadline);
}

}  // namespace oficio::smtp
