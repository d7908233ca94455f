#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "drivers/embedded/search/reading.hpp"

namespace oficio::embedded {

// What a walk over meanings notes of documents: who has what, and how much that is worth. Its
// memory is kept from one search to the next, which is why it is lent.
class tally {
 public:
  void begin(const contents& all);
  // Adds what documents have of it. `only_complete`: of those that had everything before alone.
  // True if there were any.
  bool add(const meaning& m, bool only_complete);
  // The most meanings that a visible document had.
  std::size_t most_had() const;

  // `each(row, score)` for the visible documents that had at least so many.
  template <class Each>
  void read(std::size_t least, Each each) const {
    for (auto row : seen_) {
      if (had_[row] >= least && all_->values.visible(row)) each(row, score_[row]);
    }
  }

 private:
  template <class Each>
  void each_of(const alternative& a, Each what);
  void find_all(const std::vector<std::uint32_t>& stems);
  std::uint32_t most_frequent(const meaning& m) const;
  void clear();

  struct entry {
    std::uint32_t row;
    float impact;
  };
  const contents* all_ = nullptr;
  std::vector<float> score_;
  std::vector<float> best_;        // of the meaning that is being added
  std::vector<std::uint8_t> had_;  // how many meanings; there are at most 32
  std::vector<std::uint32_t> seen_;
  std::vector<std::uint32_t> touched_;
  std::vector<entry> in_all_;
  std::uint8_t added_ = 0;
};

// Lends tallies: as many as there are searches at once.
class tallies {
 public:
  class loan {
   public:
    explicit loan(tallies& from);
    ~loan();
    loan(const loan&) = delete;
    loan& operator=(const loan&) = delete;
    tally& operator*() { return *lent_; }

   private:
    tallies& from_;
    std::unique_ptr<tally> lent_;
  };

 private:
  std::mutex guard_;
  std::vector<std::unique_ptr<tally>> idle_;
};

// Finds the documents that have everything that is meant; when there are none, those that have the
// most of it, and at least half. How many meanings a found document has at least.
std::size_t match_all(const contents& all, const std::vector<meaning>& meanings, tally& into);

// Finds the documents that have any of it: the more, and the rarer, the better.
void match_any(const contents& all, const std::vector<meaning>& meanings, tally& into);

// What a stem is worth: more, the fewer documents have it. In steps, so that scores, and with them
// the pages of a list, stay while documents come and go.
float rarity(const contents& all, std::uint32_t documents_with_it);

}  // namespace oficio::embedded
