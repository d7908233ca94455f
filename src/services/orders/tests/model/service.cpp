#include "services/orders/service.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "bank.hpp"
#include "memory_documents.hpp"
#include "subject.hpp"

namespace oficio::orders::model {
namespace {

// The bank at the end of a line that breaks when the story says so.
class line : public payments::provider {
 public:
  bank books;
  model::trouble trouble = model::trouble::none;
  plastic card = plastic::good;
  bool last_words = false;  // our process ends with the next write

  awaitable<result<payments::charge>> start(const context&, std::string id, money amount,
                                            payments::card) override {
    CO_TRY_VOID(before());
    auto made = books.start(id, amount.amount, card);
    after();
    co_return made;
  }
  awaitable<result<payments::charge>> confirm(const context&, std::string id,
                                              std::string token) override {
    CO_TRY_VOID(before());
    auto made = books.confirm(id, token);
    after();
    if (made) co_return std::move(*made);
    co_return error{errc::invalid, "invalid_confirmation", "Not the token."};
  }
  awaitable<result<std::optional<payments::charge>>> lookup(const context&,
                                                            std::string id) override {
    if (trouble == trouble::away) co_return away();
    co_return books.lookup(id);
  }
  awaitable<result<void>> refund(const context&, std::string id) override {
    CO_TRY_VOID(before());
    books.refund(id);
    if (trouble == trouble::dies_after) throw died{};
    co_return result<void>{};
  }
  std::string_view signature_header() const override { return "Signature"; }
  result<payments::notice> read_notice(std::string_view, std::string_view) const override {
    return payments::notice{};
  }

 private:
  using trouble_kind = model::trouble;
  static error away() { return {errc::unavailable, "payments_unavailable", "Away."}; }
  result<void> before() const {
    if (trouble == trouble_kind::away) return away();
    if (trouble == trouble_kind::dies_before) throw died{};
    return {};
  }
  void after() {
    if (trouble == trouble_kind::dies_after) throw died{};
    if (trouble == trouble_kind::dies_late) last_words = true;
  }
};

class served : public subject {
 public:
  explicit served(const story& s)
      : database_(make_memory_documents([this] { after_write(); })),
        orders_(*database_, clock_),
        gigs_(*database_, "gigs", clock_),
        offers_(*database_, "offers", clock_),
        service_(orders_, gigs_, offers_, line_, "USD", clock_, telemetry::logger(nullptr, "t"),
                 nullptr),
        start_(clock_.now()) {
    place(s);
  }

  std::string play(const move& m) override {
    line_.trouble = m.trouble;
    line_.card = m.card;
    line_.last_words = false;
    try {
      return play_alive(m);
    } catch (const died&) {
      return "died";
    }
  }

  view look() override {
    auto v = view_of_order(stored(), start_);
    line_.books.fill(v);
    return v;
  }
  std::string broken() override { return broken_books(stored()); }

 private:
  template <class T>
  T run(awaitable<T> work) {
    auto done = boost::asio::co_spawn(io_, std::move(work), boost::asio::use_future);
    io_.restart();
    io_.run();
    return done.get();
  }
  void after_write() {
    if (std::exchange(line_.last_words, false)) throw died{};
  }
  static context as(person who) {
    context ctx;
    ctx.who.sub = who == person::buyer ? "buyer" : who == person::seller ? "seller" : "stranger";
    ctx.who.username = ctx.who.sub;
    return ctx;
  }
  order stored() { return run(orders_.get(as(person::buyer), id_, as(person::buyer).who)).value(); }

  void place(const story& s) {
    auto ctx = as(person::buyer);
    gig_terms gig{"gig", 1, 1, true, {"seller", "seller", {}}, "A gig", "USD", {}};
    gig.packages.push_back({"basic", s.price, s.delivery_days, s.revisions});
    run(gigs_.learn(ctx, gig)).value();
    place_request wish;
    wish.gig_id = "gig";
    wish.package = "basic";
    wish.expected_total = s.price + buyer_fee(s.price);
    id_ = run(service_.place(ctx, wish, {})).value().order.id;
  }

  template <class T>
  static std::string told(const result<T>& r) {
    return r ? "ok" : r.error().code;
  }

  std::string play_alive(const move& m) {
    auto ctx = as(m.who);
    switch (m.what) {
      case deed::wait:
        clock_.advance(std::chrono::milliseconds(m.number));
        return "ok";
      case deed::timer:
        return told(run(service_.work_on_due(context::for_system())));
      case deed::notice:
        return notice(m);
      case deed::pay:
      case deed::confirm:
        return pay(m);
      case deed::requirements:
        return told(run(service_.submit_requirements(ctx, id_, {"t"}, {})));
      case deed::deliver:
        return told(run(service_.deliver(ctx, id_, {"m"}, {})));
      case deed::revision:
        return told(run(service_.request_revision(ctx, id_, {"m"}, {})));
      case deed::accept:
        return told(run(service_.accept(ctx, id_, {})));
      case deed::cancel:
        return told(run(service_.cancel(ctx, id_, {"r"}, {})));
      case deed::answer_cancellation:
        return told(run(service_.answer_cancellation(ctx, id_, m.yes, {})));
      case deed::extend:
        return told(run(service_.request_extension(ctx, id_, {m.number, "r"}, {})));
      case deed::answer_extension:
        return told(run(service_.answer_extension(ctx, id_, m.yes, {})));
    }
    return "?";
  }

  std::string pay(const move& m) {
    pay_request how;
    if (m.what == deed::pay) {
      how.method = typed_card{"4", "12/60", "123"};
    } else {
      auto attempts = stored().attempts;
      auto id = attempts.empty() ? "" : attempts.back().id;
      how.confirm = m.yes ? "token of " + id : "wrong";
    }
    auto paid = run(service_.pay(as(m.who), id_, how, {}));
    if (!paid) return paid.error().code;
    return paid->confirmation_token.empty() ? "ok" : "confirm";
  }

  std::string notice(const move& m) {
    auto attempts = stored().attempts;
    auto index = static_cast<std::size_t>(m.number);
    if (index >= attempts.size()) return "ok";
    payments::notice news{.attempt_id = attempts[index].id};
    if (m.yes && line_.books.gave_back(news.attempt_id)) {
      news.refunded = true;
    } else if (auto known = line_.books.lookup(news.attempt_id);
               known && known->outcome != payments::outcome::needs_confirmation) {
      news.charge = std::move(*known);
    }
    return told(run(service_.hear(context::for_system(), std::move(news))));
  }

  boost::asio::io_context io_{1};
  wall_clock clock_;
  line line_;
  std::unique_ptr<documents::database> database_;
  order_store orders_;
  copies<gig_terms> gigs_;
  copies<offer_terms> offers_;
  service service_;
  time_point start_;
  std::string id_;
};

}  // namespace

std::unique_ptr<subject> make_service(const story& s) {
  return std::make_unique<served>(s);
}

}  // namespace oficio::orders::model
