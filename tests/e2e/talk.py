#!/usr/bin/env python3
"""Offers from the conversation to the order, people who want to hear nothing of each other, replies to reviews."""

import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from contract import Contract, EventContract  # noqa: E402
from market import Failure, poll, run, step  # noqa: E402
from people import CARD, Person, gig_form, new_key, total_of  # noqa: E402
from pictures import upload  # noqa: E402

TERMS = {"title": "Three owls", "description": "Three drafts, two rounds of changes, all files.",
         "price": {"amount": 9900, "currency": "USD"}, "delivery_days": 4, "revisions": 2}


def same(what, got, wanted):
    if got != wanted:
        raise Failure(f"{what}: expected {wanted!r}, got {got!r}")


def open_shop(seller, client):
    seller.become_seller()
    form, key = gig_form(client), {"Idempotency-Key": new_key()}
    def published():
        answer = seller.ask("POST", "/gigs", form, key)
        return answer.json if answer.status in (200, 201) else None
    return poll("the seller may publish", published)


def converse(buyer, seller, gig):
    def opened():
        answer = buyer.ask("POST", "/conversations", {"with": seller.username.upper(), "gig_id": gig["id"]})
        return answer.json if answer.status in (200, 201) else None
    conversation = poll("chat knows the seller", opened)
    buyer.expect(201, "POST", f"/conversations/{conversation['id']}/messages", {"text": "Three owls?"})
    return f"/conversations/{conversation['id']}"


def all_texts(person, path, limit=7):
    """(seq, text) of all messages as this person pages back through them."""
    seen, query = [], f"?limit={limit}"
    while query:
        page = person.expect(200, "GET", path + "/messages" + query)
        seen = [(m["seq"], m["text"]) for m in page["items"]] + seen
        query = page["next_cursor"] and f"?limit={limit}&cursor={page['next_cursor']}"
    return seen


def at_once(buyer, seller, path, each=20):
    """Both write at once, and send everything twice at once: one order for both, everything once."""
    failures, lock = [], threading.Lock()

    def write(person):
        for i in range(each):
            form = {"client_id": f"at-once-{i}", "text": f"{person.username} {i}"}
            answer = person.ask("POST", path + "/messages", form)
            if answer.status not in (200, 201):
                with lock:
                    failures.append(answer.told())

    threads = [threading.Thread(target=write, args=(person,)) for person in (buyer, seller) * 2]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if failures:
        raise Failure(failures[0])
    seen = all_texts(buyer, path)
    same("what the other sees", all_texts(seller, path), seen)
    same("numbers", [seq for seq, _ in seen], list(range(1, len(seen) + 1)))
    for person in (buyer, seller):
        mine = [text for _, text in seen if text.startswith(person.username + " ")]
        same(f"what {person.username} wrote", mine, [f"{person.username} {i}" for i in range(each)])
    buyer.expect(422, "POST", path + "/messages", {"client_id": "at-once-0", "text": "Other words"},
                 code="idempotency_mismatch")


def large_files(buyer, seller, stranger, path):
    """A large attachment comes in pieces, whole, and to its two people alone."""
    data = b"%PDF-1.7\n" + os.urandom(3_000_000)
    file = upload(buyer, "chat", data, "large.pdf")["id"]
    buyer.expect(201, "POST", path + "/messages", {"text": "All of it", "files": [file]})
    for person in (buyer, seller):
        got = person.expect(200, "GET", f"/files/{file}")
        same("length told", got.headers["Content-Length"], str(len(data)))
        same("bytes", got.raw == data, True)
    tag = got.headers["ETag"]
    same("bytes of what is known", seller.expect(304, "GET", f"/files/{file}", headers={"If-None-Match": tag}).raw, b"")
    stranger.expect(404, "GET", f"/files/{file}")


def resume(*people):
    for person in people:
        person.token = person.sign_in()["access_token"]


