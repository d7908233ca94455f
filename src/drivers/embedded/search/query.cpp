#include "drivers/embedded/search/query.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "drivers/embedded/search/facets.hpp"

namespace oficio::embedded {
namespace {

struct candidate {
  sort_value value;
  std::uint32_t row;
};

// How a query sorts, as a word for positions.
std::string order_of(const search::query& q) {
  if (!q.sort.field.empty()) return q.sort.field + (q.sort.descending ? " desc" : " asc");
  return q.text.empty() ? "newest" : "relevance";
}

class sorter {
 public:
  sorter(const contents& all, const layout& fields, const search::query& q)
      : all_(all),
        descending_(q.sort.descending),
        by_words_(q.sort.field.empty() && !q.text.empty()) {
    if (!q.sort.field.empty()) {
      numbers_ = all.values.numbers(fields.number_of(q.sort.field, search::field_kind::number));
    }
  }

  sort_value value_of(std::uint32_t row, float score) const {
    sort_value out;
    if (!numbers_.empty()) {
      auto value = numbers_[row];
      out.missing = value == columns::absent;
      if (!out.missing) out.number = descending_ ? value : -value;
    } else if (by_words_) {
      out.score = static_cast<double>(score + all_.rows[row].signal);
    }
    return out;
  }

 private:
  const contents& all_;
  std::span<const std::int64_t> numbers_;
  bool descending_;
  bool by_words_;
};

class pass {
  auto earlier() const {
    return [this](const candidate& a, const candidate& b) {
      return stands_before(a.value, all_.id(a.row), b.value, all_.id(b.row));
    };
  }

 public:
  pass(const contents& all, const layout& fields, const search::query& q,
       std::optional<position> after)
      : all_(all),
        filters_(all.values, fields, q.terms, q.ranges, q.facets),
        facets_(all.values, fields, q.facets, filters_),
        sorter_(all, fields, q),
        after_(std::move(after)),
        limit_(q.limit) {}

  void consider(std::uint32_t row, float score) {
    auto answer = filters_.ask(row);
    facets_.count(row, answer);
    if (answer.verdict != filters::verdict::passes) return;
    ++total_;
    auto value = sorter_.value_of(row, score);
    if (after_ && !stands_before(after_->value, after_->id, value, all_.id(row))) return;
    keep({value, row});
  }

  outline finish(const std::string& order) {
    std::ranges::sort_heap(best_, earlier());
    outline out{{}, total_, facets_.take()};
    for (const auto& c : best_) {
      out.entries.push_back({all_.rows[c.row].document,
                             write_position({c.value, std::string(all_.id(c.row))}, order)});
    }
    return out;
  }

 private:
  // A heap with the last of the best on top.
  void keep(candidate c) {
    if (limit_ == 0) return;
    if (best_.size() == limit_) {
      if (!earlier()(c, best_.front())) return;
      std::ranges::pop_heap(best_, earlier());
      best_.pop_back();
    }
    best_.push_back(c);
    std::ranges::push_heap(best_, earlier());
  }

  const contents& all_;
  filters filters_;
  facet_counter facets_;
  sorter sorter_;
  std::optional<position> after_;
  std::size_t limit_;
  std::vector<candidate> best_;
  std::int64_t total_ = 0;
};

}  // namespace

result<outline> evaluate(const contents& all, const layout& fields, const search::query& q,
                         const std::optional<matches>& found) {
  auto order = order_of(q);
  std::optional<position> after;
  if (q.after) {
    TRY(after, read_position(*q.after, order));
  }
  pass over(all, fields, q, std::move(after));
  if (found) {
    found->from.read(found->least,
                     [&](std::uint32_t row, float score) { over.consider(row, score); });
  } else {
    // The newest first: when they are wanted, all others are told at one comparison.
    for (auto row = all.values.size(); row-- > 0;) {
      if (all.values.visible(row)) over.consider(row, 0);
    }
  }
  return over.finish(order);
}

}  // namespace oficio::embedded
