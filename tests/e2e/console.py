#!/usr/bin/env python3
"""What operators see of a market: what clients did, what browsers told, and what went wrong, by the calls of the console."""

import gzip
import json
import os
import secrets
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from contract import Contract  # noqa: E402
from market import Failure, poll, run, step  # noqa: E402
from people import Person  # noqa: E402

SERVER = os.environ.get("OFICIO_TEST_ELASTICSEARCH") if os.environ.get("OFICIO_TEST_MARKET") else None
INTAKE = "/intake/v2/rum/events"
METADATA = {"metadata": {"service": {"name": "shop", "version": "1", "agent": {"name": "rum-js", "version": "5.17.5"}}}}


def lines(*events):
    return "\n".join(json.dumps(e) for e in (METADATA, *events)).encode()


def tell(client, body, status=202, code=None, **headers):
    headers = {"Content-Type": "application/x-ndjson", **{k.replace("_", "-"): v for k, v in headers.items()}}
    answer = client.ask("POST", INTAKE, body, headers=headers)
    if answer.status != status or (code and answer.code != code):
        raise Failure(f"expected {status} {code or ''}\n{answer.told()}")
    return answer


def browsers(client, trace):
    page = {"url": "http://market.example/gigs/1?token=very-secret"}
    load = {"id": secrets.token_hex(8), "trace_id": trace, "name": "/gigs/{id}", "type": "page-load", "duration": 900.5,
            "span_count": {"started": 0}, "context": {"page": page}, "outcome": "success",
            "marks": {"agent": {"largestContentfulPaint": 640}}, "experience": {"cls": 0.01}}
    fault = {"id": secrets.token_hex(16), "trace_id": trace, "culprit": "draw", "context": {"page": page},
             "exception": {"type": "TypeError", "message": "the map cannot be drawn", "handled": False,
                           "stacktrace": [{"filename": "index.js", "function": "draw", "lineno": 3, "colno": 14}]}}
    body = lines({"transaction": load}, {"error": fault}, {"error": {"log": {"message": "a page's own line", "level": "warn"}}})
    answer = tell(client, gzip.compress(body), Content_Encoding="gzip")
    if answer.raw:
        raise Failure(f"the answer must be empty\n{answer.told()}")
    tell(client, body, Content_Type="text/plain;charset=UTF-8")
    tell(client, b"nonsense", 400, "malformed_events")
    tell(client, gzip.compress(b" " * 5_000_000), 413, "too_large", Content_Encoding="gzip")
    tell(client, lines(*[{}] * 101), 413, "too_many_events")
    tell(client, body, 415, "unsupported_encoding", Content_Encoding="br")
    tell(client, body, 415, "unsupported_media_type", Content_Type="image/png")


class Operator:
    def __init__(self, client, token):
        self.client, self.token = client, token

    def see(self, path, **query):
        path = f"/ops/{path}" + ("?" + urllib.parse.urlencode(query) if query else "")
        return self.client.expect(200, "GET", path, token=self.token).json


def trace_of(operator, trace, services):
    def whole():
        answer = operator.client.ask("GET", f"/ops/traces/{trace}", token=operator.token)
        entries = answer.json_if(200) and answer["entries"]
        missing = set(services) - {e["service"] for e in entries or ()}
        return entries if entries and not missing else None
    entries = poll(f"the trace has {services}", whole, 60, 0.5)
    known = {e["id"] for e in entries if e["id"]}
    inner = [e for e in entries if e["kind"] == "transaction" and e["service"] not in ("gateway", "web")]
    for entry in inner:
        if entry["parent_id"] not in known:
            raise Failure(f"the parent of {entry} is nowhere")
    if [e["start_us"] for e in entries] != sorted(e["start_us"] for e in entries):
        raise Failure("the entries are not in order")
    return entries


def figures(operator):
    overview = operator.see("overview")
    routes = {r["route"]: r for r in operator.see("overview", service="gateway")["routes"]}
    search = routes.get("GET /api/v1/gigs/search")
    if not search or search["requests"] < 5 or not search["latency"]["p95_ms"]:
        raise Failure(f"the searches are not counted: {routes}")
    services = {s["service"]: s for s in overview["services"]}
    if not {"gateway", "gigs", "auth"} <= set(services):
        raise Failure(f"services are missing: {sorted(services)}")
    if sum(m["requests"] for m in overview["series"]) < sum(s["requests"] for s in overview["services"]):
        raise Failure("the steps have less than the services")
    themap = operator.see("services")
    health = {s["service"]: s["health"] for s in themap["services"]}
    if set(health.values()) - {"unknown"} != {"ok"} or health["orders"] != "ok":
        raise Failure(f"all must be well: {health}")
    edges = {(d["from"], d["to"]) for d in themap["dependencies"]}
    if ("gateway", "gigs") not in edges or not any(f == "auth" and "/" in t for f, t in edges):
        raise Failure(f"dependencies are missing: {edges}")


