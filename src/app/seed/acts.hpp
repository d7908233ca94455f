#pragma once

#include <string>
#include <vector>

#include "app/seed/pictures.hpp"
#include "app/seed/plan.hpp"
#include "app/seed/stage.hpp"
#include "app/seed/wording.hpp"

namespace oficio::sample {

// Does what happens: turns a happening into calls of the services, and remembers the ids that they
// gave. Happenings of different subjects may run side by side; each subject's own must not.
class actors {
 public:
  // All references must outlive it.
  actors(const plan& what, const library& texts, const pictures& art, stage& on,
         std::string password, std::string currency);

  // Errors: bad_upstream `refused` when a service says no, and those of the stage.
  awaitable<result<void>> perform(happening h, json::object offer);

 private:
  awaitable<result<void>> join(std::uint32_t person);
  awaitable<result<void>> sell(std::uint32_t person);
  awaitable<result<void>> publish(std::uint32_t gig, json::object offer);
  awaitable<result<void>> favor(const favorite& what);
  awaitable<result<void>> place(std::uint32_t story);
  awaitable<result<void>> order_step(const happening& h);
  awaitable<result<void>> review(const happening& h);
  awaitable<result<void>> speak(const happening& h);
  awaitable<result<void>> take(std::uint32_t talk);
  awaitable<result<void>> read(std::uint32_t talk);

  json::value words_for(const happening& h);
  json::value judgement(const happening& h);
  json::object own_terms(std::uint32_t gig);
  wording wording_of(std::uint32_t buyer, std::uint32_t gig, dice& chance);

  // Uploads a picture for that purpose ("gig"); its file's id.
  awaitable<result<std::string>> upload(std::string_view service, std::string_view purpose,
                                        std::string_view picture, identity who);

  // The body of a 2xx answer (or of the `also` allowed one).
  awaitable<result<json::value>> must(call c, int also = 0);

  const plan& plan_;
  const library& texts_;
  const pictures& art_;
  stage& stage_;
  std::string password_;
  std::string currency_;
  // By number. A text's default is that it is not there yet.
  std::vector<identity> people_;
  std::vector<std::string> gigs_;
  std::vector<std::string> titles_;
  std::vector<std::string> orders_;
  std::vector<std::string> reviews_;  // the buyers', by story
  std::vector<std::string> talks_;
  std::vector<std::string> offers_;  // the last one, by talk
};

}  // namespace oficio::sample
