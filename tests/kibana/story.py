"""What people do in a market so that every panel has something to show: they sign up, search, trade and talk, some
of it goes wrong, and their browsers tell how it felt."""

import json
import os
import secrets
import signal
import sys
import threading
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

import amqp  # noqa: E402
from market import Failure, poll, unhandled_event  # noqa: E402
from people import CARD, Person, gig_form, new_key, order_form  # noqa: E402

LAST_TRY = 6  # tries that a queue's event has had before its last one
NOBODY_OFFERS = "zyzzyva taming"


def trade(buyer, gig):
    key = {"Idempotency-Key": new_key()}

    def placed():
        answer = buyer.ask("POST", "/orders", order_form(gig), key)
        return answer.json if answer.status in (200, 201) else None
    path = f"/orders/{poll('orders knows the gig', placed)['id']}"
    buyer.expect(200, "POST", path + "/pay", {"method": CARD})
    buyer.expect(200, "POST", path + "/requirements", {"text": "An owl."})
    return path


def deal(buyer, seller, gig):
    path = trade(buyer, gig)
    seller.expect(200, "POST", path + "/deliver", {"message": "Here it is."})
    buyer.expect(200, "POST", path + "/accept", {})
    poll("reviews knows the order", lambda: buyer.ask(
        "POST", path + "/review", {"rating": 5, "text": "An owl as I had wished for it."}).json_if(201))
    seller.expect(201, "POST", path + "/review", {"rating": 5, "text": "Knew what was wanted."})
    other = trade(buyer, gig)
    buyer.expect(200, "POST", other + "/cancel", {"reason": "I have found an owl."})
    seller.expect(200, "POST", other + "/cancel/approve", {})


def talk(buyer, seller, gig):
    opened = poll("chat knows the seller", lambda: buyer.ask(
        "POST", "/conversations", {"with": seller.username, "gig_id": gig["id"]}).json_if(201))
    path = f"/conversations/{opened['id']}"
    buyer.expect(201, "POST", path + "/messages", {"text": "Do you draw owls?", "client_id": new_key()})
    offer = {"gig_id": gig["id"], "title": "An owl for a poster",
             "description": "One owl, as large as a door, in green.",
             "price": {"amount": 8000, "currency": "USD"}, "delivery_days": 4, "revisions": 1, "expires_in": 86400}
    poll("chat knows the gig", lambda: seller.ask("POST", path + "/offers", offer).json_if(201))


def look_around(client):
    for text in ("logo", "Logo", NOBODY_OFFERS, NOBODY_OFFERS.upper()):
        client.expect(200, "GET", f"/gigs/search?q={text.replace(' ', '%20')}")
    client.expect(404, "GET", f"/gigs/{new_key()}")
    client.expect(401, "GET", "/auth/me")


def transaction(kind, name, duration, **more):
    return {"transaction": {"id": secrets.token_hex(8), "trace_id": secrets.token_hex(16), "name": name, "type": kind,
                            "duration": duration, "sampled": True, "span_count": {"started": 1}, **more}}


