#!/usr/bin/env python3
"""Services lose the copies that they keep of each other's facts; `oficio republish` brings all of them back, and
tells people nothing a second time."""

import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from contract import EventContract  # noqa: E402
from market import Failure, poll, run, step  # noqa: E402
from people import Person, new_key, order_form  # noqa: E402
from story import carry_out, place, publish, rated, review, same, start_conversation  # noqa: E402

# What is copied from others, by file.
COPIES = {"chat.db": ["people", "gigs"], "orders.db": ["gig_terms", "offer_terms", "sellers", "people"],
          "gigs.db": ["sellers", "sales"], "users.db": ["sales"], "reviews.db": ["orders", "sellers"]}
OFFER = {"title": "An owl for a shop", "description": "One owl, drawn by hand, with two drafts.",
         "price": {"amount": 9000, "currency": "USD"},
         "delivery_days": 3, "revisions": 1}


def forget_copies(market):
    for file, tables in COPIES.items():
        with sqlite3.connect(os.path.join(market.data, file)) as database:
            for table in tables:
                if database.execute(f"DELETE FROM {table}").rowcount == 0:
                    raise Failure(f"{file} has no {table} to forget")


def told_to(people):
    """What people were told: it must not grow."""
    return {p.username: ([a["id"] for a in p.expect(200, "GET", "/users/me/activity")["items"]], len(p.mails()))
            for p in people}


def offer(buyer, seller, gig):
    talk = poll("chat knows the seller", lambda: start_conversation(buyer, seller, gig))
    made = poll("chat knows the gig", lambda: seller.ask(
        "POST", f"/conversations/{talk['id']}/offers", dict(OFFER, gig_id=gig["id"], client_id=new_key())).json_if(201))
    return made


def order_offer(buyer, made):
    """With a wrong total: an order that is known to be possible, and not made."""
    return buyer.ask("POST", "/orders", {"offer_id": made["id"], "expected_total": 1}, {"Idempotency-Key": new_key()})


def everything_works(client, buyer, seller, gig, made):
    order = poll("orders knows the gig and its seller", lambda: buyer.ask(
        "POST", "/orders", order_form(gig), {"Idempotency-Key": new_key()}).json_if(201))
    poll("chat knows who they are", lambda: start_conversation(buyer, seller, gig))
    poll("orders knows the offer", lambda: order_offer(buyer, made).status == 409)
    poll("reviews knows the seller", lambda: client.ask("GET", f"/sellers/{seller.username}/reviews").status == 200)
    shown = client.expect(200, "GET", f"/gigs/{gig['id']}")
    same("sales of the gig", shown["sales"], 1)
    same("orders of the seller", client.expect(200, "GET", f"/sellers/{seller.username}")["completed_orders"], 1)
    same("ratings", rated(client, f"/gigs/{gig['id']}")["count"], 1)
    return order


def republished(market):
    again = [e for e in market.events() if e.get("republished")]
    for event in again:
        market.contract_of_events.check(event)
    return again


def check_events(market):
    before = {e["id"] for e in market.events() if not e.get("republished")}
    again = republished(market)
    types = {e["type"] for e in again}
    wanted = {"auth.account.registered", "users.profile.updated", "users.seller.created", "gigs.gig.published",
              "chat.offer.made", "orders.order.placed", "orders.order.completed", "reviews.review.published"}
    if not wanted <= types:
        raise Failure(f"not told again: {wanted - types}")
    known = [e["id"] for e in again if e["type"] in ("chat.offer.made", "reviews.review.published")]
    if not set(known) <= before:
        raise Failure("facts that nothing has changed since must keep their ids")
    return sorted(e["id"] for e in again)


def lose_and_rebuild(market, _):
    client = market.client
    market.contract_of_events = EventContract()
    market.start()
    market.stop()
    market.record_events()
    market.start()
    buyer, seller = Person(client, "berta"), Person(client, "samuel")
    seller.become_seller()
    gig = publish(seller, client)
    made = offer(buyer, seller, gig)
    order = place(buyer, gig)
    carry_out(buyer, seller, order)
    review(buyer, seller, gig, order, client)
    poll("all of it was told", lambda: len(told_to([seller])["samuel"][0]) >= 4)
    poll("no event waits", lambda: all(q["waiting"] == 0 for q in queues(market)))
    before = told_to([buyer, seller])

    step("the copies are lost, and nobody can order what is there")
    same("exit status", market.stop(), 0)
    forget_copies(market)
    market.start()
    buyer.expect(404, "POST", "/orders", order_form(gig), {"Idempotency-Key": new_key()})
    same("orders of an unknown offer", order_offer(buyer, made).status, 404)

    step("every service tells its facts again")
    said = market.command_line("republish", "all", "--url", f"http://127.0.0.1:{market.port}")
    if "gigs told 1 facts again" not in said:
        raise Failure(f"it must say how many:\n{said}")
    everything_works(client, buyer, seller, gig, made)
    poll("no event waits", lambda: all(q["waiting"] == 0 for q in queues(market)))
    first = check_events(market)

    step("once more changes nothing, and people hear of nothing twice")
    market.command_line("republish", "gigs", "--url", f"http://127.0.0.1:{market.port}")
    poll("no event waits", lambda: all(q["waiting"] == 0 for q in queues(market)))
    ids = sorted(e["id"] for e in republished(market))
    if len(ids) != len(first) + 1 or set(ids) != set(first):
        raise Failure("the same fact must have the same id")
    after = told_to([buyer, seller])
    for name, (items, mails) in before.items():
        news = set(after[name][0]) - set(items)
        if after[name][1] != mails or len(news) > 1:  # the order that everything_works() placed
            raise Failure(f"{name} was told again: {news}")


def queues(market):
    """Those that somebody reads."""
    with sqlite3.connect(os.path.join(market.data, "events.db")) as bus:
        rows = bus.execute("SELECT q.name, count(d.seq) FROM queues q LEFT JOIN deliveries d ON d.queue = q.id AND d.state = 0 "
                           "WHERE q.name <> 'recorded' GROUP BY q.name")
        return [{"name": name, "waiting": waiting} for name, waiting in rows]


if __name__ == "__main__":
    run(lose_and_rebuild)
