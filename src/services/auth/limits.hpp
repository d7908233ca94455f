#pragma once

namespace oficio::auth {

// How often somebody may guess before delays begin, which double with each further failure.
struct limits {
  int tries_per_account = 10;   // failed sign-ins without a delay; 0: no limit
  int tries_per_address = 100;  // likewise, whatever the account
};

}  // namespace oficio::auth
