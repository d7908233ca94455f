"""The forms in which Kibana keeps its objects. The versions are those whose forms these are: without them
Kibana would run every migration since 7.x over an object."""

import json

CORE = "8.8.0"
VERSIONS = {"index-pattern": "8.0.0", "search": "8.0.0", "dashboard": "8.9.0"}
COLUMNS = 48  # of a dashboard's grid


def text(value):
    """Kibana keeps many parts as text of their own."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def saved(kind, name, attributes, references=()):
    return {"type": kind, "id": name, "attributes": attributes, "references": list(references),
            "coreMigrationVersion": CORE, "typeMigrationVersion": VERSIONS[kind], "managed": False}


def query(kql=""):
    return {"query": kql, "language": "kuery"}


class View:
    """A data view: the data streams of one kind of document."""

    def __init__(self, name, indices, title, formats=None, labels=None):
        self.id, self.indices, self.title = name, indices, title
        self.formats, self.labels = formats or {}, labels or {}

    def object(self):
        attributes = {"title": self.indices, "name": self.title, "timeFieldName": "@timestamp",
                      "allowNoIndex": True, "fieldFormatMap": text(self.formats),
                      "fieldAttrs": text({f: {"customLabel": label} for f, label in self.labels.items()}),
                      "runtimeFieldMap": "{}", "sourceFilters": "[]"}
        return saved("index-pattern", self.id, attributes)


class Search:
    """A table of documents, the latest first."""

    def __init__(self, name, title, view, columns, where, description, height=None):
        self.id, self.title, self.view, self.columns = name, title, view, columns
        self.where, self.description, self.height = where, description, height

    def object(self):
        index = "kibanaSavedObjectMeta.searchSourceJSON.index"
        source = {"query": query(self.where.kql), "filter": [], "indexRefName": index}
        attributes = {"title": self.title, "description": self.description, "columns": self.columns,
                      "sort": [["@timestamp", "desc"]], "grid": {}, "hideChart": True, "isTextBasedQuery": False,
                      "kibanaSavedObjectMeta": {"searchSourceJSON": text(source)}}
        return saved("search", self.id, attributes, [{"name": index, "type": "index-pattern", "id": self.view.id}])


class Panel:
    """What one kind of panel adds to the common form: (type, embeddableConfig, references)."""

    def __init__(self, title, description=""):
        self.title, self.description = title, description

    def parts(self):
        raise NotImplementedError


class Note(Panel):
    """Text with links."""

    def __init__(self, markdown, title=""):
        super().__init__(title)
        self.markdown = markdown

    def parts(self):
        shown = {"title": self.title, "description": "", "type": "markdown", "uiState": {},
                 "params": {"fontSize": 12, "openLinksInNewTab": False, "markdown": self.markdown},
                 "data": {"aggs": [], "searchSource": {"query": query(), "filter": []}}}
        return "visualization", {"savedVis": shown, "hidePanelTitles": not self.title, "enhancements": {}}, []


class Table(Panel):
    """A saved search, by reference."""

    def __init__(self, search, title=None):
        super().__init__(title or search.title, search.description)
        self.search = search

    def parts(self):
        return "search", {"enhancements": {}}, [("panel", "search", self.search.id)]


class Dashboard:
    def __init__(self, name, title, description, since="now-1h", refresh=60, controls=()):
        """`since`: what it shows when it is opened. `refresh`: seconds. `controls`: (view, field, label)."""
        self.id, self.title, self.description = name, title, description
        self.since, self.refresh, self.controls = since, refresh, controls
        self.panels, self.references, self.y = [], [], 0

    def row(self, height, *panels, widths=None):
        """Panels side by side, as wide as `widths` says or all the same, under those that are there."""
        if widths is None:  # what does not divide goes to the first ones
            width, more = divmod(COLUMNS, len(panels))
            widths = [width + (i < more) for i in range(len(panels))]
        x = 0
        for panel, width in zip(panels, widths, strict=True):
            self.place(panel, {"x": x, "y": self.y, "w": width, "h": height})
            x += width
        self.y += height
        return self

    def place(self, panel, grid):
        index = f"{len(self.panels) + 1:02d}"
        kind, config, references = panel.parts()
        placed = {"type": kind, "panelIndex": index, "gridData": {**grid, "i": index}, "embeddableConfig": config}
        if panel.title:
            placed["title"] = panel.title
        if panel.description:
            config["description"] = panel.description
        for name, of, target in references:
            if name == "panel":  # the panel is somebody else's object
                name = placed["panelRefName"] = f"panel_{index}"
            self.references.append({"name": f"{index}:{name}", "type": of, "id": target})
        self.panels.append(placed)

    def control_group(self):
        panels = {}
        for order, (view, field, label) in enumerate(self.controls):
            name = f"{self.id}-control-{order}"
            panels[name] = {"order": order, "width": "medium", "grow": True, "type": "optionsListControl",
                            "explicitInput": {"id": name, "fieldName": field, "title": label, "enhancements": {},
                                              "selectedOptions": []}}
            self.references.append({"name": f"controlGroup_{name}:optionsListDataView", "type": "index-pattern",
                                    "id": view.id})
        ignore = {"ignoreFilters": False, "ignoreQuery": False, "ignoreTimerange": False, "ignoreValidations": False}
        return {"chainingSystem": "HIERARCHICAL", "controlStyle": "oneLine", "ignoreParentSettingsJSON": text(ignore),
                "panelsJSON": text(panels)}

    def object(self):
        options = {"useMargins": True, "syncColors": False, "syncCursor": True, "syncTooltips": False,
                   "hidePanelTitles": False}
        attributes = {"title": self.title, "description": self.description, "timeRestore": True,
                      "timeFrom": self.since, "timeTo": "now",
                      "refreshInterval": {"pause": self.refresh == 0, "value": self.refresh * 1000},
                      "optionsJSON": text(options), "panelsJSON": text(self.panels),
                      "kibanaSavedObjectMeta": {"searchSourceJSON": text({"query": query(), "filter": []})},
                      "version": 1}
        references = list(self.references)
        if self.controls:
            attributes["controlGroupInput"] = self.control_group()
            references = self.references
        return saved("dashboard", self.id, attributes, references)
