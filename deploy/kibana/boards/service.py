"""Closer: one service, the errors, one trace."""

from boards import lens, vega
from boards.links import links
from boards.saved import Dashboard, Table
from boards.vega import Drawing
from boards.views import (FAILED, MESSAGE, REQUEST, STEP, WEIGHT, all_errors, all_logs, errors, everything,
                          failed_requests,
                          logs, steps, traces, worries)
from boards.where import EVERYTHING, equals

FAILURE = equals("event.outcome", "failure")
MOST_BARS = 200


def service():
    of = Dashboard("oficio-service", "Oficio 3: one service",
                   "By request, message and step: pick the service above.",
                   controls=[(traces, "service.name", "Service"), (traces, "transaction.name", "Request or message")])
    of.row(5, links(of.id, "Pick a service above, then the request that is slow or fails; its steps below say what "
                           "it waited for."))
    of.row(12, vega.over_time("Requests and messages a minute", "By kind: what was asked for, what was heard of.",
                              traces,
                              equals("processor.event", "transaction"), vega.per_minute(weight=WEIGHT),
                              "transaction.type"),
           vega.spread("How long they take", "Half, 95 and 99 of 100 are faster.", traces,
                       equals("processor.event", "transaction"), "transaction.duration.us"))
    of.row(14, vega.ranking("Requests that take the most time together", "Seconds of all of them: what is worth "
                            "being made faster.", traces, REQUEST, "transaction.name",
                            vega.statistic("sum", "transaction.duration.us", "seconds together", 1e-6, ",.3~r", " s"),
                            12, "figure", also=vega.milliseconds("transaction.duration.us", 95)),
           vega.ranking("Requests that fail the most", "Answers of 500 and above, in per cent of each.", traces,
                        REQUEST, "transaction.name", vega.share("% failed", FAILED, WEIGHT), 12, "part>weight"))
    of.row(14, vega.ranking("Slowest steps (p95)", "Queries, calls and publications by name.", traces, STEP,
                            "span.name", vega.milliseconds("span.duration.us", 95), 12, "spread.95"),
           vega.over_time("Time in databases, cache, search and calls", "Seconds spent in each minute, by kind of "
                          "step: above 1 they wait at the same time.", traces, STEP,
                          vega.Measure("seconds a minute", {"figure": {"sum": {"field": "span.duration.us"}}},
                                       "datum.minutes > 0 ? b.figure.value / 1000000 / datum.minutes : null", ",.3~r"),
                          "span.type", area=True))
    of.row(12, vega.over_time("Messages a minute, by name", "What the service hears of from others.", traces, MESSAGE,
                              vega.per_minute(weight=WEIGHT), "transaction.name", size=12),
           vega.over_time("Messages that failed", "In per cent: each is tried again, with growing pauses.", traces,
                          MESSAGE, vega.share("% failed", FAILURE, WEIGHT), "service.name", size=10))
    of.row(16, Table(all_logs))
    return of


def trouble():
    of = Dashboard("oficio-errors", "Oficio 4: errors",
                   "What failed, how often and since when; each leads to its trace and its log lines.", since="now-24h",
                   controls=[(errors, "service.name", "Service"), (errors, "error.type", "Kind")])
    of.row(5, links(of.id, "Click a bar to keep that kind alone; click a **trace** in a table to see all that the "
                           "request did, with its log lines."))
    of.row(12, lens.bars("Errors by service", "A step in the bars is a release, or a part that went away.", errors,
                         lens.count("errors"), split="service.name"),
           lens.bars("Errors by kind", "Types of exceptions and codes.", errors, lens.count("errors"),
                     split="error.type"))
    of.row(14, vega.ranking("The same error again and again", "Grouped: how often each came.", errors, EVERYTHING,
                            "error.grouping_name", vega.how_many("errors"), 12),
           vega.ranking("Where they come from", "By the place in the program that raised them.", errors,
                        EVERYTHING, "error.culprit", vega.how_many("errors"), 12))
    of.row(16, Table(all_errors))
    of.row(14, Table(failed_requests), Table(worries))
    of.row(12, lens.bars("Warnings and errors in logs", "By service.", logs, lens.count("lines"),
                         equals("log.level", "warn", "error"), "service.name"),
           vega.over_time("Failed requests a minute", "Answers of 500 and above, by service.", traces,
                          REQUEST & FAILED, vega.per_minute(weight=WEIGHT), "service.name", size=10))
    return of


