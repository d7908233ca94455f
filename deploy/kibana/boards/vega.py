"""Panels drawn by Vega-Lite: one query each, whose time range, filters and search text are the dashboard's.

Kibana puts its query in the place of `%context%`, so a panel's own condition stands in an aggregation. Only a
key `interval` takes `%autointerval%`: how wide its steps are is told by the buckets that come back."""

import json
import re

from boards.saved import Panel, query

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
FEW = 60  # steps over the time that is shown
ONE_LINE = "all"


class Drawing(Panel):
    """A specification with its one request."""

    def __init__(self, title, description, spec):
        super().__init__(title, description)
        # While there is nothing to draw, Vega warns of axes without an extent.
        self.spec = {"$schema": SCHEMA, "config": {"kibana": {"hideWarnings": True}}, **spec}

    def parts(self):
        shown = {"title": self.title, "description": self.description, "type": "vega", "uiState": {},
                 "params": {"spec": json.dumps(self.spec, indent=1, ensure_ascii=False)},
                 "data": {"aggs": [], "searchSource": {"query": query(), "filter": []}}}
        return "visualization", {"savedVis": shown, "enhancements": {}}, []


def request(view, where, aggs, found):
    """Data: `aggs` over the documents that fit, of which `found` (a path) gives the rows."""
    kept = {"kept": {"filter": where.dsl, "aggs": aggs}}
    return {"url": {"%context%": True, "%timefield%": "@timestamp", "index": view.indices,
                    "body": {"size": 0, "aggs": kept}},
            "format": {"property": f"aggregations.kept.{found}"}}


def steps(aggs):
    """One bucket for each step of the time that is shown, empty ones too."""
    histogram = {"field": "@timestamp", "interval": {"%autointerval%": FEW}, "min_doc_count": 0,
                 "extended_bounds": {"min": {"%timefilter%": "min"}, "max": {"%timefilter%": "max"}}}
    return {"date_histogram": histogram, "aggs": aggs}


# --- what is measured in each bucket: (aggregations, an expression of the bucket, title, axis) ------------------

class Measure:
    """`of`: a Vega expression of `b`, an Elasticsearch bucket. `format`: of d3. `unit`: after the number."""

    def __init__(self, title, aggs, of, form="~s", unit=""):
        self.title, self.aggs, self.of, self.form, self.unit = title, aggs, of, form, unit

    def of_bucket(self, bucket):
        return re.sub(r"\bb\.", bucket + ".", self.of)


def weighed(where, weight):
    """(aggregations, an expression of the bucket `b`): how many documents fit, each as many as `weight`, a field,
    says: of traces only a part is kept when there are many."""
    if where is None and weight is None:
        return {}, "b.doc_count"
    inner = {"weight": {"sum": {"field": weight}}} if weight else {}
    if where is None:
        return inner, "b.weight.value"
    aggs = {"part": {"filter": where.dsl, **({"aggs": inner} if inner else {})}}
    return aggs, "b.part.weight.value" if weight else "b.part.doc_count"


def per_minute(title="per minute", weight=None):
    """How many a minute; what a bucket's width is, is told by its neighbours (`minutes`)."""
    aggs, number = weighed(None, weight)
    return Measure(title, aggs, f"datum.minutes > 0 ? {number} / datum.minutes : null", ",.3~r")


def how_many(title="documents", weight=None):
    aggs, number = weighed(None, weight)
    return Measure(title, aggs, number, ",.3~r")


def share(title, where, weight=None):
    """Which part of the documents fits, in per cent; nothing where there are none."""
    (some, part), (every, whole) = weighed(where, weight), weighed(None, weight)
    return Measure(title, {**every, **some}, f"{whole} > 0 ? 100 * {part} / {whole} : null", ",.3~r", " %")


def percentile(field, of, title, scale=1.0, form=",.3~r", unit=""):
    """`scale`: what the field is multiplied with, to be shown in the unit that the title says."""
    aggs = {"spread": {"percentiles": {"field": field, "percents": [of]}}}
    name = f"{of:.1f}"
    return Measure(title, aggs, f"b.spread.values['{name}'] == null ? null : b.spread.values['{name}'] * {scale:g}",
                   form, unit)


def statistic(kind, field, title, scale=1.0, form=",.3~r", unit=""):
    """`kind`: max, avg, sum, min, cardinality of Elasticsearch."""
    return Measure(title, {"figure": {kind: {"field": field}}},
                   f"b.figure.value == null ? null : b.figure.value * {scale:g}", form, unit)


def added(field, title="per minute"):
    """How much a counter grew a minute: each document of figures says how much since the one before."""
    return Measure(title, {"more": {"sum": {"field": field}}},
                   "datum.minutes > 0 ? b.more.value / datum.minutes : null", ",.3~r")


def mean_of(durations, title="mean, ms"):
    """What durations were on average, of which figures say how many there were and how long they took together."""
    aggs = {"times": {"sum": {"field": f"{durations}.count"}}, "took": {"sum": {"field": f"{durations}.sum_us"}}}
    return Measure(title, aggs, "b.times.value > 0 ? b.took.value / b.times.value / 1000 : null", ",.3~r", " ms")


def milliseconds(field, of, title=None):
    """A percentile of microseconds, shown in milliseconds."""
    return percentile(field, of, title or f"p{of:g}, ms", 0.001, ",.3~r", " ms")


# --- drawings --------------------------------------------------------------------------------------------------

def axis(measure, **more):
    return {"title": measure.title, "format": measure.form, **more}


def time_axis():
    return {"field": "at", "type": "temporal", "axis": {"title": None}}


