"""What Kibana asks Elasticsearch for, for each panel of a dashboard, and which fields that needs."""

import copy

import kql
import objects as kibana

STEP = {"field": "@timestamp", "fixed_interval": "1m"}
MEASURES = {"sum": "sum", "max": "max", "average": "avg", "unique_count": "cardinality"}


class Request:
    def __init__(self, name, title, kind, index, body, fields):
        """`name`: of dashboard and panel. `fields`: what the documents must have for it."""
        self.name, self.title, self.kind, self.index, self.body, self.fields = name, title, kind, index, body, fields

    def found(self, answer):
        """Whether there is something to show."""
        if self.kind == "search" or self.body.get("size"):
            return bool(answer["hits"]["hits"])
        return has_data(answer.get("aggregations", {}))  # without any index there are none


def has_data(part):
    """A bucket or a figure below the condition that is not empty."""
    if isinstance(part, list):
        return any(has_data(inner) for inner in part)
    if not isinstance(part, dict):
        return False
    if "buckets" in part:
        return any(b["doc_count"] > 0 and has_values(b) for b in part["buckets"])
    return any(has_data(inner) for inner in part.values())


def has_values(bucket):
    """Everything that was asked of a bucket has an answer; of those over time one at least."""
    for inner in bucket.values():
        if isinstance(inner, dict):
            if "buckets" in inner and not has_data(inner):
                return False
            if "value" in inner and inner["value"] is None:
                return False
            if "values" in inner and all(v is None for v in inner["values"].values()):
                return False
    return True


def fields_of_query(query):
    """Fields that a condition names. What it excludes may be absent."""
    if isinstance(query, list):
        return set().union(*map(fields_of_query, query), set())
    if not isinstance(query, dict):
        return set()
    out = set()
    for name, inner in query.items():
        if name in ("term", "terms", "range", "prefix"):
            out |= set(inner)
        elif name == "exists":
            out.add(inner["field"])
        elif name != "must_not":
            out |= fields_of_query(inner)
    return out


def fields_of_aggs(aggs):
    out = set()
    for what in aggs.values():
        for kind, how in what.items():
            if kind == "aggs":
                out |= fields_of_aggs(how)
            elif kind == "filter":
                out |= fields_of_query(how)
            else:
                out.add(how["field"])
    return out


def in_time(since, until):
    return {"range": {"@timestamp": {"gte": since, "lte": until, "format": "epoch_millis"}}}


def of_vega(name, panel, since, until):
    """As Kibana fills in the dashboard's time and filters."""
    url = kibana.vega_spec(panel)["data"]["url"]
    body = copy.deepcopy(url["body"])
    fields = fields_of_aggs(body.get("aggs", {})) | set(body.get("fields", ()))
    fill_in(body.get("aggs", {}), since, until)
    body["query"] = {"bool": {"must": [in_time(since, until)], "filter": [], "must_not": []}}
    return Request(name, panel["title"], "vega", url["index"], body, fields)


def fill_in(part, since, until):
    for what in part.values():
        histogram = what.get("date_histogram")
        if histogram:
            del histogram["interval"]
            histogram["fixed_interval"] = STEP["fixed_interval"]
            histogram["extended_bounds"] = {"min": since, "max": until}
        fill_in(what.get("aggs", {}), since, until)


def measure_of(column):
    kind = column["operationType"]
    if kind == "count":
        return {}
    if kind == "percentile":
        return {"measure": {"percentiles": {"field": column["sourceField"],
                                            "percents": [column["params"]["percentile"]]}}}
    return {"measure": {MEASURES[kind]: {"field": column["sourceField"]}}}


def of_lens(name, panel, objects, dashboard, since, until):
    attributes = panel["embeddableConfig"]["attributes"]
    (layer, held), = attributes["state"]["datasourceStates"]["formBased"]["layers"].items()
    index = kibana.view_of(objects, dashboard, f"{panel['panelIndex']}:indexpattern-datasource-layer-{layer}")
    columns = [held["columns"][c] for c in held["columnOrder"]]
    aggs = measure_of(next(c for c in columns if not c["isBucketed"]))
    for column in reversed([c for c in columns if c["isBucketed"]]):
        if column["operationType"] == "date_histogram":
            aggs = {"time": {"date_histogram": STEP, **({"aggs": aggs} if aggs else {})}}
        else:
            terms = {"field": column["sourceField"], "size": column["params"]["size"]}
            aggs = {"split": {"terms": terms, **({"aggs": aggs} if aggs else {})}}
    where = kql.query(attributes["state"]["query"]["query"])
    kept = {"filters": {"filters": [where]}, **({"aggs": aggs} if aggs else {})}  # one bucket
    body = {"size": 0, "query": in_time(since, until), "aggs": {"kept": kept}}
    fields = fields_of_aggs(aggs) | fields_of_query(where)
    return Request(name, panel["title"], "lens", index, body, fields)


def of_search(name, panel, objects, dashboard, since, until):
    search = objects["search", kibana.reference(dashboard, f"{panel['panelIndex']}:{panel['panelRefName']}", "search")]
    index = kibana.view_of(objects, search, kibana.source_of(search)["indexRefName"])
    where = kql.query(kibana.source_of(search)["query"]["query"])
    body = {"size": 10, "query": {"bool": {"filter": [in_time(since, until), where]}},
            "sort": [{field: order} for field, order in search["attributes"]["sort"]]}
    return Request(name, panel["title"], "search", index, body,
                   fields_of_query(where) | set(search["attributes"]["columns"]))


def all_requests(objects, since, until):
    """`since` and `until`: milliseconds since 1970."""
    for dashboard in kibana.of_type(objects, "dashboard"):
        for panel in kibana.panels(dashboard):
            name = f"{dashboard['id']}-{panel['panelIndex']}"
            kind = kibana.what(panel)
            if kind == "vega":
                yield of_vega(name, panel, since, until)
            elif kind == "lens":
                yield of_lens(name, panel, objects, dashboard, since, until)
            elif kind == "search":
                yield of_search(name, panel, objects, dashboard, since, until)


def all_controls(objects):
    """(dashboard, indices, field) of what dashboards can be filtered by."""
    for dashboard in kibana.of_type(objects, "dashboard"):
        for name, control in kibana.controls(dashboard).items():
            view = kibana.view_of(objects, dashboard, f"controlGroup_{name}:optionsListDataView")
            yield dashboard["id"], view, control["explicitInput"]["fieldName"]
