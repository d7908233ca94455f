"""Holds deploy/kibana/oficio.ndjson against the forms that Kibana 8.19 takes: it refuses a dashboard with an
attribute that it does not know, shows nothing where a reference leads nowhere, and puts panels that overlap
elsewhere."""

import json
import pathlib
import re
import subprocess
import sys

import objects as kibana

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "kibana"
VERSIONS = {"index-pattern": "8.0.0", "search": "8.0.0", "dashboard": "8.9.0"}
KEYS = {"type", "id", "attributes", "references", "coreMigrationVersion", "typeMigrationVersion", "managed"}
ATTRIBUTES = {
    "index-pattern": {"title", "name", "timeFieldName", "allowNoIndex", "fieldFormatMap", "fieldAttrs",
                      "runtimeFieldMap", "sourceFilters"},
    "search": {"title", "description", "columns", "sort", "grid", "hideChart", "isTextBasedQuery",
               "kibanaSavedObjectMeta"},
    "dashboard": {"title", "description", "timeRestore", "timeFrom", "timeTo", "refreshInterval", "controlGroupInput",
                  "optionsJSON", "panelsJSON", "kibanaSavedObjectMeta", "version"}}
PANEL = {"type", "panelIndex", "gridData", "embeddableConfig", "title", "panelRefName"}
KINDS = {"vega", "markdown", "lens", "search"}
LENS = {"lnsXY", "lnsMetric"}
faults = []


def check(condition, fault):
    if not condition:
        faults.append(fault)


