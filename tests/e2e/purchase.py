#!/usr/bin/env python3
"""One purchase in a real browser: by the trace of that one click everything is found that it led to, in the page, in all
services, in their servers, and as one tree. Arguments after the program: node."""

import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "harness"))

from market import Failure, poll, run, step  # noqa: E402
from people import PASSWORD, Person  # noqa: E402
from recorded import PAYING, SETTINGS, check_tree, hop_of, is_timed, missing_hops, own_id, parent_id, recorded_by  # noqa: E402
from talk import open_shop  # noqa: E402

CHROMIUM = os.environ.get("OFICIO_CHROMIUM", "/usr/bin/chromium")
SKIPPED = 77

# (service, kind, beginning of its name) of all that one click to pay leads to.
HOPS = (
    ("web", "transaction", "/orders/{id}"),  # the click becomes the way to the order's page
    ("web", "span", "POST /api/v1/orders"),
    ("web", "span", "POST /api/v1/orders/{id}/pay"),
    ("gateway", "transaction", "POST /api/v1/orders"),
    ("gateway", "span", "POST orders"),
    ("orders", "transaction", "POST /orders"),
    ("orders", "span", "insert "),
    ("orders", "span", "publish orders.order.placed"),
    ("chat", "transaction", "orders.order.placed"),
    ("reviews", "transaction", "orders.order.placed"),
    ("reviews", "span", "INSERT placed_orders"),
    ("users", "transaction", "orders.order.placed"),
    *PAYING,
    ("gateway", "span", "push order"),
)


def a_gig_and_a_buyer(client):
    seller = Person(client, "sonia_seen")
    seller.verify_email()
    gig = open_shop(seller, client)
    buyer = Person(client, "bruno_seen")
    buyer.verify_email()
    poll("the gig is shown", lambda: client.ask("GET", f"/gigs/{gig['id']}").status == 200)
    return gig, buyer


def in_browser(node, market, gig, buyer):
    """What the page knows: the trace of the click to pay, and its calls."""
    told = {"url": f"http://127.0.0.1:{market.port}", "gig": gig["id"],
            "buyer": {"login": buyer.username, "password": PASSWORD, "device_token": buyer.device}}
    done = subprocess.run([node, os.path.join(HERE, "..", "web", "purchase.mjs"), json.dumps(told)],
                          capture_output=True, text=True, timeout=150)
    if done.returncode:
        raise Failure(f"in the browser: {done.stderr[-3000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def check_links(documents, calls):
    """Each hop hangs where it belongs, not only somewhere in the tree."""
    timed = {own_id(d): d for d in documents if is_timed(d)}

    def above(service, kind, name):
        found = [d for d in timed.values() if hop_of(d) == (service, kind, name)]
        return {hop_of(timed[parent_id(d)]) for d in found}
    wanted = {
        ("gateway", "transaction", "POST /api/v1/orders/{id}/pay"): ("web", "span", "POST /api/v1/orders/{id}/pay"),
        ("orders", "transaction", "POST /orders/{id}/pay"): ("gateway", "span", "POST orders"),
        ("orders", "span", "charge"): ("orders", "transaction", "POST /orders/{id}/pay"),
        ("orders", "span", "publish orders.order.paid"): ("orders", "transaction", "POST /orders/{id}/pay"),
        ("users", "transaction", "orders.order.paid"): ("orders", "transaction", "POST /orders/{id}/pay"),
        ("reviews", "transaction", "orders.order.placed"): ("orders", "transaction", "POST /orders"),
    }
    for hop, parent in wanted.items():
        if above(*hop) != {parent}:
            raise Failure(f"{hop} must hang below {parent}, not {above(*hop)}")
    for call in calls:
        span = call["traceparent"][36:52]
        if span not in timed or hop_of(timed[span])[:2] != ("web", "span"):
            raise Failure(f"the page's own call {call} is nowhere")


def one_purchase(market, arguments):
    store = recorded_by(market)
    market.start()
    step("a seller with a gig, and a buyer")
    gig, buyer = a_gig_and_a_buyer(market.client)
    step("who orders and pays in a browser")
    seen = in_browser(arguments[0], market, gig, buyer)
    step("everything that this click led to is one tree")

    def complete():
        documents = store.documents("trace.id", seen["trace"])
        missing = missing_hops(documents, HOPS)
        if missing:
            raise Failure(f"missing: {missing}\nthere: {sorted(map(hop_of, documents))}")
        root = check_tree(documents, "web")
        if root["transaction"]["type"] not in ("route-change", "user-interaction"):
            raise Failure(f"the root is no click: {root}")
        check_links(documents, seen["calls"])
        return documents
    documents = poll("every hop is recorded", complete, 60, 0.5)
    print(f"  {len(documents)} documents of {len({d['service']['name'] for d in documents})} services")


if __name__ == "__main__":
    if not os.path.exists(CHROMIUM):
        print(f"no {CHROMIUM} here: skipped")
        sys.exit(SKIPPED)
    run(one_purchase, SETTINGS)
