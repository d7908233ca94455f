#pragma once

#include <cstdint>
#include <deque>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "platform/telemetry/record.hpp"

namespace oficio::elasticsearch {

// Records that wait on the disk for a server that is away: a queue of files in a folder, read in
// the order in which it was written, and found again after a restart. When it grows beyond its
// bound the oldest file goes. Records come back without their summary. Used by one thread at a
// time.
class spill {
 public:
  // `folder` is made if it is not there, and belongs to this process alone: the first of `folder`,
  // `folder`.1, `folder`.2 … that no other has. What lies in those that nobody has comes before
  // what is put. Throws std::runtime_error if there is none.
  spill(std::string folder, std::size_t max_bytes);
  ~spill();
  spill(const spill&) = delete;
  spill& operator=(const spill&) = delete;

  // How many were lost: of them what cannot be written, and what had to go to make room.
  std::size_t put(const std::vector<telemetry::record>& records);

  // The next ones, at most so many, about so many bytes. They stay until done() is called, unless
  // put() needs their place: then they count as neither there nor lost, has_given() is false, and
  // those of them that are nowhere else are to be given to done().
  std::vector<telemetry::record> next(std::size_t most, std::size_t bytes);
  // Those that next() gave last are safe elsewhere, but for `again`, which come again, last of all.
  // Gives how many of those were lost.
  std::size_t done(const std::vector<telemetry::record>& again = {});

  // Those that next() gave last are still to come.
  void put_back();
  bool has_given() const { return !given_gone_; }

  // How many next() could not give since this was asked last: what it found was broken, or gone.
  std::size_t take_broken() { return std::exchange(broken_, 0); }

  bool empty() const { return segments_.empty(); }
  std::size_t bytes() const { return bytes_; }

 private:
  struct segment {
    std::uint64_t number = 0;
    std::size_t bytes = 0;
    std::size_t records = 0;
  };

  void lock(const std::string& folder);
  void find_segments();
  void take_over(const std::string& folder);
  void add_segment(std::uint64_t number);
  bool open_next();
  std::size_t settle();
  std::size_t drop_oldest();
  void drop_read();
  std::string path_of(std::uint64_t number) const;

  std::string folder_;
  const std::size_t max_bytes_;
  const std::size_t segment_bytes_;
  int lock_ = -1;
  std::deque<segment> segments_;
  std::size_t bytes_ = 0;
  std::uint64_t next_number_ = 1;
  std::ofstream out_;                // the last segment, while it is open
  std::size_t unsettled_bytes_ = 0;  // handed to out_, and counted once they have reached the file
  std::size_t unsettled_records_ = 0;
  std::size_t read_ = 0;   // bytes of the first segment that are done
  std::size_t given_ = 0;  // bytes of it that next() gave
  std::size_t read_records_ = 0;
  std::size_t given_records_ = 0;
  std::size_t given_broken_ = 0;  // of those
  std::size_t broken_ = 0;
  bool given_gone_ = false;  // their segment went before done()
};

}  // namespace oficio::elasticsearch
