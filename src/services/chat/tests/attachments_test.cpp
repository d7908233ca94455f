#include "fixture.hpp"
#include "picture_samples.hpp"
#include "platform/http/body_stream.hpp"

namespace oficio::chat {
namespace {

namespace samples = pictures::samples;
using http::method;
using namespace std::chrono_literals;

awaitable<http::response> handled(const http::router& routes, http::request& r) {
  co_return co_await routes.handle(r);
}

class attachments : public chat_test {
 protected:
  http::response raw(method m, const std::string& target, const identity& who,
                     const std::string& body = "") {
    http::request r;
    r.method = m;
    EXPECT_TRUE(http::parse_target(target, r));
    r.body = body;
    if (!body.empty()) r.headers.set("Content-Type", samples::form_type);
    r.ctx.who = who;
    return run(handled(service_.routes, r));
  }

  std::string upload(const identity& who, const std::string& bytes,
                     const std::string& name = "notes.pdf") {
    auto got = raw(method::post, "/files?for=chat", who, samples::form_with(bytes, name));
    EXPECT_EQ(got.status, 201) << got.body;
    return got.status == 201 ? std::string(json::parse(got.body)->at("id").as_string()) : "";
  }

  answer send(const std::string& conversation, const identity& who, const std::string& text,
              const std::vector<std::string>& files, const std::string& client_id = {}) {
    json::object body{{"text", text}, {"files", json::to_value(files)}};
    if (!client_id.empty()) body["client_id"] = client_id;
    return post("/conversations/" + conversation + "/messages", who,
                json::to_text(json::value(std::move(body))));
  }

  int status_for(const std::string& id, const identity& who) {
    return raw(method::get, "/files/" + id, who).status;
  }

  void a_day_passes() {
    clock_.advance(25h);
    for (auto& job : service_.timers) {
      if (job.name == "chat files") {
        EXPECT_TRUE(run(purged(job)));
      }
    }
  }
  static awaitable<result<void>> purged(const hosting::timer_job& job) {
    auto ctx = context::for_system();
    co_return co_await job.run(ctx);
  }

  static std::string violation_of(const answer& a) {
    const auto& first = a["errors"].at(0);
    return std::string(first.at("pointer").as_string()) + " " +
           std::string(first.at("code").as_string());
  }

  std::string pdf_ = "%PDF-1.7\n%bytes\n%%EOF";
};

TEST_F(attachments, both_sides_may_read_what_was_sent_and_nobody_else) {
  auto conversation = begin();
  auto id = upload(ana_, pdf_, "my notes.pdf");
  EXPECT_EQ(status_for(id, ana_), 200);
  EXPECT_EQ(status_for(id, ben_), 404);  // not sent yet
  auto sent = send(conversation, ana_, "", {id});
  ASSERT_EQ(sent.status, 201);
  EXPECT_EQ(sent["files"], json::array{id});
  EXPECT_EQ(get("/conversations/" + conversation + "/messages", ben_)["items"].at(0).at("files"),
            json::array{id});
  auto got = raw(method::get, "/files/" + id, ben_);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, pdf_);
  EXPECT_EQ(got.headers.get("Content-Type"), "application/pdf");
  EXPECT_EQ(got.headers.get("Content-Disposition"), "attachment; filename=\"my notes.pdf\"");
  EXPECT_EQ(got.headers.get("X-Content-Type-Options"), "nosniff");
  EXPECT_TRUE(got.headers.get("Content-Security-Policy").starts_with("sandbox"));
  EXPECT_EQ(got.headers.get("Cache-Control"), "private, no-cache");
  EXPECT_EQ(status_for(id, ana_), 200);
  EXPECT_EQ(status_for(id, eva_), 404);
  EXPECT_EQ(status_for(id, {}), 401);
  a_day_passes();
  EXPECT_EQ(status_for(id, ben_), 200);
}

TEST_F(attachments, pictures_keep_every_pixel_and_tell_nothing_of_where_they_were_taken) {
  auto conversation = begin();
  auto picture = samples::make(500, 300, ".jpg");
  ASSERT_TRUE(samples::look(picture).has_metadata);
  auto id = upload(ana_, picture, "sketch.jpg");
  ASSERT_EQ(send(conversation, ana_, "See", {id}).status, 201);
  auto got = raw(method::get, "/files/" + id, ben_);
  EXPECT_FALSE(samples::look(got.body).has_metadata);
  EXPECT_EQ(samples::pixels_of(got.body), samples::pixels_of(picture));
  EXPECT_EQ(got.headers.get("Content-Type"), "image/jpeg");
  EXPECT_EQ(got.headers.get("Content-Disposition"), "inline; filename=\"sketch.jpg\"");
}

TEST_F(attachments, pictures_with_more_pixels_than_we_draw_are_sent_as_files) {
  auto id = upload(ana_, samples::png_bomb(12'000, 9'000), "poster.png");
  EXPECT_EQ(raw(method::get, "/files/" + id, ana_).headers.get("Content-Disposition"),
            "attachment; filename=\"poster.png\"");
}

TEST_F(attachments, a_large_one_is_read_piece_by_piece) {
  auto large = "%PDF-1.7\n" + std::string(600 * 1024, 'x');
  auto id = upload(ana_, large);
  auto got = raw(method::get, "/files/" + id, ana_);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "");
  EXPECT_EQ(got.headers.get("Content-Length"), std::to_string(large.size()));
  ASSERT_TRUE(got.stream);
  std::string read;
  for (std::size_t piece = 1; piece > 0;) {
    auto next = run(got.stream->next(std::chrono::steady_clock::now() + 10s));
    ASSERT_TRUE(next);
    piece = next->size();
    EXPECT_LE(piece, 256U * 1024);
    read += *next;
  }
  EXPECT_EQ(read, large);
}

