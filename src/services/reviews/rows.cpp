#include "services/reviews/rows.hpp"

#include "platform/sql/dialect.hpp"

namespace oficio::reviews::rows {
namespace {

constexpr auto review_columns =
    "SELECT id, order_id, gig_id, side, from_id, from_username, about_id, about_username, rating, "
    "body, written_at, due_at, published_at, reply_body, replied_at, version FROM reviews ";

std::int64_t to_number(time_point t) {
  return t.time_since_epoch().count();
}
time_point to_time(std::int64_t ms) {
  return time_point(std::chrono::milliseconds(ms));
}

std::string_view to_text(side s) {
  return s == side::buyer ? "buyer" : "seller";
}

// Reads reviews; `uses` are bound to the parameters of `tail` in their order.
template <class... Uses>
std::vector<review> select(soci::session& session, const std::string& tail, const Uses&... uses) {
  review r;
  std::string by;
  std::int64_t written = 0;
  std::int64_t due = 0;
  std::optional<std::int64_t> shown;
  std::optional<std::string> reply;
  std::optional<std::int64_t> replied;
  soci::statement found(session);
  (found.exchange(soci::use(uses)), ...);
  for (auto* text : {&r.id, &r.order_id, &r.gig_id, &by, &r.from.id, &r.from.username, &r.about.id,
                     &r.about.username}) {
    found.exchange(soci::into(*text));
  }
  found.exchange(soci::into(r.rating));
  found.exchange(soci::into(r.text));
  found.exchange(soci::into(written));
  found.exchange(soci::into(due));
  found.exchange(soci::into(shown));
  found.exchange(soci::into(reply));
  found.exchange(soci::into(replied));
  found.exchange(soci::into(r.version));
  found.alloc();
  found.prepare(review_columns + tail);
  found.define_and_bind();
  found.execute();
  std::vector<review> out;
  while (found.fetch()) {
    r.side = by == "buyer" ? side::buyer : side::seller;
    r.written_at = to_time(written);
    r.due_at = to_time(due);
    r.published_at = shown ? std::optional(to_time(*shown)) : std::nullopt;
    r.reply.reset();
    if (reply) r.reply = {*reply, to_time(replied.value_or(0))};
    out.push_back(r);
  }
  return out;
}

}  // namespace

void insert(soci::session& session, const completed_order& o) {
  auto completed = to_number(o.completed_at);
  session << "DELETE FROM placed_orders WHERE id = :id", soci::use(o.id);
  session
      << "INSERT INTO orders (id, gig_id, buyer_id, buyer_username, seller_id, seller_username, "
         "completed_at) VALUES (:id, :gig, :buyer, :buyer_name, :seller, :seller_name, :at)"
      << sql::unless_there(session, "id"),
      soci::use(o.id), soci::use(o.gig_id), soci::use(o.buyer.id), soci::use(o.buyer.username),
      soci::use(o.seller.id), soci::use(o.seller.username), soci::use(completed);
}

void insert(soci::session& session, const placed_order& o) {
  std::string from = sql::dialect_of(session) == sql::dialect::mysql ? " FROM DUAL" : "";
  session << "INSERT INTO placed_orders (id, buyer_id, seller_id) SELECT :id, :buyer, :seller"
          << from << " WHERE NOT EXISTS (SELECT 1 FROM orders WHERE id = :same)"
          << sql::unless_there(session, "id"),
      soci::use(o.id), soci::use(o.buyer_id), soci::use(o.seller_id), soci::use(o.id);
}

std::optional<placed_order> find_placed(soci::session& session, const std::string& id) {
  placed_order o;
  session << "SELECT id, buyer_id, seller_id FROM placed_orders WHERE id = :id", soci::use(id),
      soci::into(o.id), soci::into(o.buyer_id), soci::into(o.seller_id);
  if (!session.got_data()) return std::nullopt;
  return o;
}

void insert_seller(soci::session& session, const person& seller) {
  auto handle = handle_of(seller.username);
  session << "INSERT INTO sellers (handle, id) VALUES (:handle, :id)"
          << sql::unless_there(session, "handle"),
      soci::use(handle), soci::use(seller.id);
}

std::optional<std::string> find_seller(soci::session& session, const std::string& handle) {
  std::string id;
  session << "SELECT id FROM sellers WHERE handle = :handle", soci::use(handle), soci::into(id);
  if (!session.got_data()) return std::nullopt;
  return id;
}

void learn(soci::session& session, const known_face& news) {
  session << "INSERT INTO people (id, avatar, version) VALUES (:id, :avatar, :version)"
          << sql::unless_there(session, "id"),
      soci::use(news.id), soci::use(news.avatar), soci::use(news.version);
  session << "UPDATE people SET avatar = :avatar, version = :version "
             "WHERE id = :id AND version < :older",
      soci::use(news.avatar), soci::use(news.version), soci::use(news.id), soci::use(news.version);
}

std::map<std::string, std::string> find_faces(soci::session& session,
                                              const std::set<std::string>& ids) {
  std::map<std::string, std::string> out;
  if (ids.empty()) return out;
  std::string id;
  std::string avatar;
  soci::statement found(session);
  std::string places;
  for (const auto& one : ids) {
    places += (places.empty() ? ":p" : ", :p") + std::to_string(places.size());
    found.exchange(soci::use(one));
  }
  found.exchange(soci::into(id));
  found.exchange(soci::into(avatar));
  found.alloc();
  found.prepare("SELECT id, avatar FROM people WHERE avatar IS NOT NULL AND id IN (" + places +
                ")");
  found.define_and_bind();
  found.execute();
  while (found.fetch()) out[id] = avatar;
  return out;
}

std::optional<completed_order> lock_order(soci::session& session, const std::string& id,
                                          bool if_free) {
  auto lock = if_free ? sql::for_update_skip_locked(session) : sql::for_update(session);
  completed_order o;
  std::int64_t completed = 0;
  session
      << "SELECT id, gig_id, buyer_id, buyer_username, seller_id, seller_username, completed_at "
         "FROM orders WHERE id = :id" +
             lock,
      soci::use(id), soci::into(o.id), soci::into(o.gig_id), soci::into(o.buyer.id),
      soci::into(o.buyer.username), soci::into(o.seller.id), soci::into(o.seller.username),
      soci::into(completed);
  if (!session.got_data()) return std::nullopt;
  o.completed_at = to_time(completed);
  return o;
}

void insert(soci::session& session, const review& r, const request_mark& mark) {
  std::string by(to_text(r.side));
  auto written = to_number(r.written_at);
  auto due = to_number(r.due_at);
  std::optional<std::string> key;
  if (!mark.key.empty()) key = mark.key;
  session
      << "INSERT INTO reviews (id, order_id, gig_id, side, from_id, from_username, about_id, "
         "about_username, rating, body, written_at, due_at, version, request_key, "
         "request_digest) VALUES (:id, :order_id, :gig, :side, :from_id, :from_name, :about_id, "
         ":about_name, :rating, :body, :written, :due, :version, :key, :digest)",
      soci::use(r.id), soci::use(r.order_id), soci::use(r.gig_id), soci::use(by),
      soci::use(r.from.id), soci::use(r.from.username), soci::use(r.about.id),
      soci::use(r.about.username), soci::use(r.rating), soci::use(r.text), soci::use(written),
      soci::use(due), soci::use(r.version), soci::use(key), soci::use(mark.digest);
}

std::vector<review> reviews_of(soci::session& session, const std::string& order_id) {
  // Buyers' first: whoever publishes both takes the rating rows' locks in the same order.
  return select(session, "WHERE order_id = :order_id ORDER BY side", order_id);
}

std::optional<stored_request> find_request(soci::session& session, const std::string& account_id,
                                           const std::string& key) {
  auto found = select(session, "WHERE from_id = :account AND request_key = :key", account_id, key);
  if (found.empty()) return std::nullopt;
  stored_request out{.review = std::move(found[0]), .digest = {}};
  session << "SELECT request_digest FROM reviews WHERE id = :id", soci::use(out.review.id),
      soci::into(out.digest);
  return out;
}

std::vector<review> published(soci::session& session, std::string_view column,
                              const std::string& value, std::int64_t mark, std::int64_t before,
                              const std::string& id, std::size_t limit) {
  auto most = static_cast<std::int64_t>(limit);
  std::string where = "WHERE side = 'buyer' AND " + std::string(column) + " = :value AND ";
  // MySQL finds a place in an index by the first condition alone.
  std::string rest =
      "published_at <= :at_most AND (published_at, id) < (:before, :id) "
      "ORDER BY published_at DESC, id DESC LIMIT :most";
  if (mark == 0) return select(session, where + rest, value, before, before, id, most);
  return select(session, where + "rating = :mark AND " + rest, value, mark, before, before, id,
                most);
}

std::vector<review> published_behind(soci::session& session, const std::string& id,
                                     std::size_t limit) {
  auto most = static_cast<std::int64_t>(limit);
  return select(session, "WHERE published_at IS NOT NULL AND id > :id ORDER BY id LIMIT :most", id,
                most);
}

std::optional<review> lock_review(soci::session& session, const std::string& id) {
  auto found = select(session, "WHERE id = :id" + sql::for_update(session), id);
  if (found.empty()) return std::nullopt;
  return std::move(found[0]);
}

std::optional<stored_request> find_reply(soci::session& session, const std::string& account_id,
                                         const std::string& key) {
  auto found = select(session, "WHERE about_id = :account AND reply_key = :key", account_id, key);
  if (found.empty()) return std::nullopt;
  stored_request out{.review = std::move(found[0]), .digest = {}};
  session << "SELECT reply_digest FROM reviews WHERE id = :id", soci::use(out.review.id),
      soci::into(out.digest);
  return out;
}

void update_reply(soci::session& session, const review& r, const request_mark& mark) {
  auto at = to_number(r.reply.value().created_at);
  std::optional<std::string> key;
  if (!mark.key.empty()) key = mark.key;
  session << "UPDATE reviews SET reply_body = :body, replied_at = :at, reply_key = :key, "
             "reply_digest = :digest, version = :version WHERE id = :id",
      soci::use(r.reply->text), soci::use(at), soci::use(key), soci::use(mark.digest),
      soci::use(r.version), soci::use(r.id);
}

bool mark_published(soci::session& session, const review& r) {
  auto at = to_number(r.published_at.value());
  soci::statement update =
      (session.prepare << "UPDATE reviews SET published_at = :at, version = :version "
                          "WHERE id = :id AND published_at IS NULL",
       soci::use(at), soci::use(r.version), soci::use(r.id));
  update.execute(true);
  return update.get_affected_rows() == 1;
}

rating_sum count_mark(soci::session& session, std::string_view kind, const std::string& id,
                      std::int64_t mark) {
  auto subject = std::string(kind) + ':' + id;
  auto column = 'n' + std::to_string(mark);
  session << "INSERT INTO ratings (subject, version, n1, n2, n3, n4, n5) "
             "VALUES (:subject, 0, 0, 0, 0, 0, 0)"
          << sql::unless_there(session, "subject"),
      soci::use(subject);
  session << "UPDATE ratings SET version = version + 1, " + column + " = " + column +
                 " + 1 WHERE subject = :subject",
      soci::use(subject);
  return sum_of(session, kind, id);
}

rating_sum sum_of(soci::session& session, std::string_view kind, const std::string& id) {
  auto subject = std::string(kind) + ':' + id;
  rating_sum sum{.id = id};
  auto& n = sum.histogram;
  session << "SELECT version, n1, n2, n3, n4, n5 FROM ratings WHERE subject = :subject",
      soci::use(subject), soci::into(sum.version), soci::into(n[0]), soci::into(n[1]),
      soci::into(n[2]), soci::into(n[3]), soci::into(n[4]);
  return sum;
}

std::vector<std::string> due_orders(soci::session& session, time_point now, std::size_t limit) {
  auto at = to_number(now);
  auto most = static_cast<std::int64_t>(limit);
  std::string id;
  soci::statement found =
      (session.prepare << "SELECT order_id FROM reviews WHERE published_at IS NULL "
                          "AND due_at <= :at ORDER BY due_at LIMIT :most",
       soci::use(at), soci::use(most), soci::into(id));
  found.execute();
  std::vector<std::string> out;
  while (found.fetch()) out.push_back(id);
  return out;
}

}  // namespace oficio::reviews::rows
