#pragma once

#include <memory>

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

namespace oficio::postgresql {

// Thrown for what PostgreSQL cannot keep; SOCI would take what stands before the NUL for the whole.
class nul_in_text : public soci::soci_error {
 public:
  nul_in_text() : soci_error("NUL") {}
};

// SOCI's backend, but for texts with a NUL character.
class backend_factory final : public soci::backend_factory {
 public:
  soci::details::session_backend* make_session(
      const soci::connection_parameters& parameters) const override;
};

// The connection of a session that was made by backend_factory.
PGconn* handle_of(soci::session& session);

}  // namespace oficio::postgresql
