#!/usr/bin/env python3
"""An exception in a page, and exceptions in a service whose database is broken: each is recorded with its stack within
five seconds. Arguments after the program: node."""

import json
import os
import sqlite3
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "harness"))

from market import Failure, poll, run, step  # noqa: E402
from people import Person, new_key, order_form  # noqa: E402
from recorded import SERVER, SETTINGS, hop_of, recorded_by  # noqa: E402
from talk import open_shop  # noqa: E402

CHROMIUM = os.environ.get("OFICIO_CHROMIUM", "/usr/bin/chromium")
SKIPPED = 77
WITHIN = 5.0  # seconds from what went wrong to its document in the store: a promise


def allowed():
    """The promise is for a machine that has time. Where more wants to run than there are processors, it is as much
    longer, and four times at most."""
    return WITHIN * min(4.0, max(1.0, os.getloadavg()[0] / os.cpu_count()))


def in_time(what, at, found):
    """What found() gives within the promise from `at` (seconds since 1970) on."""
    limit = allowed()
    document = poll(f"{what} is recorded {limit:.1f} s after it happened", found, max(0.1, at + limit - time.time()), 0.1)
    print(f"  {what}: after {time.time() - at:.1f} s of {limit:.1f} s")
    return document


def check_stack(document, kind, function):
    """The exception in it has a type and a stack that names this function."""
    exception = document["error"]["exception"][0]
    frames = [frame.get("function", "") for frame in exception.get("stacktrace", [])]
    # Sanitizers see to the program's throws themselves, so it knows no places then.
    unseen = kind == "soci_error" and "TESTS_SANITIZED" in os.environ
    if kind not in exception["type"] or not (unseen or any(function in frame for frame in frames)):
        raise Failure(f"there must be a {kind} thrown in {function}: {json.dumps(document, indent=1)}")
    if not document.get("error", {}).get("grouping_key"):
        raise Failure(f"it belongs to no group: {document}")


class Broken:
    """A table of reviews' database under another name, which is what a restore that went wrong looks like."""

    def __init__(self, market, table):
        self.market, self.table = market, table

    def rename(self, of, to):
        statement = f"ALTER TABLE {of} RENAME TO {to}"
        server = os.environ.get("OFICIO_TEST_POSTGRESQL") if SERVER else None
        if server:
            subprocess.run(["psql", server, "-q", "-c", statement], check=True, capture_output=True, timeout=30)
        else:
            with sqlite3.connect(os.path.join(self.market.data, "reviews.db"), timeout=20) as database:
                database.execute("PRAGMA legacy_alter_table=ON")
                database.execute(statement)

    def __enter__(self):
        self.rename(self.table, f"lost_{self.table}")

    def __exit__(self, *_):
        self.rename(f"lost_{self.table}", self.table)


def errors_of(store, column, value, service):
    return [d for d in store.documents(column, value) if hop_of(d)[:2] == (service, "error")]


def in_a_page(market, store, node):
    message = "the tower has no stairs"
    told = {"url": f"http://127.0.0.1:{market.port}", "message": message}
    with subprocess.Popen([node, os.path.join(HERE, "..", "web", "thrown.mjs"), json.dumps(told)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as page:
        line = page.stdout.readline()
        if not line:
            raise Failure(f"in the browser: {page.stderr.read()[-3000:]}")
        document = in_time("an exception in a page", json.loads(line)["at"] / 1000,
                           lambda: next(iter(errors_of(store, "message", message, "web")), None))
        if page.wait(60):
            raise Failure(f"in the browser: {page.stderr.read()[-3000:]}")
    check_stack(document, "TypeError", "breaksDown")


def in_a_request(market, store, gig):
    with Broken(market, "reviews"):
        at = time.time()
        answer = market.client.expect(500, "GET", f"/gigs/{gig['id']}/reviews")
        document = in_time("an exception in a request", at, lambda: next(iter(
            errors_of(store, "http.request.id", answer.headers["X-Request-Id"], "reviews")), None))
    check_stack(document, "soci_error", "reviews")
    if "table" in answer.raw.decode() or "soci" in answer.raw.decode():
        raise Failure(f"what broke inside is nobody's business\n{answer.told()}")
    market.client.expect(200, "GET", f"/gigs/{gig['id']}/reviews")


def in_a_handler(market, store, gig, buyer):
    with Broken(market, "placed_orders"):
        buyer.expect(201, "POST", "/orders", order_form(gig), {"Idempotency-Key": new_key()})
        at = time.time()
        document = in_time("an exception in a handler of events", at, lambda: next(iter(
            errors_of(store, "transaction.name", "orders.order.placed", "reviews")), None))
    check_stack(document, "soci_error", "reviews")
    if document["transaction"]["type"] != "messaging" or not document["trace"]["id"]:
        raise Failure(f"it must belong to its message, and the trace of that: {document}")


def mishaps(market, arguments):
    store = recorded_by(market)
    market.start()
    client = market.client
    seller = Person(client, "sol_unlucky")
    seller.verify_email()
    gig = open_shop(seller, client)
    buyer = Person(client, "blas_unlucky")
    buyer.verify_email()
    poll("orders knows the gig", lambda: buyer.ask("POST", "/orders", order_form(gig), {"Idempotency-Key": new_key()}).status == 201)
    step("in a page")
    in_a_page(market, store, arguments[0])
    step("in a service that answers")
    in_a_request(market, store, gig)
    step("in a service that hears")
    in_a_handler(market, store, gig, buyer)


if __name__ == "__main__":
    if not os.path.exists(CHROMIUM):
        print(f"no {CHROMIUM} here: skipped")
        sys.exit(SKIPPED)
    run(mishaps, SETTINGS)
