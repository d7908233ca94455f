#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "drivers/mongodb/bson.hpp"
#include "platform/documents/driver.hpp"
#include "platform/documents/names.hpp"

namespace oficio::mongodb {

// How a document is kept:
//   _id      the record's id
//   version  of its last write
//   gone     "" while it is there; a tombstone's own id, so that in a unique index, which ends with
//            it, a tombstone never meets another document
//   body     the record's JSON, as json_form says
//   outbox   {event id: {version, index, event}}: by id, so that one can be taken out alone
//   told     how often events were taken out, for that to be atomic
//   due      when the oldest unconfirmed event was raised, in milliseconds since 1970;
//            nothing_due when there is none. A tombstone always has a time here, so that whoever
//            looks for events finds it and deletes it when its last one is confirmed.
namespace field {
constexpr const char* id = "_id";
constexpr const char* version = "version";
constexpr const char* gone = "gone";
constexpr const char* body = "body";
constexpr const char* outbox = "outbox";
constexpr const char* told = "told";
constexpr const char* due = "due";
}  // namespace field

// 2^53 - 1: behind every time, and a whole number even to those who keep numbers as doubles.
constexpr std::int64_t nothing_due = 9'007'199'254'740'991;

// Throws std::invalid_argument unless it is "name" or "name.name", of [a-z0-9_] (names: one).
using documents::check_name;
using documents::check_path;

// Where a path of the body is kept: "_id" or "body.<path>".
std::string kept_path(std::string_view path);

// The filter of what is there and meets `where`.
document filter_of(const std::vector<documents::condition>& where);
// A query as one or two filters whose results follow each other: the second holds the documents
// whose first sort value is null, which come last when it descends, so that the first can seek its
// place in the index instead of walking to it.
std::vector<document> filters_of(const documents::query& q);
// The query's sort with the id that breaks ties.
document sort_of(const documents::query& q);

}  // namespace oficio::mongodb
