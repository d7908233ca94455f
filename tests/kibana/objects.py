"""Reads deploy/kibana/oficio.ndjson as Kibana does: objects of known forms, texts in them that are JSON again."""

import json
import pathlib

FILE = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "kibana" / "oficio.ndjson"


class Fault(Exception):
    """What is wrong with the file, told to a person."""


def read(file=FILE):
    objects = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return {(o["type"], o["id"]): o for o in objects}


def of_type(objects, kind):
    return [o for (of, _), o in objects.items() if of == kind]


def panels(dashboard):
    return json.loads(dashboard["attributes"]["panelsJSON"])


def controls(dashboard):
    group = dashboard["attributes"].get("controlGroupInput")
    return json.loads(group["panelsJSON"]) if group else {}


def reference(of, name, kind):
    """The id that `of`'s reference of this name and type leads to."""
    found = [r["id"] for r in of["references"] if r["name"] == name and r["type"] == kind]
    if len(found) != 1:
        raise Fault(f"{of['id']}: {len(found)} references of the name {name} to a {kind}")
    return found[0]


def view_of(objects, of, name):
    """The indices of the data view to which the reference leads."""
    target = ("index-pattern", reference(of, name, "index-pattern"))
    if target not in objects:
        raise Fault(f"{of['id']}: no data view {target[1]}")
    return objects[target]["attributes"]["title"]


def what(panel):
    """'vega', 'markdown', 'lens' or 'search'."""
    return panel["embeddableConfig"]["savedVis"]["type"] if panel["type"] == "visualization" else panel["type"]


def vega_spec(panel):
    return json.loads(panel["embeddableConfig"]["savedVis"]["params"]["spec"])


def source_of(search):
    return json.loads(search["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