def waterfall():
    """What one trace did, one bar under the other, from the first to the last. Where several are found, the first."""
    fields = ["timestamp.us", "trace.id", "service.name", "transaction.name", "transaction.duration.us",
              "span.name", "span.duration.us", "event.outcome"]
    one = "isValid(datum.fields['{0}']) ? datum.fields['{0}'][0] : null"
    either = "isValid(datum.fields['span.{0}']) ? datum.fields['span.{0}'][0] : " \
             "(isValid(datum.fields['transaction.{0}']) ? datum.fields['transaction.{0}'][0] : null)"
    whole = [None, None]
    transform = [
        {"calculate": one.format("timestamp.us"), "as": "start"}, {"calculate": one.format("trace.id"), "as": "trace"},
        {"window": [{"op": "first_value", "field": "trace", "as": "shown"}], "sort": [{"field": "start"}],
         "frame": whole},
        {"filter": "datum.trace === datum.shown"},
        {"calculate": f"({either.format('duration.us')}) / 1000", "as": "took"},
        {"calculate": either.format("name"), "as": "name"}, {"calculate": one.format("service.name"), "as": "service"},
        {"calculate": one.format("event.outcome"), "as": "outcome"},
        {"joinaggregate": [{"op": "min", "field": "start", "as": "first"}]},
        {"calculate": "(datum.start - datum.first) / 1000", "as": "from"},
        {"calculate": "datum.from + max(datum.took, 0.05)", "as": "to"},
        {"joinaggregate": [{"op": "max", "field": "to", "as": "end"}]},
        {"window": [{"op": "row_number", "as": "row"}],
         "sort": [{"field": "from"}, {"field": "took", "order": "descending"}]},
        {"calculate": "(datum.outcome === 'failure' ? '✗ ' : '') + datum.service + ': ' + datum.name + '  ' + "
                      "format(datum.took, ',.3~r') + ' ms'", "as": "told"},
        {"calculate": "datum.from < datum.end / 2 ? datum.told : ''", "as": "left"},
        {"calculate": "datum.from < datum.end / 2 ? '' : datum.told", "as": "right"}]
    data = {"url": {"%context%": True, "%timefield%": "@timestamp", "index": "traces-apm*",
                    "body": {"size": MOST_BARS, "sort": [{"timestamp.us": "asc"}], "_source": False, "fields": fields}},
            "format": {"property": "hits.hits"}}
    row = {"field": "row", "type": "ordinal", "axis": None}
    start = {"field": "from", "type": "quantitative", "axis": {"title": "ms since it began"}}
    tooltip = [{"field": name, "type": kind} for name, kind in
               (("service", "nominal"), ("name", "nominal"), ("took", "quantitative"), ("from", "quantitative"),
                ("outcome", "nominal"))]

    def words(side, at):
        """Beside the beginning of a bar in the left half, before the end of one in the right half."""
        return {"mark": {"type": "text", "align": side, "dx": 3 if side == "left" else -3, "limit": 500},
                "encoding": {"text": {"field": side}, "x": {"field": at, "type": "quantitative"}}}
    colour = {"field": "service", "type": "nominal", "legend": {"title": None, "labelLimit": 180}}
    return Drawing("What it did, and when", f"Bars of the trace's requests, messages and steps, the first {MOST_BARS}. "
                   "A gap is the program's own work; ✗ and a red line: it failed. Without a trace chosen above, the first that is found.", {
                       "data": data, "transform": transform, "encoding": {"y": row, "x": start, "tooltip": tooltip},
                       "layer": [{"mark": {"type": "bar", "cornerRadius": 1, "opacity": 0.7},
                                  "encoding": {"x2": {"field": "to"}, "color": colour, "stroke": {
                                      "condition": {"test": "datum.outcome === 'failure'", "value": "#bd271e"},
                                      "value": None}}},
                                 words("left", "from"), words("right", "to")]})


def trace():
    of = Dashboard("oficio-trace", "Oficio 5: one trace",
                   "Everything that one request did, in all services: its steps, log lines and errors.",
                   since="now-24h",
                   refresh=0, controls=[(everything, "trace.id", "Trace")])
    of.row(5, links(of.id, "Tables of other pages lead here. Or take `X-Request-Id` of an answer that somebody "
                           "complains of, and ask above for `http.request.id: \"…\"`."))
    of.row(24, waterfall())
    of.row(14, Table(steps))
    of.row(14, Table(all_logs), Table(all_errors))
    return of