def page_visit(i):
    """As Elastic's browser agent writes it."""
    page = {"page": {"url": "http://127.0.0.1/gigs?token=secret", "referer": "http://127.0.0.1/"}}
    load = transaction("page-load", "/gigs", 900 + i * 100, context=page, outcome="success",
                       marks={"agent": {"timeToFirstByte": 40 + i, "firstContentfulPaint": 300 + i,
                                        "largestContentfulPaint": 700 + 10 * i},
                              "navigationTiming": {"fetchStart": 0, "responseEnd": 90 + i}},
                       experience={"cls": 0.02 * (i + 1), "tbt": 12, "longtask": {"count": 1, "sum": 60, "max": 60}})
    of = load["transaction"]
    call = {"span": {"id": secrets.token_hex(8), "transaction_id": of["id"], "parent_id": of["id"],
                     "trace_id": of["trace_id"], "name": "GET /api/v1/gigs/top", "type": "external", "subtype": "http",
                     "start": 100, "duration": 35 + i, "outcome": "failure" if i == 2 else "success",
                     "context": {"http": {"method": "GET", "url": "http://127.0.0.1/api/v1/gigs/top",
                                          "status_code": 503 if i == 2 else 200}}}}
    left = transaction("page-exit", "/gigs", 5, context={**page, "tags": {"inp_value": 90 + 20 * i}})
    thrown = {"error": {"id": secrets.token_hex(16), "culprit": "draw (index.js)", "context": page,
                        "trace_id": of["trace_id"], "transaction_id": of["id"], "parent_id": of["id"],
                        "transaction": {"type": "page-load", "sampled": True},
                        "exception": {"type": "TypeError", "message": "the owl has no wings", "handled": False,
                                      "stacktrace": [{"filename": "index.js", "function": "draw", "lineno": 3,
                                                      "colno": 9}]}}}
    said = {"error": {"id": secrets.token_hex(16), "log": {"level": "warn", "logger_name": "web",
                                                           "message": "no owl yet"},
                      "context": page, "trace_id": of["trace_id"], "transaction_id": of["id"], "parent_id": of["id"]}}
    return [load, call, left, thrown, said]


def tell_of_browsers(client):
    metadata = {"metadata": {"service": {"name": "oficio-web", "version": "1.2.3",
                                         "agent": {"name": "rum-js", "version": "5.17.5"},
                                         "language": {"name": "javascript"}}}}
    for i in range(4):
        lines = [metadata, *page_visit(i)]
        body = "".join(json.dumps(line) + "\n" for line in lines).encode()
        headers = {"Content-Type": "application/x-ndjson", "User-Agent": f"Mozilla/5.0 (X11) Test/{i % 2}"}
        connection = client.connection(20)
        connection.request("POST", "/intake/v2/rum/events", body, headers)
        got = connection.getresponse()
        answered = got.read()
        connection.close()
        if got.status != 202:
            raise Failure(f"the browsers' door answered {got.status}: {answered[:500]}")


def fail_to_handle(market):
    """Chat is told twice what it cannot make sense of: one comes again, the other has had its last try."""
    with amqp.Connection(market.given["events"]) as bus:
        for attempts in (0, LAST_TRY):
            event = unhandled_event() | {"id": str(uuid.uuid4())}
            bus.publish("chat.profiles", json.dumps(event).encode(), event["id"], {"x-oficio-attempts": attempts})
        poll("the event rests as a dead letter", lambda: bus.count("chat.profiles.dead"), 30)


def wait_long(market, client):
    """A request of more than a second: the service is suspended for so long."""
    users = market.processes["users", 0]
    users.send_signal(signal.SIGSTOP)
    asked = threading.Thread(target=lambda: client.expect(200, "GET", "/users/sela"))
    asked.start()
    try:
        asked.join(1.3)
    finally:
        users.send_signal(signal.SIGCONT)
    asked.join()


def lose_a_service(market, client):
    market.kill_one("reviews")
    for _ in range(3):
        client.expect(503, "GET", "/sellers/sela/reviews")


def ask_too_much(client):
    for _ in range(80):
        client.ask("GET", "/gigs/search?q=owl")


def tell(market):
    client = market.client
    seller, buyer = Person(client, "sela"), Person(client, "bruno")
    seller.verify_email()
    seller.become_seller()
    gig = poll("gigs knows the seller", lambda: made_gig(client, seller))
    poll("the gig is found", lambda: client.expect(200, "GET", "/gigs/search?q=logo")["total"] > 0)
    look_around(client)
    deal(buyer, seller, gig)
    talk(buyer, seller, gig)
    seller.expect(200, "PUT", f"/gigs/{gig['id']}/active", {"active": False})
    tell_of_browsers(client)
    fail_to_handle(market)
    wait_long(market, client)
    ask_too_much(client)
    lose_a_service(market, client)


def made_gig(client, seller):
    return seller.ask("POST", "/gigs", gig_form(client)).json_if(201)
