#!/usr/bin/env python3
"""Holds deploy/prometheus/alerts.yaml against a running market, one process a service: every figure that a rule names
is told by some process, with the labels that the rule asks for, and docs/watching.md says what to do; so is every figure
that docs/ name. Where promtool is installed, it reads the rules as well."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from market import Client, Failure, poll, run, step  # noqa: E402
from people import Person  # noqa: E402
from ports import free_port  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = ROOT / "deploy" / "prometheus" / "alerts.yaml"
OF_PROMETHEUS = {"instance", "job", "le"}
FIGURE = re.compile(r"\b((?:oficio|process)_[a-z_]+|up)\b(?:\{([^}]*)\})?")
CONDITION = re.compile(r'(\w+)(=~|!~|!=|=)"([^"]*)"')


def rules():
    for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]:
        yield from group["rules"]


def told(text):
    """{name: [labels]} of a page of figures."""
    out = {}
    for line in text.splitlines():
        found = re.match(r"(\w+)(?:\{(.*)\})? \S+$", line)
        if found:
            labels = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', found[2] or ""))
            out.setdefault(found[1], []).append(labels)
    return out


def all_figures(market):
    """Of all processes that are there."""
    out = {}
    for (name, instance), port in market.where.items():
        if market.processes[name, instance].poll() is None:
            page = Client(port).expect(200, "GET", "/metrics").raw.decode()
            for figure, series in told(page).items():
                out.setdefault(figure, []).extend(series)
    return out


def faults_of(rule, figures):
    text, name = rule["expr"], rule["alert"]
    used = FIGURE.findall(text)
    if not used:
        yield f"{name}: it looks at no figure"
    known = set(OF_PROMETHEUS)
    for figure, conditions in used:
        if figure == "up":  # Prometheus' own
            continue
        if figure not in figures:
            yield f"{name}: nobody tells {figure}"
            continue
        for labels in figures[figure]:
            known |= set(labels)
        for label, how, value in CONDITION.findall(conditions):
            if label in OF_PROMETHEUS:
                continue
            if not any(label in labels for labels in figures[figure]):
                yield f"{name}: {figure} has no label {label}"
            elif how in ("=", "=~") and not any(re.fullmatch(value, labels.get(label, "")) for labels in figures[figure]):
                yield f"{name}: no {label} of {figure} is {value}"
    by = set(re.findall(r"\w+", " ".join(re.findall(r"\bby \(([^)]*)\)", text))))
    by |= set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
    if by - known:
        yield f"{name}: no figure of it has the labels {sorted(by - known)}"


def check_form(rule, headings):
    name = rule["alert"]
    if rule["labels"].get("severity") not in ("page", "ticket") or "summary" not in rule["annotations"]:
        yield f"{name}: it lacks a severity or a summary"
    if rule["annotations"].get("runbook") not in headings:
        yield f"{name}: docs/watching.md has no section {rule['annotations'].get('runbook')}"


def headings():
    text = (ROOT / "docs" / "watching.md").read_text(encoding="utf-8")
    return {re.sub(r"[^\w -]", "", h).strip().lower().replace(" ", "-") for h in re.findall(r"^#+ (.*)$", text, re.M)}


def unknown_in_docs(figures):
    """What docs/ call a figure, and no process tells. "oficio_x" stands for any; "oficio_realtime_*" for all that begin so."""
    told = set(figures) | {re.sub(r"_(bucket|count|sum)$", "", name) for name in figures}
    for path in sorted((ROOT / "docs").glob("*.md")):
        for name, rest in set(re.findall(r"`(oficio_[a-z_]+)(\*?)", path.read_text(encoding="utf-8"))):
            known = any(t.startswith(name) for t in told) if rest else name in told
            if not known and not name.startswith("oficio_x"):
                yield f"docs/{path.name}: nobody tells {name}{rest}"


def promtool():
    if shutil.which("promtool"):
        done = subprocess.run(["promtool", "check", "rules", RULES], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failure(f"promtool refuses the rules: {done.stdout}{done.stderr}")


def test(market, _):
    promtool()
    step("the market runs, and one of its services stops")
    market.start()
    Person(market.client, "ana")
    for _ in range(80):
        market.client.ask("GET", "/gigs/search?q=owl")
    market.client.expect(404, "GET", "/sellers/nobody/reviews")
    market.kill_one("reviews")
    market.client.expect(503, "GET", "/sellers/nobody/reviews")

    step("every rule looks at what is there")
    faults = [f for rule in rules() for f in check_form(rule, headings())]

    def wrong():
        figures = all_figures(market)
        return [f for rule in rules() for f in faults_of(rule, figures)] + list(unknown_in_docs(figures))
    # Queues are looked at every ten seconds.
    try:
        poll("all figures are told", lambda: not wrong(), 30, 1)
    except Failure:
        faults += wrong()
    if faults:
        raise Failure("\n".join(faults))


if __name__ == "__main__":
    os.environ["OFICIO_TEST_MARKET"] = "servers"
    # Nobody is there to take the telemetry: it waits, and is told to.
    run(test, ["rate.per_address=1000", "rate.search=60", f"telemetry=http://127.0.0.1:{free_port()}"])
