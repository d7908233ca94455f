"""What Kibana's own pages (its APM and user experience applications, its pages of hosts and logs) ask of documents. They leave
out, or stop at, a document without the fields that they need, so each field that is named here must be in every
document of its kind, as a value that can be searched."""

TRANSACTION, SPAN, ERROR, METRIC = ({"term": {"processor.event": kind}}
                                    for kind in ("transaction", "span", "error", "metric"))
OF_BROWSERS = {"term": {"agent.name": "rum-js"}}
LOADS = {"term": {"transaction.type": "page-load"}}
EXITS = {"term": {"transaction.type": "page-exit"}}
SUMS = {"term": {"metricset.name": "service_destination"}}
CPU = {"exists": {"field": "system.cpu.total.norm.pct"}}

SERVICE = ["service.name", "service.environment", "agent.name"]
WORK = [*SERVICE, "timestamp.us", "trace.id", "transaction.id", "processor.event"]
BROWSER = ["user_agent.name", "user_agent.os.name", "user_agent.device.name", "client.ip"]

# (page, indices as Kibana knows them, which documents, fields of each of them)
NEEDED = [
    ("service inventory, transactions, waterfall", "traces-apm*", [TRANSACTION],
     [*WORK, "transaction.name", "transaction.type", "transaction.duration.us", "event.outcome"]),
    ("instances of a service", "traces-apm*", [TRANSACTION, {"bool": {"must_not": OF_BROWSERS}}],
     ["service.node.name", "host.name"]),
    ("waterfall: calls", "traces-apm*", [SPAN],
     [*WORK, "span.id", "span.name", "span.type", "span.duration.us", "parent.id", "event.outcome"]),
    ("service map", "traces-apm*", [SPAN, {"exists": {"field": "span.destination.service.resource"}}],
     ["span.id", "span.type", "span.subtype", "trace.id", "event.outcome"]),
    ("errors", "logs-apm*", [ERROR],
     [*SERVICE, "timestamp.us", "error.id", "error.grouping_key", "processor.event"]),
    ("metrics of a service", "metrics-apm*", [METRIC, CPU],
     ["system.process.cpu.total.norm.pct", "system.memory.total", "system.memory.actual.free",
      "service.node.name", "host.name", *SERVICE]),
    ("dependencies", "metrics-apm*", [METRIC, SUMS],
     [*SERVICE, "metricset.interval", "span.destination.service.resource", "span.type", "event.outcome",
      "span.destination.service.response_time.count", "span.destination.service.response_time.sum.us"]),
    ("user experience: page loads", "traces-apm*", [TRANSACTION, LOADS],
     [*BROWSER, "url.full", "transaction.marks.navigationTiming.fetchStart",
      "transaction.marks.agent.timeToFirstByte", "transaction.marks.agent.largestContentfulPaint",
      "transaction.experience.cls"]),
    ("user experience: INP", "traces-apm*", [TRANSACTION, EXITS], ["numeric_labels.inp_value", "url.full"]),
    ("user experience: errors", "logs-apm*", [ERROR, OF_BROWSERS], [*BROWSER, "transaction.type", "url.full"]),
    ("logs", "logs-oficio*", [{"bool": {"must_not": OF_BROWSERS}}],
     ["service.name", "service.environment", "log.level", "message", "event.dataset", "data_stream.dataset",
      "host.name"]),
]


def faults(search):
    """`search`: (indices, body) to Elasticsearch's answer."""
    out = []
    for page, indices, which, fields in NEEDED:
        def count(more, indices=indices, which=which):
            query = {"bool": {"filter": which, **more}}
            return search(indices, {"size": 0, "track_total_hits": True, "query": query})["hits"]["total"]["value"]
        if not count({}):
            out.append(f"{page}: nothing in {indices} is {which}")
        for field in fields:
            without = count({"must_not": {"exists": {"field": field}}})
            if without:
                out.append(f"{page}: {without} documents of {indices} have no {field}")
    return out + counts(search) + connections(search)


def counts(search):
    """Kibana's list of dependencies counts documents: one of a minute stands for all of its calls."""
    body = {"size": 0, "query": SUMS, "aggs": {"to": {
        "terms": {"field": "span.destination.service.resource"},
        "aggs": {"calls": {"sum": {"field": "span.destination.service.response_time.count"}}}}}}
    there = search("metrics-apm*", body)["aggregations"]["to"]["buckets"]
    return [f"dependencies: {b['doc_count']} calls to {b['key']} are {b['calls']['value']}" for b in there
            if b["doc_count"] != b["calls"]["value"]]


def connections(search):
    """A line of the service map is a call below which another service's work stands."""
    calls = search("traces-apm*", {"size": 200, "_source": ["span.id", "service.name"], "query": {"bool": {
        "filter": [SPAN, {"term": {"service.name": "gateway"}}, {"term": {"span.type": "external"}}]}}})
    ids = [h["_source"]["span"]["id"] for h in calls["hits"]["hits"]]
    below = search("traces-apm*", {"size": 0, "aggs": {"of": {"terms": {"field": "service.name"}}}, "query": {"bool": {
        "filter": [TRANSACTION, {"terms": {"parent.id": ids}}]}}})
    others = {b["key"] for b in below["aggregations"]["of"]["buckets"]} - {"gateway"}
    return [] if others else ["service map: nothing leads from the gateway to another service"]
