"""What a market has recorded of itself, wherever it keeps it: the file of one process, or Elasticsearch."""

import json
import os
import sqlite3
import urllib.parse
import urllib.request

from market import Failure

SERVER = os.environ.get("OFICIO_TEST_ELASTICSEARCH") if os.environ.get("OFICIO_TEST_MARKET") else None
SETTINGS = [f"telemetry={SERVER}"] if SERVER else []

# (service, kind, beginning of its name) of all that paying an order leads to.
PAYING = (
    ("gateway", "transaction", "POST /api/v1/orders/{id}/pay"),
    ("gateway", "span", "POST orders"),
    ("orders", "transaction", "POST /orders/{id}/pay"),
    ("orders", "span", "replace "),
    ("orders", "span", "charge"),
    ("orders", "span", "publish orders.order.paid"),
    ("users", "transaction", "orders.order.paid"),
    ("users", "span", "insert "),
    ("users", "span", "publish users.notice.created"),
    ("notifications", "transaction", "users.notice.created"),
    ("notifications", "span", "mail"),
)


class File:
    """The file of a market in one process."""

    def __init__(self, market):
        self.path = os.path.join(market.data, "telemetry.db")

    def documents(self, column, value):
        """All in which this field is so; of anything but trace.id, in which the value is anywhere."""
        where = "trace_id = ?1" if column == "trace.id" else "instr(document, ?1) > 0"
        try:
            with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as store:
                rows = store.execute(f"SELECT document FROM records WHERE {where} AND kind <> 'metric'", (value,))
                return [json.loads(document) for document, in rows]
        except sqlite3.OperationalError as e:
            raise Failure(f"{self.path}: {e}") from None


class Server:
    """Elasticsearch, where a fleet sends everything."""

    streams = "traces-apm*-dev,logs-*-dev"

    def __init__(self, _):
        self.address = SERVER.rstrip("/")

    def documents(self, column, value):
        query = urllib.parse.quote(f'{column}:"{value}"')
        self.get(f"/{self.streams}/_refresh?allow_no_indices=true&ignore_unavailable=true")
        found = self.get(f"/{self.streams}/_search?size=1000&ignore_unavailable=true&q={query}")
        return [hit["_source"] for hit in found["hits"]["hits"]]

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=20) as answer:
            return json.load(answer)


def recorded_by(market):
    return Server(market) if SERVER else File(market)


def hop_of(document):
    """(service, kind, name or message)"""
    kind = document.get("processor", {}).get("event", "log")
    named = document.get(kind, {}) if kind in ("transaction", "span") else {}
    return document["service"]["name"], kind, named.get("name", document.get("message", ""))


def missing_hops(documents, hops):
    """Those of (service, kind, beginning of its name) that are not there."""
    there = [hop_of(d) for d in documents]
    return [hop for hop in hops if not any(s == hop[0] and k == hop[1] and n.startswith(hop[2]) for s, k, n in there)]


def is_timed(document):
    return hop_of(document)[1] in ("transaction", "span")


def own_id(document):
    """Of a transaction or span; the browser's name theirs by their kind alone."""
    kind = hop_of(document)[1]
    return document.get("span", {}).get("id") or document[kind]["id"]


def parent_id(document):
    return document.get("parent", {}).get("id")


def check_tree(documents, root_service):
    """All transactions and spans must hang together below one of this service; gives it."""
    timed = {own_id(d): d for d in documents if is_timed(d)}
    roots = [d for d in timed.values() if parent_id(d) is None]
    if [hop_of(d)[0] for d in roots] != [root_service]:
        raise Failure(f"there must be one root, of {root_service}: {[hop_of(d) for d in roots]}")
    for document in timed.values():
        above, steps = document, 0
        while parent_id(above) is not None:
            below, above = above, timed.get(parent_id(above))
            if above is None:
                raise Failure(f"the parent of {hop_of(below)} is nowhere: {parent_id(below)}")
            steps += 1
            if steps > len(timed):
                raise Failure(f"{hop_of(document)} is above itself")
    return roots[0]