TEST_F(attachments, a_message_that_is_repeated_has_its_files_once) {
  auto conversation = begin();
  auto id = upload(ana_, pdf_);
  auto sent = send(conversation, ana_, "Here", {id}, "a/b");
  auto again = send(conversation, ana_, "Here", {id}, "a/b");
  EXPECT_EQ(sent.status, 201);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.text("id"), sent.text("id"));
  auto other = upload(ana_, pdf_);
  EXPECT_EQ(send(conversation, ana_, "Here", {other}, "a/b").text("code"), "idempotency_mismatch");
  // That one was not sent: it is free for another message.
  EXPECT_EQ(send(conversation, ana_, "Here", {other}).status, 201);
  a_day_passes();
  EXPECT_EQ(status_for(id, ben_), 200);
  EXPECT_EQ(status_for(other, ben_), 200);
}

TEST_F(attachments, must_be_the_senders_own_and_sent_once) {
  auto conversation = begin();
  auto id = upload(ana_, pdf_);
  EXPECT_EQ(violation_of(send(conversation, ben_, "Mine", {id})), "/files/0 unknown_file");
  EXPECT_EQ(violation_of(send(conversation, ana_, "None", {id, "chat_none"})),
            "/files/1 unknown_file");
  ASSERT_EQ(send(conversation, ana_, "First", {id}).status, 201);
  EXPECT_EQ(violation_of(send(conversation, ana_, "Second", {id})), "/files/0 bound_elsewhere");
  EXPECT_EQ(violation_of(send(conversation, ana_, "Many", std::vector<std::string>(11, id))),
            "/files too_many");
  EXPECT_EQ(send(conversation, ana_, "", {}).status, 422);
  EXPECT_EQ(send(conversation, eva_, "Stranger", {upload(eva_, pdf_)}).status, 404);
}

TEST_F(attachments, what_is_uploaded_and_never_sent_goes_after_a_day) {
  auto id = upload(ana_, pdf_);
  a_day_passes();
  EXPECT_EQ(status_for(id, ana_), 404);
}

TEST_F(attachments, only_what_is_what_it_seems_is_taken) {
  auto refused = [&](const std::string& bytes, const std::string& name) {
    auto got = raw(method::post, "/files?for=chat", ana_, samples::form_with(bytes, name));
    return std::string(json::parse(got.body)->at("code").as_string());
  };
  EXPECT_EQ(refused("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "a.svg"),
            "unsupported_file_type");
  EXPECT_EQ(refused("<html><script>1</script>", "a.pdf"), "unsupported_file_type");
  EXPECT_EQ(refused("MZ\x90 a program", "a.zip"), "unsupported_file_type");
  EXPECT_EQ(refused("\x89PNG\r\n\x1a\n<script>", "a.png"), "broken_picture");
  auto zip = upload(ana_, "PK\x03\x04 a zip", "holiday.png");
  auto got = raw(method::get, "/files/" + zip, ana_);
  EXPECT_EQ(got.headers.get("Content-Type"), "application/zip");
  EXPECT_EQ(got.headers.get("Content-Disposition"), "attachment; filename=\"holiday.png.zip\"");
}

}  // namespace
}  // namespace oficio::chat
