// The command line: reads settings and starts what was asked for. Nothing else lives here.

#include <iostream>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "app/events/events.hpp"
#include "app/events/republishing.hpp"
#include "app/health/health.hpp"
#include "app/market/administration.hpp"
#include "app/market/market.hpp"
#include "app/market/plan.hpp"
#include "app/market/reindexing.hpp"
#include "app/market/seeding.hpp"
#include "app/market/settings.hpp"
#include "app/setup/setup.hpp"

namespace {

using oficio::config::settings;
using oficio::config::wrong_setting;

struct arguments {
  std::string what = "all";
  std::string file;
  std::vector<std::string> assignments;
  std::string port;
  std::string data;
};

void add_settings_options(CLI::App& to, arguments& args) {
  to.add_option("--config", args.file, "a file of lines `name = value`");
  to.add_option("--set", args.assignments, "name=value, over environment and file")->take_all();
  to.add_option("--port", args.port, "the port of what is served; else the gateway's");
  to.add_option("--data", args.data, "the folder of all files");
}

settings read_settings(const arguments& args) {
  auto all = oficio::app::declared_settings();
  if (!args.file.empty()) all.read_file(args.file, true);
  all.read_environment(environ);
  for (const auto& assignment : args.assignments) {
    auto equals = assignment.find('=');
    if (equals == std::string::npos)
      throw wrong_setting("--set: \"" + assignment + "\" is not name=value");
    all.set(assignment.substr(0, equals), assignment.substr(equals + 1), "command line");
  }
  if (!args.port.empty()) {
    all.set(oficio::app::port_setting(args.what), args.port, "command line");
  }
  if (!args.data.empty()) all.set("data", args.data, "command line");
  return all;
}

int show_config(const arguments& args) {
  for (const auto& s : read_settings(args).show()) {
    std::cout << s.name << " = " << s.value << "    # " << s.origin << ": " << s.help << "\n";
  }
  return 0;
}

CLI::App* add_setup(CLI::App& program, oficio::app::setup_options& o, arguments& args) {
  auto* setup = program.add_subcommand("setup", "prepare a server for what is kept there");
  setup->require_subcommand(1);
  auto* elasticsearch = setup->add_subcommand(
      "elasticsearch", "index templates and retention for logs, requests, errors and figures");
  elasticsearch->add_option("--address", o.address, "http(s)://…; else the setting `telemetry`");
  auto days = CLI::Range(1, 3'650);
  elasticsearch->add_option("--log-days", o.log_days, "how long logs and errors are kept")
      ->check(days)
      ->capture_default_str();
  elasticsearch->add_option("--trace-days", o.trace_days, "requests, their parts, page loads")
      ->check(days)
      ->capture_default_str();
  elasticsearch->add_option("--metric-days", o.metric_days, "figures")
      ->check(days)
      ->capture_default_str();
  add_settings_options(*elasticsearch, args);
  return elasticsearch;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program{"Oficio: a marketplace for freelance services"};
  program.set_version_flag("--version", "oficio " OFICIO_VERSION);
  program.require_subcommand(1);
  arguments args;

  auto* serve = program.add_subcommand("serve", "run the marketplace until it is told to stop");
  serve->add_option("what", args.what, "all: every service in this process; or one of them")
      ->check(CLI::IsMember({"all", "gateway", "auth", "users", "gigs", "chat", "orders", "reviews",
                             "notifications"}));
  add_settings_options(*serve, args);
  auto* config = program.add_subcommand("config", "show the settings in force, secrets masked");
  add_settings_options(*config, args);
  auto* seed = program.add_subcommand("seed", "fill an empty market with sample people and gigs");
  oficio::app::seed_options seeding;
  seed->add_flag("--if-empty", seeding.if_empty, "do nothing if there are people already");
  seed->add_option("--gigs", seeding.gigs, "how many")
      ->check(CLI::Range(50, 1'000'000))
      ->capture_default_str();
  add_settings_options(*seed, args);

  auto* keys = program.add_subcommand("keys", "the keys that sign access tokens");
  keys->require_subcommand(1);
  auto* rotate = keys->add_subcommand("rotate", "add a new key; the old one runs out by itself");
  add_settings_options(*rotate, args);
  auto* operators = program.add_subcommand("operator", "who may see the operators' pages");
  operators->require_subcommand(1);
  std::string username;
  auto* grant = operators->add_subcommand("grant", "make an account an operator");
  auto* revoke = operators->add_subcommand("revoke", "take that away again");
  for (auto* change : {grant, revoke}) {
    change->add_option("username", username, "the account's user name")->required();
    add_settings_options(*change, args);
  }
  auto* events = program.add_subcommand(
      "events", "show what a running market could not handle, or have it handled again");
  oficio::app::events_command about_events;
  events->add_option("--url", about_events.url, "where the market runs; else at PORT here");
  add_settings_options(*events, args);
  auto* replay = events->add_subcommand("replay", "handle an event again");
  replay->fallthrough();  // what is true of the market may stand behind it, too
  replay->add_option("id", about_events.id, "the event; without it: all that are shown");
  replay->add_option("--queue", about_events.queue, "only in that queue");
  auto* republish = program.add_subcommand(
      "republish", "have a running service tell its facts again, so that others rebuild copies");
  oficio::app::republish_command again;
  republish->add_option("service", again.service, "which one, or all of them")
      ->required()
      ->check(CLI::IsMember({"all", "auth", "users", "gigs", "chat", "orders", "reviews"}));
  republish->add_option("--url", again.url, "where the market runs; else at PORT here");
  add_settings_options(*republish, args);
  auto* health = program.add_subcommand("health", "ask a running process whether it is ready");
  std::string where = "http://127.0.0.1:4000";
  std::string health_ca;
  health->add_option("--url", where, "the process, without a path")->capture_default_str();
  health->add_option("--ca", health_ca, "PEM file of who vouches for an https process");

  auto* reindex = program.add_subcommand(
      "reindex", "build a search index anew from its database, while the market runs");
  std::string reindexed;
  reindex->add_option("index", reindexed, "gigs")->required()->check(CLI::IsMember({"gigs"}));
  add_settings_options(*reindex, args);

  oficio::app::setup_options setting_up;
  auto* setup = add_setup(program, setting_up, args);

  CLI11_PARSE(program, argc, argv);
  try {
    if (serve->parsed()) return oficio::app::serve(read_settings(args), args.what);
    if (reindex->parsed()) return oficio::app::reindex_gigs(read_settings(args));
    if (config->parsed()) return show_config(args);
    if (setup->parsed()) {
      auto all = read_settings(args);
      setting_up.environment = oficio::app::telemetry_environment(all);
      return oficio::app::set_up_elasticsearch(all, setting_up);
    }
    if (health->parsed()) return oficio::app::ask_health(where, health_ca);
    if (rotate->parsed()) return oficio::app::rotate_keys(read_settings(args));
    if (operators->parsed()) {
      return oficio::app::set_operator(read_settings(args), username, grant->parsed());
    }
    if (events->parsed()) {
      about_events.replay = replay->parsed();
      auto all = read_settings(args);
      return oficio::app::run_events_command(all, about_events, oficio::app::operators_token(all));
    }
    if (republish->parsed()) {
      auto all = read_settings(args);
      return oficio::app::run_republish_command(all, again, oficio::app::operators_token(all));
    }
    return oficio::app::seed(read_settings(args), seeding);
  } catch (const wrong_setting& e) {
    std::cerr << "oficio: " << e.what() << "\n";
    return 2;
  } catch (const std::exception& e) {
    std::cerr << "oficio: " << e.what() << "\n";
    return 1;
  }
}
