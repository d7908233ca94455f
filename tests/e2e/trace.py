#!/usr/bin/env python3
"""One request to pay for an order, found again with everything that it led to, in every service, by its trace."""

import json
import os
import sqlite3
import sys
import urllib.parse
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from market import Failure, poll, run, step  # noqa: E402
from people import CARD, Person, gig_form, new_key, order_form  # noqa: E402

SERVER = os.environ.get("OFICIO_TEST_ELASTICSEARCH") if os.environ.get("OFICIO_TEST_MARKET") else None

# (service, kind, beginning of its name) of all that must be there.
HOPS = (
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
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True) as store:
            rows = store.execute("SELECT trace_id, document FROM records WHERE kind IN ('transaction', 'span', 'log')")
            return [json.loads(document) for trace, document in rows
                    if (trace == value if column == "trace.id" else value in document)]


class Server:
    """Elasticsearch, where a fleet sends everything."""

    def __init__(self, _):
        self.address = SERVER.rstrip("/")

    def documents(self, column, value):
        streams = "traces-apm-dev,logs-oficio.*-dev"
        query = urllib.parse.quote(f'{column}:"{value}"')
        self.get(f"/{streams}/_refresh?allow_no_indices=true&ignore_unavailable=true")
        found = self.get(f"/{streams}/_search?size=1000&ignore_unavailable=true&q={query}")
        return [hit["_source"] for hit in found["hits"]["hits"]]

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=20) as answer:
            return json.load(answer)


def hop_of(document):
    kind = document.get("processor", {}).get("event", "log")
    name = document.get(kind, {}).get("name", document.get("message")) if kind != "log" else document["message"]
    return document["service"]["name"], kind, name


def missing_hops(documents):
    there = [hop_of(d) for d in documents]
    return [hop for hop in HOPS if not any(s == hop[0] and k == hop[1] and n.startswith(hop[2]) for s, k, n in there)]


def check_parents(documents):
    traced = [d for d in documents if "processor" in d]
    known = {d["span"]["id"] for d in traced}
    for document in traced:
        parent = document.get("parent", {}).get("id")
        if parent is None and hop_of(document)[0] != "gateway":
            raise Failure(f"only the gateway's work has no parent: {document}")
        if parent is not None and parent not in known:
            raise Failure(f"the parent of {hop_of(document)} is nowhere: {parent}")
    roots = [d for d in traced if "id" not in d.get("parent", {})]
    if len(roots) != 1:
        raise Failure(f"there must be one root: {[hop_of(d) for d in roots]}")


def all_of_trace(store, request_id):
    def root():
        found = [d for d in store.documents("http.request.id", request_id) if hop_of(d)[:2] == ("gateway", "transaction")]
        return found and found[0]
    trace = poll("the gateway's request is recorded", root, 60, 0.5)["trace"]["id"]

    def complete():
        documents = store.documents("trace.id", trace)
        missing = missing_hops(documents)
        if missing:
            raise Failure(f"missing: {missing}\nthere: {sorted(map(hop_of, documents))}")
        return documents
    return poll("every hop is recorded", complete, 60, 0.5)


def one_order(market, _):
    client = market.client
    store = Server(market) if SERVER else File(market)
    market.start()
    step("a buyer and a seller")
    seller = Person(client, "tess_traced")
    seller.verify_email()
    seller.become_seller()
    gig = seller.expect(201, "POST", "/gigs", gig_form(client)).json
    gig = seller.expect((200, 201), "POST", f"/gigs/{gig['id']}/publish").json if gig.get("status") == "draft" else gig
    buyer = Person(client, "bob_traced")
    buyer.verify_email()
    key = {"Idempotency-Key": new_key()}

    def placed():
        answer = buyer.ask("POST", "/orders", order_form(gig), key)
        return answer.json if answer.status in (200, 201) else None
    order = poll("orders knows the gig", placed)
    step("who pays")
    paid = buyer.expect(200, "POST", f"/orders/{order['id']}/pay", {"method": CARD})
    step("everything that this led to is one trace")
    documents = all_of_trace(store, paid.headers["X-Request-Id"])
    check_parents(documents)
    for document in documents:
        if any(word in json.dumps(document) for word in (CARD["card"], "access_token", buyer.email, buyer.token)):
            raise Failure(f"a secret, or an address, is in {document}")
    print(f"  {len(documents)} documents of {len({d['service']['name'] for d in documents})} services")


if __name__ == "__main__":
    run(one_order, ([f"telemetry={SERVER}"] if SERVER else []))
