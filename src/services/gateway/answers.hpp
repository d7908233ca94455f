#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/http/message.hpp"

namespace oficio::gateway {

// True for reads whose answer is the same for everybody: they may be kept by a browser (which asks
// again each time) and compressed for anyone.
bool is_public_read(const http::request& r);

// The headers that keep browsers safe, on every answer; what a service or page says itself stands.
void harden(http::response& r, bool over_https, bool for_other_origins);

// Pages of other origins that may call the API, with the session's cookies.
class origins {
 public:
  origins() = default;
  // "https://a.example, https://b.example:8443". Throws std::invalid_argument with a line that
  // quotes what is no origin.
  explicit origins(std::string_view list);

  bool empty() const { return listed_.empty(); }
  const std::vector<std::string>& listed() const { return listed_; }
  // Tells the browser of a listed origin that its page may read the answer (and, to a preflight,
  // what it may send). Others are told nothing, which is a no.
  void tell(const http::request& asked, http::response& answer) const;

 private:
  std::vector<std::string> listed_;
};

// An ETag for public reads, and 304 to whoever has the answer already (If-None-Match). A service's
// own tag is a revision, which counts people's edits only; ratings and sales change without it. So
// the tag of what is shown is W/"3.9f86d081884c7d65": the revision and the content.
void answer_conditionally(const http::request& asked, http::response& answer);

// If-Match for a service: the revision alone, where a client sends back such a tag.
std::string revision_tag(std::string_view if_match);

// Adds a name to Vary, once.
void vary_by(http::response& r, std::string_view name);

}  // namespace oficio::gateway