def expiry(buyer, seller, path, gig):
    """After its time nobody may take, decline or withdraw an offer."""
    made = offer(seller, path, gig, expires_in=3600)
    form = {"offer_id": made["id"], "expected_total": total_of(9900)}
    key = {"Idempotency-Key": new_key()}
    seller.client.expect(200, "POST", "/dev/clock", {"advance": "3601s"})
    resume(buyer, seller)
    same("after its time", status_of(buyer, path, made["id"]), "expired")
    buyer.expect(409, "POST", f"/offers/{made['id']}/decline", code="offer_closed")
    seller.expect(409, "POST", f"/offers/{made['id']}/withdraw", code="offer_closed")
    poll("orders knows that it is over", lambda: buyer.ask("POST", "/orders", form, key).code == "offer_closed")


def offer(seller, path, gig, **terms):
    made = seller.expect(201, "POST", path + "/offers", dict(TERMS, gig_id=gig["id"], **terms))
    same("the message's offer", made["offer"]["status"], "open")
    return made["offer"]


def status_of(person, path, offer_id):
    for message in person.expect(200, "GET", path + "/messages?limit=100")["items"]:
        if (message["offer"] or {}).get("id") == offer_id:
            return message["offer"]["status"]
    raise Failure(f"no message has the offer {offer_id}")


def offers(buyer, seller, path, gig):
    form = dict(TERMS, gig_id=gig["id"], client_id="three-owls")
    first = seller.expect(201, "POST", path + "/offers", form)
    again = seller.expect(200, "POST", path + "/offers", form)
    same("id of an offer that was made twice", again["id"], first["id"])
    buyer.expect(403, "POST", path + "/offers", dict(TERMS, gig_id=gig["id"]), code="not_yours")
    for wrong in ({"price": {"amount": 499, "currency": "USD"}}, {"expires_in": 1}, {"delivery_days": 0}):
        seller.expect(422, "POST", path + "/offers", dict(TERMS, gig_id=gig["id"], **wrong))
    seller.expect(403, "POST", f"/offers/{first['id']}/decline", code="not_your_turn")
    same("after declining", buyer.expect(200, "POST", f"/offers/{first['id']}/decline")["status"], "declined")
    seller.expect(409, "POST", f"/offers/{first['id']}/withdraw", code="offer_closed")
    second = offer(seller, path, gig, expires_in=3600)
    same("after withdrawing", seller.expect(200, "POST", f"/offers/{second['id']}/withdraw")["status"], "withdrawn")
    same("in the conversation", status_of(buyer, path, second["id"]), "withdrawn")


def order(buyer, seller, path, gig):
    made = offer(seller, path, gig)
    form = {"offer_id": made["id"], "expected_total": total_of(9900)}
    key = {"Idempotency-Key": new_key()}
    def placed():
        answer = buyer.ask("POST", "/orders", form, key)
        return answer.json if answer.status in (200, 201) else None
    placed = poll("orders knows the offer", placed)
    same("price", placed["price"], TERMS["price"])
    poll("the offer is ordered", lambda: status_of(seller, path, made["id"]) == "ordered")
    found = buyer.expect(200, "GET", f"/offers/{made['id']}")
    same("the order that the offer became", (found["status"], found["order_id"]), ("ordered", placed["id"]))
    buyer.expect(409, "POST", f"/offers/{made['id']}/decline", code="offer_closed")
    at = f"/orders/{placed['id']}"
    poll("reviews knows of the order",
         lambda: buyer.ask("POST", at + "/review", {"rating": 5, "text": "Early."}).code == "wrong_state")
    buyer.expect(200, "POST", at + "/pay", {"method": CARD}, {"Idempotency-Key": new_key()})
    buyer.expect(200, "POST", at + "/requirements", {"text": "Owls, three of them."})
    seller.expect(200, "POST", at + "/deliver", {"message": "Three owls."})
    buyer.expect(200, "POST", at + "/accept", {})
    return at