def requests(operator, trace):
    slow = operator.see("requests", service="gateway", route="GET /api/v1/gigs/search", order="slowest")["items"]
    took = [r["duration_ms"] for r in slow]
    if len(slow) < 5 or took != sorted(took, reverse=True) or not any(r["trace_id"] == trace for r in slow):
        raise Failure(f"the searches, the slowest first: {slow}")
    missing = operator.client.ask("GET", "/gigs/00000000-0000-7000-8000-000000000000")
    of = missing.headers["x-request-id"]
    def whole():
        found = operator.see("requests", request_id=of, to="2026-01-01T00:00:00Z")["items"]
        return found if {r["service"] for r in found} >= {"gateway", "gigs"} else None
    found = poll("a request is found by its id, whatever the time", whole, 60, 0.5)
    if {r["status"] for r in found} != {404} or len({r["trace_id"] for r in found}) != 1:
        raise Failure(f"one request, refused: {found}")
    if operator.see("requests", failed="true", service="gigs")["items"]:
        raise Failure("nothing has failed")
    edge = next(d for d in operator.see("services")["dependencies"] if (d["from"], d["to"]) == ("gateway", "gigs"))
    if edge["errors"]:
        raise Failure(f"who refuses is well: {edge}")


def faults(operator):
    def told():
        browser = operator.see("browser")
        return browser if any("map cannot be drawn" in e["message"] for e in browser["errors"]) and browser["loads"] >= 2 else None
    browser = poll("browsers' faults and loads are there", told, 60, 0.5)
    group = next(e for e in browser["errors"] if "map cannot be drawn" in e["message"])
    if group["count"] != 2 or "at draw (index.js:3:14)" not in group["stack"] or group["page"] != "/gigs/1":
        raise Failure(f"the two faults are one group: {group}")
    vitals = {v["name"]: v["p75"] for v in browser["vitals"]}
    if not 620 < vitals["lcp"] < 660:
        raise Failure(f"LCP is 640: {vitals}")
    if not any(e["key"] == group["key"] for e in operator.see("errors")["items"]):
        raise Failure("it is no group of the errors")


def logs(operator, trace):
    found = poll("a page's line is there", lambda: operator.see("logs", service="web", text="OWN page")["items"], 60, 0.5)
    if found[0]["level"] != "warn" or found[0]["fields"]["service"]["name"] != "web":
        raise Failure(f"a line is not whole: {found[0]}")
    if operator.see("logs", service="web", level="error")["items"]:
        raise Failure("a warning is no error")
    mine = operator.see("logs", trace_id=trace)["items"]
    if not mine or any(line["trace_id"] != trace for line in mine):
        raise Failure(f"lines of another trace: {mine}")
    first = operator.see("logs", limit=3)
    second = operator.see("logs", limit=3, cursor=first["next_cursor"])
    if first["items"][-1]["at"] < second["items"][0]["at"]:
        raise Failure("the second page goes back in time")
    operator.client.expect(400, "GET", "/ops/logs?service=auth&cursor=" + first["next_cursor"], token=operator.token,
                           code="bad_cursor")
    everything = json.dumps([operator.see("logs", service="web"), operator.see("browser"), operator.see("errors")])
    if "very-secret" in everything:
        raise Failure("a query was kept")


def see(market, _):
    client = market.client
    market.start()
    step("only operators see it")
    ana, olga = Person(client, "ana"), Person(client, "olga")
    for path in ("overview", "requests", "logs", "errors", "services", "browser", "events", "traces/" + "a" * 32):
        client.expect(401, "GET", f"/ops/{path}")
        ana.expect(403, "GET", f"/ops/{path}", code="operators_only")
    market.command_line("operator", "grant", "olga")
    poll("the sessions of before end", lambda: olga.ask("GET", "/auth/me").code == "session_ended")
    operator = Operator(client, olga.sign_in()["access_token"])
    step("browsers tell of themselves, within bounds")
    trace = secrets.token_hex(16)
    for _ in range(5):
        client.expect(200, "GET", "/gigs/search?q=logo", headers={"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"})
    browsers(client, trace)
    step("a trace goes from the browser to the last service")
    trace_of(operator, trace, ("web", "gateway", "gigs"))
    client.expect(404, "GET", "/ops/traces/" + "b" * 32, token=operator.token)
    step("errors and vitals of browsers")
    faults(operator)
    step("logs, by what they say and page by page")
    logs(operator, trace)
    step("figures, and the map of services")
    figures(operator)
    step("requests one by one")
    requests(operator, trace)
    step("also after the market's clock was moved")
    after_a_jump(client, olga)
    operator = Operator(client, olga.sign_in()["access_token"])
    for wrong in ("overview?from=yesterday", "logs?level=loud", "requests?order=best", "errors?limit=0", "services?from=2026-01-01T00:00:00Z&to=2025-01-01T00:00:00Z"):
        client.expect(422, "GET", f"/ops/{wrong}", token=operator.token, code="validation_failed")


def after_a_jump(client, olga):
    """The market's clock is moved for tests; what is recorded, and where it is looked for, has the machine's time."""
    client.expect(200, "POST", "/dev/clock", {"advance": "73h"})
    operator = Operator(client, olga.sign_in()["access_token"])
    before = operator.see("browser")["loads"]
    browsers(client, secrets.token_hex(16))
    poll("page loads are there as before", lambda: operator.see("browser")["loads"] >= before + 2, 60, 0.5)
    answer = client.expect(200, "GET", "/categories")
    poll("a request is found by its id", lambda: operator.see("requests", request_id=answer.headers["X-Request-Id"])["items"], 60, 0.5)
    if not before or not operator.see("requests")["items"] or not operator.see("logs")["items"]:
        raise Failure("nothing is seen any more")


if __name__ == "__main__":
    # At this level each request is a line.
    run(see, ["log.level=debug"] + ([f"telemetry={SERVER}"] if SERVER else []), Contract())
