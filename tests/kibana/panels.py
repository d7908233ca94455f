#!/usr/bin/env python3
"""Every panel of deploy/kibana shows something of a market at work: a market of one process a service writes its
telemetry to a real server, people do all sorts of things in it (story.py), and what Kibana would ask for then finds
documents, which are drawn. Every field that a panel names is in a document that the program wrote, and every document
has what Kibana's own pages need (views.py).

Under tests/infra/with.py elasticsearch rabbitmq -- panels.py PATH-TO-OFICIO NODE PACKAGES"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "harness"), str(HERE.parent / "deploy")]

import objects as kibana  # noqa: E402
import requests_of  # noqa: E402
import story  # noqa: E402
import views  # noqa: E402
from alerts import all_figures  # noqa: E402
from market import Failure, poll, run, step  # noqa: E402

SERVER = os.environ.get("OFICIO_TEST_ELASTICSEARCH", "")
# Nothing waits for a thread or a session in a market with little to do: that these panels find nothing is
# right. Their figures must be among those that processes tell.
IDLE = {"oficio.pool_queue_depth", "oficio.sql_sessions_used", "oficio.http_requests_in_flight",
        "oficio.events_outbox_waiting", "oficio.events_outbox_oldest_seconds", "oficio.events_queue_waiting"}


def ask(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(SERVER + path, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as e:
        raise Failure(f"{method} {path}: {e.code} {e.read().decode()[:1500]}") from None


def search(index, body):
    return ask("POST", f"/{index}/_search?ignore_unavailable=true&allow_no_indices=true", body)


def answers_of(objects, began):
    """(request, what the server answered or why it did not)."""
    now = int(time.time() * 1000)
    for one in requests_of.all_requests(objects, began, now):
        try:
            yield one, search(one.index, one.body), None
        except Failure as e:
            yield one, None, e


def check_panels(objects, began, folder):
    faults = []
    for one, answer, why in answers_of(objects, began):
        if why:
            faults.append(f"{one.name} \"{one.title}\": {why}")
        elif one.found(answer):
            if one.kind == "vega":
                (folder / f"{one.name}.json").write_text(json.dumps(answer))
        elif not one.fields & IDLE:
            faults.append(f"{one.name} \"{one.title}\" ({one.kind}) shows nothing: {json.dumps(one.body)[:1200]}")
    return faults


def all_fields(objects):
    """{(indices, field): who names it}."""
    out = {}
    for one in requests_of.all_requests(objects, 0, 1):
        for field in one.fields:
            out.setdefault((one.index, field), f"{one.name} \"{one.title}\"")
    for board, view, field in requests_of.all_controls(objects):
        out.setdefault((view, field), f"{board}'s controls")
    return out


def is_there(index, field):
    if field == "@timestamp":
        return True
    return search(index, {"size": 0, "track_total_hits": 1,
                          "query": {"exists": {"field": field}}})["hits"]["total"]["value"]


def check_fields(objects, figures):
    told = {f"oficio.{name.removeprefix('oficio_')}" for name in figures}
    faults = []
    for (index, field), who in sorted(all_fields(objects).items()):
        if not is_there(index, field) and not (field in IDLE and field in told):
            faults.append(f"no document of {index} has {field}, which {who} names")
    return faults


def settle(began):
    """Until figures of after the story are there, which come every ten seconds; what it did came before them."""
    def arrived():
        ask("POST", "/_refresh")
        late = {"range": {"@timestamp": {"gte": began, "format": "epoch_millis"}}}
        return search("metrics-apm.app.gateway-*", {"size": 0, "query": late})["hits"]["total"]["value"]
    poll("figures arrive", arrived, 60, 1)


def until_none(what, wrong, limit):
    """Waits until wrong() finds no faults any more; else tells those that it still finds."""
    try:
        poll(what, lambda: not wrong(), limit, 3)
    except Failure:
        faults = wrong()
        if faults:
            raise Failure(f"{len(faults)} faults\n" + "\n".join(faults)) from None


def check_views():
    """Kibana's own pages find what they need, too; sums of calls come when their minute is over."""
    def wrong():
        ask("POST", "/_refresh")
        return views.faults(search)
    until_none("Kibana's own pages have what they need", wrong, 90)
    step(f"{len(views.NEEDED)} kinds of Kibana's own pages have what they need")


def draw(folder, node, packages):
    done = subprocess.run([node, HERE / "vega" / "render.mjs", kibana.FILE, packages, folder], capture_output=True,
                          text=True, timeout=120, check=False)
    if done.returncode:
        raise Failure(f"what the server answered cannot be drawn:\n{done.stdout}{done.stderr}")
    step(f"drawn from what the server answered: {done.stdout.strip()}")


def set_up(market):
    step(market.command_line("setup", "elasticsearch").strip())


def test(market, arguments):
    node, packages = arguments
    objects = kibana.read()
    began = int(time.time() * 1000) - 60_000
    set_up(market)
    market.start()
    step("people use the market")
    story.tell(market)
    settle(int(time.time() * 1000))
    with tempfile.TemporaryDirectory(prefix="oficio-test-") as name:
        folder = pathlib.Path(name)

        def wrong():
            ask("POST", "/_refresh")
            return check_panels(objects, began, folder) + check_fields(objects, all_figures(market))
        until_none("every panel shows something", wrong, 45)
        step(f"{len(list(requests_of.all_requests(objects, 0, 1)))} panels show something, "
             f"{len(all_fields(objects))} fields are there")
        draw(folder, node, packages)
    check_views()


if __name__ == "__main__":
    os.environ["OFICIO_TEST_MARKET"] = "servers"
    run(test, [f"telemetry={SERVER}", "log.level=info", "rate.per_address=1000", "rate.search=60"])
