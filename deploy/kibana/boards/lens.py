"""Panels drawn by Kibana's Lens: figures and counts, on which one can click to look closer."""

from boards.saved import Panel, query
from boards.where import EVERYTHING

LAYER = "layer"


def column(label, kind, of, bucketed=False, data="number", **more):
    return {"label": label, "customLabel": True, "dataType": data, "operationType": kind, "isBucketed": bucketed,
            "scale": {"date": "interval", "string": "ordinal"}.get(data, "ratio"), "sourceField": of, **more}


def count(label="documents"):
    return column(label, "count", "___records___", params={"emptyAsNull": False})


def unique(field, label):
    return column(label, "unique_count", field, params={"emptyAsNull": False})


def total(field, label):
    return column(label, "sum", field, params={"emptyAsNull": True})


def highest(field, label):
    return column(label, "max", field)


def mean(field, label):
    return column(label, "average", field)


def percentile(field, of, label):
    return column(label, "percentile", field, params={"percentile": of})


class Lens(Panel):
    def __init__(self, title, description, view, where, kind, columns, shown):
        super().__init__(title, description)
        self.view, self.where, self.kind, self.columns, self.shown = view, where, kind, columns, shown

    def parts(self):
        layer = {"columnOrder": list(self.columns), "columns": self.columns, "incompleteColumns": {}, "sampling": 1}
        name = f"indexpattern-datasource-layer-{LAYER}"
        attributes = {"title": self.title, "description": self.description, "type": "lens",
                      "visualizationType": self.kind,
                      "references": [{"type": "index-pattern", "id": self.view.id, "name": name}],
                      "state": {"visualization": self.shown, "query": query(self.where.kql), "filters": [],
                                "datasourceStates": {"formBased": {"layers": {LAYER: layer}}},
                                "internalReferences": [], "adHocDataViews": {}}}
        return "lens", {"attributes": attributes, "enhancements": {}}, [(name, "index-pattern", self.view.id)]


def figure(title, description, view, measure, where=EVERYTHING, colour=None):
    """One number, large."""
    shown = {"layerId": LAYER, "layerType": "data", "metricAccessor": "measure"}
    if colour:
        shown["color"] = colour
    return Lens(title, description, view, where, "lnsMetric", {"measure": measure}, shown)


def bars(title, description, view, measure, where=EVERYTHING, split=None, size=8, kind="bar_stacked"):
    """Columns over time, stacked by the `size` most frequent values of `split`."""
    columns = {}
    if split:
        order = {"type": "column", "columnId": "measure"}
        params = {"size": size, "orderBy": order, "orderDirection": "desc", "otherBucket": True,
                  "missingBucket": False, "parentFormat": {"id": "terms"}}
        columns["split"] = column(split, "terms", split, True, "string", params=params)
    columns["time"] = column("time", "date_histogram", "@timestamp", True, "date",
                             params={"interval": "auto", "includeEmptyRows": True, "dropPartials": False})
    columns["measure"] = measure
    layer = {"layerId": LAYER, "layerType": "data", "seriesType": kind, "xAccessor": "time",
             "accessors": ["measure"]}
    if split:
        layer["splitAccessor"] = "split"
    shown = {"legend": {"isVisible": bool(split), "position": "right", "legendSize": "auto"},
             "valueLabels": "hide", "fittingFunction": "None", "preferredSeriesType": kind,
             "axisTitlesVisibilitySettings": {"x": False, "yLeft": True, "yRight": True},
             "tickLabelsVisibilitySettings": {"x": True, "yLeft": True, "yRight": True},
             "gridlinesVisibilitySettings": {"x": False, "yLeft": True, "yRight": True}, "layers": [layer]}
    return Lens(title, description, view, where, "lnsXY", columns, shown)