def over_time(title, description, view, where, measure, split=None, size=8, area=False, rule=None):
    """A line a value of `split` (the `size` most frequent), or one line. `rule`: where to be alarmed."""
    if split:
        aggs = {"split": {"terms": {"field": split, "size": size}, "aggs": {"time": steps(measure.aggs)}}}
        data = request(view, where, aggs, "split.buckets")
        rows, bucket = [{"flatten": ["time.buckets"], "as": ["step"]}], "datum.step"
        rows.append({"calculate": "datum.key", "as": "series"})
    else:
        data = request(view, where, {"time": steps(measure.aggs)}, "time.buckets")
        rows, bucket = [{"calculate": f"'{ONE_LINE}'", "as": "series"}], "datum"
    transform = rows + [
        {"calculate": f"{bucket}.key", "as": "at"},
        {"joinaggregate": [{"op": "min", "field": "at", "as": "first"}, {"op": "max", "field": "at", "as": "last"},
                           {"op": "count", "as": "buckets"}], "groupby": ["series"]},
        {"calculate": "datum.buckets > 1 ? (datum.last - datum.first) / (datum.buckets - 1) / 60000 : 0",
         "as": "minutes"},
        {"calculate": measure.of_bucket(bucket), "as": "value"}]
    mark = {"type": "area", "opacity": 0.7, "line": True} if area else {"type": "line", "point": {"size": 12}}
    y = {"field": "value", "type": "quantitative", "axis": axis(measure), "scale": {"zero": True}}
    if area:
        y["stack"] = "zero"
    tooltip = [{"field": "at", "type": "temporal", "title": "time", "format": "%Y-%m-%d %H:%M:%S"},
               {"field": "value", "type": "quantitative", "title": measure.title, "format": ",.4~r"}]
    encoding = {"x": time_axis(), "y": y, "tooltip": tooltip}
    if split:
        encoding["color"] = {"field": "series", "type": "nominal", "legend": {"title": None, "labelLimit": 180}}
        tooltip.insert(0, {"field": "series", "type": "nominal", "title": split})
    spec = {"data": data, "transform": transform}
    if rule is None:
        return Drawing(title, description, {**spec, "mark": mark, "encoding": encoding})
    line = {"mark": {"type": "rule", "strokeDash": [4, 4], "color": "#bd271e"},
            "data": {"values": [{"limit": rule}]},
            "encoding": {"y": {"field": "limit", "type": "quantitative"}}}
    return Drawing(title, description, {**spec, "layer": [
        {"transform": transform, "mark": mark, "encoding": encoding}, line], "transform": []})


def spread(title, description, view, where, field, percents=(50, 95, 99), scale=0.001, unit="ms"):
    """Several percentiles of one field over time."""
    aggs = {"spread": {"percentiles": {"field": field, "percents": list(percents)}}}
    names = {f"{p:.1f}": f"p{p:g}" for p in percents}
    transform = [{"calculate": "datum.key", "as": "at"}]
    transform += [{"calculate": f"datum.spread.values['{raw}'] == null ? null : datum.spread.values['{raw}'] * {scale:g}",
                   "as": shown} for raw, shown in names.items()]
    transform.append({"fold": list(names.values()), "as": ["series", "value"]})
    return Drawing(title, description, {
        "data": request(view, where, {"time": steps(aggs)}, "time.buckets"), "transform": transform,
        "mark": {"type": "line", "point": {"size": 12}},
        "encoding": {"x": time_axis(),
                     "y": {"field": "value", "type": "quantitative", "axis": {"title": unit, "format": ",.3~r"}},
                     "color": {"field": "series", "type": "nominal", "sort": list(names.values()),
                               "legend": {"title": None, "labelLimit": 180}},
                     "tooltip": [{"field": "series", "type": "nominal", "title": "percentile"},
                                 {"field": "at", "type": "temporal", "title": "time", "format": "%Y-%m-%d %H:%M:%S"},
                                 {"field": "value", "type": "quantitative", "title": unit, "format": ",.4~r"}]}})


def ranking(title, description, view, where, by, measure, size=10, order="_count", also=None):
    """Bars, the longest first: the `size` values of `by` with the most. `order`: what Elasticsearch orders by.
    `also`: another measure, told with the pointer over a bar."""
    aggs = {**measure.aggs}
    tooltip = [{"field": "key", "type": "nominal", "title": by},
               {"field": "value", "type": "quantitative", "title": measure.title, "format": ",.4~r"},
               {"field": "doc_count", "type": "quantitative", "title": "documents"}]
    transform = [{"calculate": measure.of_bucket("datum"), "as": "value"}]
    if also:
        aggs.update(also.aggs)
        transform.append({"calculate": also.of_bucket("datum"), "as": "also"})
        tooltip.append({"field": "also", "type": "quantitative", "title": also.title, "format": ",.4~r"})
    terms = {"field": by, "size": size, "order": {order: "desc"}}
    transform += [{"filter": "isValid(datum.value)"},
                  {"calculate": f"format(datum.value, '{measure.form}') + '{measure.unit}'", "as": "told"}]
    y = {"field": "key", "type": "nominal", "sort": {"field": "value", "op": "max", "order": "descending"},
         "axis": {"title": None, "labelLimit": 320, "labelPadding": 6}}
    x = {"field": "value", "type": "quantitative", "axis": axis(measure, grid=False), "scale": {"zero": True}}
    return Drawing(title, description, {
        "data": request(view, where, {"split": {"terms": terms, **({"aggs": aggs} if aggs else {})}}, "split.buckets"),
        "transform": transform, "encoding": {"y": y, "x": x, "tooltip": tooltip},
        "layer": [{"mark": {"type": "bar", "color": "#6092c0"}},
                  {"mark": {"type": "text", "align": "left", "dx": 4}, "encoding": {"text": {"field": "told"}}}]})
