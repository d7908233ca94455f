#include "drivers/embedded/search/query.hpp"

#include <algorithm>
#include <cmath>

#include "drivers/embedded/search/facets.hpp"

namespace oficio::embedded {
namespace {

struct candidate {
  sort_value value;
  std::size_t row;
};

// How a query sorts, as a word for positions.
std::string order_of(const search::query& q) {
  if (!q.sort.field.empty()) return q.sort.field + (q.sort.descending ? " desc" : " asc");
  return q.text.empty() ? "newest" : "relevance";
}

class sorter {
 public:
  sorter(const columns& data, const layout& fields, const search::query& q)
      : data_(data),
        fields_(fields),
        descending_(q.sort.descending),
        by_words_(q.sort.field.empty() && !q.text.empty()) {
    if (!q.sort.field.empty()) {
      number_ = fields.number_of(q.sort.field, search::field_kind::number);
    }
  }

  sort_value value_of(std::size_t row, double score) const {
    sort_value out;
    if (number_) {
      auto value = data_.number(row, *number_);
      out.missing = value == columns::absent;
      if (!out.missing) out.number = descending_ ? value : -value;
    } else if (by_words_) {
      out.score = score + signals(row);
    }
    return out;
  }

 private:
  double signals(std::size_t row) const {
    double sum = 0;
    for (const auto& s : fields_.signals()) {
      auto value = data_.number(row, s.number);
      if (value > 0) sum += s.weight * std::log1p(static_cast<double>(value));
    }
    return sum;
  }

  const columns& data_;
  const layout& fields_;
  std::optional<std::size_t> number_;
  bool descending_;
  bool by_words_;
};

class pass {
  auto earlier() const {
    return [this](const candidate& a, const candidate& b) {
      return stands_before(a.value, data_.id(a.row), b.value, data_.id(b.row));
    };
  }

 public:
  pass(const columns& data, const layout& fields, const search::query& q,
       std::optional<position> after)
      : data_(data),
        filters_(data, fields, q),
        facets_(data, fields, q, filters_),
        sorter_(data, fields, q),
        after_(std::move(after)),
        limit_(q.limit) {}

  void consider(std::size_t row, double score) {
    if (row >= data_.size() || !data_.visible(row)) return;
    auto answer = filters_.ask(row);
    facets_.count(row, answer);
    if (answer.verdict != filters::verdict::passes) return;
    ++total_;
    auto value = sorter_.value_of(row, score);
    if (after_ && !stands_before(after_->value, after_->id, value, data_.id(row))) return;
    keep({value, row});
  }

  outline finish(const std::string& order) {
    std::ranges::sort_heap(best_, earlier());
    outline out{{}, total_, facets_.take()};
    for (const auto& c : best_) {
      out.entries.push_back({c.row, write_position({c.value, data_.id(c.row)}, order)});
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

  const columns& data_;
  filters filters_;
  facet_counter facets_;
  sorter sorter_;
  std::optional<position> after_;
  std::size_t limit_;
  std::vector<candidate> best_;
  std::int64_t total_ = 0;
};

}  // namespace

result<outline> evaluate(const columns& data, const layout& fields, const search::query& q,
                         const std::optional<std::vector<word_hit>>& found) {
  auto order = order_of(q);
  std::optional<position> after;
  if (q.after) {
    TRY(after, read_position(*q.after, order));
  }
  pass over(data, fields, q, std::move(after));
  if (found) {
    for (const auto& h : *found) over.consider(h.row, h.score);
  } else {
    for (std::size_t row = 0; row < data.size(); ++row) over.consider(row, 0);
  }
  return over.finish(order);
}

}  // namespace oficio::embedded
