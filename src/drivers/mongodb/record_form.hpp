#pragma once

#include "drivers/mongodb/bson.hpp"
#include "platform/documents/driver.hpp"

namespace oficio::mongodb {

// A record as a whole document. Errors: too_large `document_too_large`; invalid
// `document_too_deep`.
result<document> to_document(const documents::record& r);

// The update that makes the document of version `expected` into `r`. It leaves alone what the
// outbox held before: what was confirmed meanwhile does not come back. Same errors.
result<document> to_update(const documents::record& r, std::int64_t expected);

// What is stored, and how often events were taken out of it.
struct stored_record {
  documents::record record;
  std::int64_t told = 0;
};
// Errors: internal `unreadable_document`.
result<stored_record> to_record(const bson_t* from);

// When its oldest event was raised; nothing_due if there is none.
std::int64_t due_of(const std::vector<events::envelope>& outbox);

}  // namespace oficio::mongodb
