#include "platform/telemetry/record_sink.hpp"

#include <algorithm>
#include <utility>

namespace oficio::telemetry {
namespace {

class record_sink final : public sink {
 public:
  record_sink(intake& to, origin from, level lowest)
      : to_(to), from_(std::move(from)), lowest_(lowest) {}

  bool wants(level l) const override { return l >= lowest_; }

  void write(level l, std::string_view service, std::string_view message, const context* ctx,
             const std::vector<field>& fields) override {
    to_.offer(log_record(from_, {.level = l,
                                 .service = service,
                                 .message = message,
                                 .ctx = ctx,
                                 .fields = &fields,
                                 .time_us = now_us()}));
  }

  void flush() override {}

 private:
  intake& to_;
  const origin from_;
  const level lowest_;
};

class sink_of final : public sink {
 public:
  sink_of(std::string service, std::shared_ptr<sink> to)
      : service_(std::move(service)), to_(std::move(to)) {}

  bool wants(level l) const override { return to_->wants(l); }

  void write(level l, std::string_view service, std::string_view message, const context* ctx,
             const std::vector<field>& fields) override {
    if (service == service_) return to_->write(l, service, message, ctx, fields);
    auto more = fields;
    more.emplace_back("log.logger", service);
    to_->write(l, service_, message, ctx, more);
  }

  void flush() override { to_->flush(); }

 private:
  const std::string service_;
  const std::shared_ptr<sink> to_;
};

class tee final : public sink {
 public:
  explicit tee(std::vector<std::shared_ptr<sink>> all) : all_(std::move(all)) {}

  bool wants(level l) const override {
    return std::ranges::any_of(all_, [l](const auto& s) { return s->wants(l); });
  }

  void write(level l, std::string_view service, std::string_view message, const context* ctx,
             const std::vector<field>& fields) override {
    for (const auto& s : all_) {
      if (s->wants(l)) s->write(l, service, message, ctx, fields);
    }
  }

  void flush() override {
    for (const auto& s : all_) s->flush();
  }

 private:
  const std::vector<std::shared_ptr<sink>> all_;
};

}  // namespace

std::shared_ptr<sink> make_record_sink(intake& to, origin from, level lowest) {
  return std::make_shared<record_sink>(to, std::move(from), lowest);
}

std::shared_ptr<sink> make_sink_of(std::string service, std::shared_ptr<sink> to) {
  return std::make_shared<sink_of>(std::move(service), std::move(to));
}

std::shared_ptr<sink> make_tee(std::vector<std::shared_ptr<sink>> all) {
  return std::make_shared<tee>(std::move(all));
}

}  // namespace oficio::telemetry
