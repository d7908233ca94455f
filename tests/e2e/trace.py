#!/usr/bin/env python3
"""One request to pay for an order, found again with everything that it led to, in every service, by its trace."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from market import Failure, poll, run, step  # noqa: E402
from people import CARD, Person, gig_form, new_key, order_form  # noqa: E402
from recorded import PAYING, SETTINGS, check_tree, hop_of, missing_hops, recorded_by  # noqa: E402


def all_of_trace(store, request_id):
    def root():
        found = [d for d in store.documents("http.request.id", request_id) if hop_of(d)[:2] == ("gateway", "transaction")]
        return found and found[0]
    trace = poll("the gateway's request is recorded", root, 60, 0.5)["trace"]["id"]

    def complete():
        documents = store.documents("trace.id", trace)
        missing = missing_hops(documents, PAYING)
        if missing:
            raise Failure(f"missing: {missing}\nthere: {sorted(map(hop_of, documents))}")
        return documents
    return poll("every hop is recorded", complete, 60, 0.5)


def one_order(market, _):
    client = market.client
    store = recorded_by(market)
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
    check_tree(documents, "gateway")
    for document in documents:
        if any(word in json.dumps(document) for word in (CARD["card"], "access_token", buyer.email, buyer.token)):
            raise Failure(f"a secret, or an address, is in {document}")
    print(f"  {len(documents)} documents of {len({d['service']['name'] for d in documents})} services")
    step("what the gateway asks every few seconds is not recorded")
    check_silence(client, store)


def within_request(store, document):
    others = store.documents("trace.id", document["trace"]["id"])
    return any(hop_of(other)[:2] == ("gateway", "transaction") for other in others)


def check_silence(client, store):
    """Looking for news every few seconds is no work worth recording."""
    client.expect(200, "GET", "/categories")
    poll("something later is recorded", lambda: store.documents("url.path", "/api/v1/categories"), 60, 0.5)
    for path in ("/internal/sessions/ended", "/auth/jwks"):
        found = [d for d in store.documents("url.path", path) if hop_of(d)[1] == "transaction"]
        # A first request may have to ask for what the gateway has not looked up yet: that is a part of it.
        found = [d for d in found if not within_request(store, d)]
        if found:
            raise Failure(f"{path} is recorded: {found[0]}")


if __name__ == "__main__":
    run(one_order, SETTINGS)