def review(buyer, seller, at, gig, client):
    def given():
        return buyer.ask("POST", at + "/review", {"rating": 4, "text": "Fine owls."}).status == 201
    poll("reviews knows that it is completed", given)
    mark = seller.expect(201, "POST", at + "/review", {"rating": 5, "text": "Knew what she wanted."})
    listed = client.expect(200, "GET", f"/gigs/{gig['id']}/reviews?rating=4")["items"]
    same("reviews with four stars", [r["rating"] for r in listed], [4])
    same("reviews with one star", client.expect(200, "GET", f"/gigs/{gig['id']}/reviews?rating=1")["items"], [])
    reply = {"text": "Come again."}
    buyer.expect(403, "POST", f"/reviews/{listed[0]['id']}/reply", reply, code="not_yours")
    same("reply", seller.expect(201, "POST", f"/reviews/{listed[0]['id']}/reply", reply)["reply"]["text"], "Come again.")
    seller.expect(409, "POST", f"/reviews/{listed[0]['id']}/reply", reply, code="already_replied")
    buyer.expect(201, "POST", f"/reviews/{mark['id']}/reply", {"text": "Gladly."})
    shown = client.expect(200, "GET", f"/sellers/{seller.username.upper()}/reviews")["items"][0]
    same("reply in the seller's list", shown["reply"]["text"], "Come again.")
    client.expect(404, "GET", "/sellers/nobody_sells_here/reviews")


def operators_see(market, person, message, report):
    market.command_line("operator", "grant", person.username)
    resume(person)
    shown = person.expect(200, "GET", "/ops/reports")["items"][0]
    same("reported", (shown["message"]["id"], shown["message"]["text"], shown["reason"]),
         (message["id"], message["text"], report["reason"]))


def unwelcome(market, buyer, seller, path, gig):
    buyer.expect(204, "PUT", f"/users/me/blocks/{seller.username}")
    same("whom she blocks", [b["username"] for b in buyer.expect(200, "GET", "/users/me/blocks")["items"]],
         [seller.username])
    for person, other in ((buyer, seller), (seller, buyer)):
        person.expect(403, "POST", path + "/messages", {"text": "Hello?"}, code="blocked")
        person.expect(403, "POST", "/conversations", {"with": other.username}, code="blocked")
    seller.expect(403, "POST", path + "/offers", dict(TERMS, gig_id=gig["id"]), code="blocked")
    buyer.expect(204, "DELETE", f"/users/me/blocks/{seller.username}")
    rude = seller.expect(201, "POST", path + "/messages", {"text": "Pay me elsewhere."})
    report = {"reason": "Wants to be paid outside."}
    buyer.expect(201, "POST", f"/messages/{rude['id']}/report", report)
    buyer.expect(200, "POST", f"/messages/{rude['id']}/report", report)
    seller.expect(403, "POST", f"/messages/{rude['id']}/report", report, code="own_message")
    buyer.expect(403, "GET", "/ops/reports", code="operators_only")
    operators_see(market, seller, rude, report)
    same("unread in all", buyer.expect(200, "GET", "/conversations")["unread"] > 0, True)
    buyer.expect(200, "POST", path + "/read", {"seq": rude["seq"]})
    same("unread after reading", buyer.expect(200, "GET", "/conversations")["unread"], 0)


def talk(market, _):
    client = market.client
    market.start()
    same("exit status after SIGTERM", market.stop(), 0)
    market.record_events()
    market.start()
    buyer, seller = Person(client, "berta"), Person(client, "samuel")
    gig = open_shop(seller, client)
    path = converse(buyer, seller, gig)
    step("the seller makes offers; one is declined, one withdrawn")
    offers(buyer, seller, path, gig)
    step("one runs out")
    expiry(buyer, seller, path, gig)
    step("a large attachment")
    large_files(buyer, seller, Person(client, "evelyn"), path)
    step("both write at once, everything twice")
    at_once(buyer, seller, path)
    step("one is ordered, and carried out")
    at = order(buyer, seller, path, gig)
    step("both review, and reply to what was said of them")
    review(buyer, seller, at, gig, client)
    step("the buyer wants to hear nothing for a while, and shows a message to the operators")
    unwelcome(market, buyer, seller, path, gig)
    same("exit status after SIGTERM", market.stop(), 0)
    step("every event of chat and reviews is as the contract describes it")
    described = EventContract()
    told = [e for e in market.events() if e["type"].startswith(("chat.", "reviews."))]
    for event in told:
        described.check(event)
    missing = {"chat.message.sent", "chat.conversation.read", "chat.offer.made", "chat.offer.declined",
               "chat.offer.withdrawn", "reviews.review.published", "reviews.reply.published"} - {e["type"] for e in told}
    if missing:
        raise Failure(f"never told: {sorted(missing)}")


if __name__ == "__main__":
    run(talk, contract=Contract())