def check_texts(where, value):
    """Whatever is called …JSON, or is known to be JSON, is."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str) and (name.endswith("JSON") or name.endswith("Map") or name in
                                           ("fieldAttrs", "sourceFilters", "spec")):
                try:
                    check_texts(f"{where}.{name}", json.loads(inner))
                except ValueError as e:
                    check(False, f"{where}.{name} is no JSON: {e}")
            else:
                check_texts(f"{where}.{name}", inner)
    elif isinstance(value, list):
        for inner in value:
            check_texts(where, inner)


def check_object(o, all_objects):
    name = f"{o['type']} {o['id']}"
    check(set(o) == KEYS, f"{name}: its members are {sorted(o)}")
    check(o["coreMigrationVersion"] == "8.8.0" and o["typeMigrationVersion"] == VERSIONS[o["type"]],
          f"{name}: without its versions Kibana would migrate it from 7.x")
    check(re.fullmatch(r"oficio-[a-z-]+", o["id"]), f"{name}: its id is not readable")
    strangers = set(o["attributes"]) - ATTRIBUTES[o["type"]]
    check(not strangers, f"{name}: Kibana does not know {strangers}")
    check(o["attributes"].get("title"), f"{name}: no title")
    for r in o["references"]:
        check(set(r) == {"name", "type", "id"}, f"{name}: a reference is {r}")
        check((r["type"], r["id"]) in all_objects, f"{name}: nothing is {r['type']} {r['id']}")
    names = [r["name"] for r in o["references"]]
    check(len(names) == len(set(names)), f"{name}: two references have one name")
    check_texts(name, o["attributes"])


def cells(grid):
    return {(x, y) for x in range(grid["x"], grid["x"] + grid["w"]) for y in range(grid["y"], grid["y"] + grid["h"])}


def check_grid(name, panels):
    taken = {}
    for p in panels:
        grid = p["gridData"]
        check(set(grid) == {"x", "y", "w", "h", "i"} and grid["i"] == p["panelIndex"], f"{name}: {grid} is no place")
        check(grid["x"] >= 0 and grid["x"] + grid["w"] <= 48 and grid["w"] > 0 and grid["h"] > 0,
              f"{name}: {p.get('title')} stands beside the grid")
        for cell in cells(grid):
            check(cell not in taken, f"{name}: {p.get('title')} and {taken.get(cell)} overlap")
            taken[cell] = p.get("title")
    height = max(y for _, y in taken) + 1
    check(len(taken) == 48 * height, f"{name}: there are holes between its panels")


def check_lens(name, panel, dashboard):
    attributes = panel["embeddableConfig"]["attributes"]
    check(attributes["visualizationType"] in LENS, f"{name}: {attributes['visualizationType']}")
    for layer, held in attributes["state"]["datasourceStates"]["formBased"]["layers"].items():
        own = [r for r in attributes["references"] if r["name"] == f"indexpattern-datasource-layer-{layer}"]
        check(len(own) == 1, f"{name}: its layer has no data view")
        shared = kibana.reference(dashboard, f"{panel['panelIndex']}:indexpattern-datasource-layer-{layer}",
                                  "index-pattern")
        check(own and own[0]["id"] == shared, f"{name}: panel and dashboard name different data views")
        check(set(held["columnOrder"]) == set(held["columns"]), f"{name}: columnOrder and columns differ")
        buckets = [c["isBucketed"] for c in (held["columns"][c] for c in held["columnOrder"])]
        check(buckets == sorted(buckets, reverse=True), f"{name}: buckets come before measures")
        shown = attributes["state"]["visualization"]
        named = [shown.get("metricAccessor")] if "metricAccessor" in shown else [
            c for one in shown["layers"] for c in [one["xAccessor"], one.get("splitAccessor"), *one["accessors"]] if c]
        check(set(named) == set(held["columns"]), f"{name}: it shows {named} of {list(held['columns'])}")


def check_vega(name, panel):
    spec = kibana.vega_spec(panel)
    check(spec["$schema"] == "https://vega.github.io/schema/vega-lite/v5.json", f"{name}: {spec['$schema']}")
    check("width" not in spec and "height" not in spec and "autosize" not in spec, f"{name}: Kibana gives the size")
    url = spec["data"]["url"]
    check(set(url) == {"%context%", "%timefield%", "index", "body"}, f"{name}: its request has {sorted(url)}")
    check("query" not in url["body"], f"{name}: Kibana refuses a query beside %context%")
    text = json.dumps(url["body"])
    check("fixed_interval" not in text and '"calendar_interval"' not in text, f"{name}: only `interval` is replaced")


def check_dashboard(o, objects):
    panels = kibana.panels(o)
    name = o["attributes"]["title"]
    check(o["attributes"]["description"] and o["attributes"]["timeRestore"], f"{name}: no description or time")
    check_grid(name, panels)
    indices = [p["panelIndex"] for p in panels]
    check(len(indices) == len(set(indices)), f"{name}: two panels have one index")
    used = set()
    for p in panels:
        title = p.get("title", "(links)")
        at = f"{name} / {title}"
        kind = kibana.what(p)
        check(kind in KINDS and not set(p) - PANEL, f"{at}: {kind} with {sorted(p)}")
        if kind != "markdown":
            check(p.get("title") and p["embeddableConfig"].get("description"), f"{at}: nobody says what it means")
        if kind == "lens":
            check_lens(at, p, o)
        if kind == "vega":
            check_vega(at, p)
        if kind == "search":
            kibana.reference(o, f"{p['panelIndex']}:{p['panelRefName']}", "search")
        used |= {r["name"] for r in o["references"] if r["name"].startswith(p["panelIndex"] + ":")}
    for control in kibana.controls(o):
        used.add(f"controlGroup_{control}:optionsListDataView")
    check(used == {r["name"] for r in o["references"]}, f"{name}: references that nothing uses, or uses without having")
    titles = [p.get("title") for p in panels if p.get("title")]
    check(len(titles) == len(set(titles)), f"{name}: two panels have one title")
    check_links(o, panels, objects)


def check_links(o, panels, objects):
    notes = [p["embeddableConfig"]["savedVis"]["params"]["markdown"] for p in panels if kibana.what(p) == "markdown"]
    linked = set(re.findall(r"\(#/view/([a-z-]+)\)", "\n".join(notes)))
    others = {d["id"] for d in kibana.of_type(objects, "dashboard")} - {o["id"]}
    check(linked == others, f"{o['id']}: it links to {sorted(linked ^ others)} too much or not")


def check_formats(o, objects):
    """Links that fields become lead to dashboards that are there."""
    for field, how in json.loads(o["attributes"]["fieldFormatMap"]).items():
        target = re.search(r"#/view/([a-z-]+)", how["params"].get("urlTemplate", ""))
        check(not target or ("dashboard", target[1]) in objects, f"{o['id']}: {field} leads to {target and target[1]}")


def main():
    done = subprocess.run([sys.executable, "-B", DEPLOY / "generate.py", "--check"], capture_output=True, text=True,
                          check=False)
    check(done.returncode == 0, done.stderr.strip())
    objects = kibana.read()
    check(len(objects) == len(kibana.FILE.read_text(encoding="utf-8").splitlines()), "two objects have one id")
    for o in objects.values():
        check_object(o, objects)
    for o in kibana.of_type(objects, "dashboard"):
        try:
            check_dashboard(o, objects)
        except (kibana.Fault, KeyError) as e:
            check(False, f"{o['id']}: {e!r}")
    for o in kibana.of_type(objects, "index-pattern"):
        check_formats(o, objects)
    for fault in faults:
        print("FAILED:", fault)
    print(f"{len(objects)} objects looked at")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
