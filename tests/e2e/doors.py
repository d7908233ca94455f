#!/usr/bin/env python3
"""Every door of the API opened once as it should be, and every event told once: nothing that the contract
describes may be missing, and nothing may answer other than described."""

import datetime
import hashlib
import hmac
import json
import os
import struct
import sys
import time
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from contract import Contract, EventContract  # noqa: E402
from market import Failure, poll, run, step  # noqa: E402
from people import CARD, PASSWORD, Person, gig_form, new_key, order_form, total_of  # noqa: E402

# The page of the mail's link says nothing in JSON; /readyz is asked at every start.
JUST_ONCE = {"GET /healthz", "GET /metrics"}
# Held to the contract by console.py, which has telemetry to look at.
SEEN_BY_CONSOLE = {f"GET /api/v1/ops/{view}"
                   for view in ("browser", "errors", "logs", "overview", "requests", "services", "traces/{id}")}
SEEN_BY_CONSOLE.add("POST /intake/v2/rum/events")


def same(what, got, wanted):
    if got != wanted:
        raise Failure(f"{what}: expected {wanted!r}, got {got!r}")


def key():
    return {"Idempotency-Key": new_key()}


class Story:
    """Who takes part, and what there is between them."""

    def __init__(self, market):
        self.market, self.client, self.moved = market, market.client, 0
        self.buyer = Person(self.client, "berta", country="ES", locale="es")
        self.seller = Person(self.client, "samuel", country="GB", locale="en")

    def advance(self, how_long):
        now = self.client.expect(200, "POST", "/dev/clock", {"advance": how_long})["now"]
        self.moved = datetime.datetime.fromisoformat(now.replace("Z", "+00:00")).timestamp() - time.time()
        for person in (self.buyer, self.seller):  # access tokens live for a quarter of an hour
            resume(person)

    def order(self, package="basic"):
        form = order_form(self.gig, package)
        return poll("orders knows the gig",
                    lambda: self.buyer.ask("POST", "/orders", form, key()).json_if(201))

    def paid(self):
        order = self.order()
        return self.buyer.expect(200, "POST", f"/orders/{order['id']}/pay", {"method": CARD}, key()).json

    def started(self):
        order = self.paid()
        path = f"/orders/{order['id']}"
        return path, self.buyer.expect(200, "POST", path + "/requirements", {"text": "An owl, green."}).json

    def delivered(self):
        path, _ = self.started()
        return path, self.seller.expect(200, "POST", path + "/deliver", {"message": "Your owl."}).json


def resume(person):
    """A new session, which is the one that the person goes on with."""
    got = person.sign_in()
    person.token, person.refresh = got["access_token"], got["refresh_token"]


def accounts(s):
    """Verification, sessions and passwords."""
    s.buyer.expect(204, "POST", "/auth/email/resend", {})
    s.buyer.verify_email()
    s.seller.verify_email()
    s.client.expect(200, "GET", "/auth/jwks")
    other = s.buyer.sign_in_elsewhere()
    listed = s.buyer.expect(200, "GET", "/auth/sessions")["items"]
    same("sessions", len(listed), 2)
    elsewhere = next(item["id"] for item in listed if not item["current"])
    s.buyer.expect(200, "DELETE", f"/auth/sessions/{elsewhere}")
    s.client.expect(401, "GET", "/auth/me", token=other["access_token"])
    changed = PASSWORD + " changed"
    s.buyer.expect(200, "POST", "/auth/password/change", {"old_password": PASSWORD, "password": changed})
    s.client.expect(202, "POST", "/auth/password/forgot", {"email": s.buyer.email})
    token = s.buyer.token_mailed("/reset")
    s.client.expect(200, "POST", "/auth/password/reset", {"token": token, "password": PASSWORD})
    s.client.expect(401, "GET", "/auth/me", token=s.buyer.token)
    resume(s.buyer)
    refreshed = s.client.expect(200, "POST", "/auth/refresh", {"refresh_token": s.buyer.refresh})
    s.buyer.token = refreshed["access_token"]
    s.buyer.expect(200, "POST", "/auth/signout-all", {})
    resume(s.buyer)
    s.buyer.expect(200, "POST", "/auth/signout", {})
    resume(s.buyer)


def png(width=64, height=48):
    """A picture, as small as they come."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + b"".join(bytes((x * 4 % 256, y * 5 % 256, 128)) for x in range(width))
                    for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def upload(person, purpose, name="owl.png", kind="image/png", data=None):
    mark = "boundary-of-parts"
    body = (f"--{mark}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n"
            f"Content-Type: {kind}\r\n\r\n").encode() + (data or png()) + f"\r\n--{mark}--\r\n".encode()
    return person.expect(201, "POST", f"/files?for={purpose}", body,
                         {"Content-Type": f"multipart/form-data; boundary={mark}"}).json


def profiles(s):
    """Profile, shop, favourites and pictures."""
    avatar = upload(s.seller, "avatar")
    s.seller.expect(200, "GET", "/users/me")
    same("avatar", s.seller.expect(200, "PATCH", "/users/me", {"avatar": avatar["id"], "country": "GB"})["avatar"],
         avatar["id"])
    s.client.expect(200, "GET", f"/files/{avatar['id']}")
    s.seller.become_seller()
    shop = s.seller.expect(200, "GET", "/sellers/me").json
    s.seller.expect(200, "PATCH", "/sellers/me", {"headline": "Owls and logos"},
                    {"If-Match": f'"{shop["revision"]}"'})
    s.client.expect(200, "GET", "/sellers/samuel")
    s.client.expect(200, "GET", "/users/samuel")


def gigs(s):
    """Everything that can be done with gigs."""
    form = gig_form(s.client)
    form["images"] = [upload(s.seller, "gig")["id"]]
    s.gig = poll("the seller may publish", lambda: s.seller.ask("POST", "/gigs", form, key()).json_if(201))
    other = s.seller.expect(201, "POST", "/gigs", gig_form(s.client, "I will draw an owl for your poster"), key())
    path = f"/gigs/{s.gig['id']}"
    s.client.expect(200, "GET", path)
    s.seller.expect(200, "PATCH", path, {"title": "I will draw a fine logo for your shop"},
                    {"If-Match": f'"{s.gig["revision"]}"'})
    s.seller.expect(200, "PUT", path + "/active", {"active": False})
    s.client.expect(404, "GET", path)
    s.gig = s.seller.expect(200, "PUT", path + "/active", {"active": True}).json
    for question in ("/gigs/search?q=logo&sort=rating&limit=5", "/gigs/suggest?q=log", "/gigs/top?limit=3",
                     f"/gigs?ids={s.gig['id']}", path + "/similar", "/categories", "/sellers/samuel/gigs"):
        poll(f"{question} answers with something", lambda question=question:
             s.client.expect(200, "GET", question)["items"])
    s.seller.expect(200, "GET", "/gigs/mine?active=true")
    s.seller.expect(204, "DELETE", f"/gigs/{other['id']}")
    favourite = f"/users/me/favorites/{s.gig['id']}"
    s.buyer.expect(200, "PUT", favourite)
    s.buyer.expect(200, "GET", favourite)
    s.buyer.expect(200, "GET", "/users/me/favorites")
    s.buyer.expect(204, "DELETE", favourite)


def offer_form(s, title="An owl for a poster"):
    return {"gig_id": s.gig["id"], "title": title, "description": "One owl, as large as a door, in green.",
            "price": {"amount": 8000, "currency": "USD"}, "delivery_days": 4, "revisions": 1, "expires_in": 86400}


def talk(s):
    """Messages, offers with each of their ends, blocks and reports."""
    opened = poll("chat knows the seller", lambda: s.buyer.ask(
        "POST", "/conversations", {"with": "samuel", "gig_id": s.gig["id"]}).json_if(201))
    path = f"/conversations/{opened['id']}"
    attached = upload(s.buyer, "chat", "notes.pdf", "application/pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    note = s.buyer.expect(201, "POST", path + "/messages",
                          {"client_id": new_key(), "text": "An owl?", "files": [attached["id"]]})
    s.seller.expect(200, "GET", f"/files/{attached['id']}")
    s.client.expect((401, 403, 404), "GET", f"/files/{attached['id']}")
    for question in ("/conversations", path, path + "/messages?limit=5"):
        s.seller.expect(200, "GET", question)
    s.advance("20m")
    poll("a mail about messages that wait",
         lambda: any("unread message" in mail["text"] for mail in s.seller.mails()), 20)
    s.seller.expect(200, "POST", path + "/read", {"seq": note["seq"]})
    s.seller.expect((200, 201), "POST", f"/messages/{note['id']}/report", {"reason": "It asks for an owl."})
    offers = [poll("chat knows the gig", lambda: s.seller.ask("POST", path + "/offers", offer_form(s), key())
                   .json_if(201))]
    offers += [s.seller.expect(201, "POST", path + "/offers", offer_form(s, f"Owl number {i}"), key()).json
               for i in (2, 3)]
    s.buyer.expect(200, "POST", f"/offers/{offers[1]['offer']['id']}/decline", {})
    s.seller.expect(200, "POST", f"/offers/{offers[2]['offer']['id']}/withdraw", {})
    accepted = {"offer_id": offers[0]["offer"]["id"], "expected_total": total_of(8000)}
    placed = poll("orders knows the offer", lambda: s.buyer.ask("POST", "/orders", accepted, key()).json_if(201))
    s.buyer.expect(409, "POST", "/orders", accepted, key())
    s.seller.expect(200, "GET", f"/offers/{offers[0]['offer']['id']}")
    s.buyer.expect(200, "POST", f"/orders/{placed['id']}/cancel", {"reason": "Second thoughts."})
    s.seller.expect(204, "PUT", "/users/me/blocks/berta")
    s.seller.expect(200, "GET", "/users/me/blocks")
    s.buyer.expect(403, "POST", path + "/messages", {"client_id": new_key(), "text": "Why?"}, code="blocked")
    s.seller.expect(204, "DELETE", "/users/me/blocks/berta")


def orders(s):
    """Each way that an order can go."""
    path, _ = s.delivered()
    s.buyer.expect(200, "POST", path + "/revision", {"message": "Greener, please."})
    more = {"days": 2, "reason": "Green takes longer."}
    s.seller.expect(200, "POST", path + "/extension", more)
    s.buyer.expect(200, "POST", path + "/extension/reject", {})
    s.seller.expect(200, "POST", path + "/extension", more)
    s.buyer.expect(200, "POST", path + "/extension/approve", {})
    s.seller.expect(200, "POST", path + "/cancel", {"reason": "It will not get green."})
    s.buyer.expect(200, "POST", path + "/cancel/reject", {})
    s.seller.expect(200, "POST", path + "/deliver", {"message": "Greener it is."})
    s.buyer.expect(200, "POST", path + "/accept", {})
    s.done = s.buyer.expect(200, "GET", path).json
    same("status", s.done["status"], "completed")

    path, _ = s.delivered()
    s.buyer.expect(200, "POST", path + "/cancel", {"reason": "Not an owl."})
    same("status", s.seller.expect(200, "POST", path + "/cancel/approve", {})["status"], "cancelled")

    path, _ = s.started()
    s.advance("240h")
    poll("an order past its time is late", lambda: s.buyer.expect(200, "GET", path)["late"], 20)
    careful = s.order("standard")
    pay = f"/orders/{careful['id']}/pay"
    asked = s.buyer.expect(202, "POST", pay, {"method": dict(CARD, card="4000000000003220")}, key())
    s.buyer.expect(200, "POST", pay, {"confirm": asked["action"]["token"]}, key())
    webhook(s, careful)
    s.buyer.expect(200, "GET", "/orders?role=buyer&status=in_progress&limit=5")
    s.seller.expect(200, "GET", "/earnings?limit=5")


def webhook(s, order):
    secret = s.market.webhook_key()
    body = json.dumps({"type": "charge.succeeded", "attempt_id": f"{order['id']}.1"}).encode()
    # The market's clock was moved, and signatures hold for minutes.
    now = int(time.time() + s.moved)
    proof = hmac.new(secret, f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    s.client.expect(204, "POST", "/payments/webhook", body,
                    headers={"Content-Type": "application/json", "Sandbox-Signature": f"t={now},v1={proof}"})
    s.client.expect(401, "POST", "/payments/webhook", body,
                    headers={"Content-Type": "application/json", "Sandbox-Signature": f"t={now},v1={'0' * 64}"})


def reviews(s):
    path = f"/orders/{s.done['id']}/review"
    first = poll("reviews knows the order", lambda: s.buyer.ask(
        "POST", path, {"rating": 4, "text": "A fine owl, after all."}).json_if(201))
    s.seller.expect(201, "POST", path, {"rating": 5, "text": "Knew what she wanted."})
    s.seller.expect((200, 201), "POST", f"/reviews/{first['id']}/reply", {"text": "Thank you, come again."})
    for where in (f"/gigs/{s.gig['id']}/reviews", "/sellers/samuel/reviews"):
        poll(f"{where} shows the review", lambda where=where: s.client.expect(200, "GET", where)["items"])
    both = s.buyer.expect(200, "GET", path + "s")["items"]
    same("stars of the order's reviews", sorted(r["rating"] for r in both), [4, 5])


def feed(s):
    page = s.buyer.expect(200, "GET", "/users/me/activity?limit=5")
    s.buyer.expect(204, "POST", "/users/me/activity/read", {"ids": [page["items"][0]["id"]]})
    s.buyer.expect(204, "POST", "/users/me/activity/read", {})
    def token_of_a_notice():
        links = [link for mail in s.buyer.mails() for link in mail["links"] if "/unsubscribe?token=" in link]
        return links and links[0].split("token=")[1]
    token = poll("a notice with a link that ends such mails", token_of_a_notice)
    s.client.expect(200, "GET", f"/dev/mail/{s.buyer.mails()[0]['id']}", headers={"Accept": "text/html"})
    s.client.expect(200, "GET", f"/unsubscribe?token={token}")
    s.client.expect((200, 204), "POST", f"/unsubscribe?token={token}", {})


def operators(s):
    s.market.command_line("operator", "grant", "samuel")
    resume(s.seller)
    if not s.seller.expect(200, "GET", "/ops/reports")["items"]:
        raise Failure("operators see no report")
    s.buyer.expect(403, "GET", "/ops/reports")
    s.buyer.expect(403, "GET", "/ops/events")
    dead = s.seller.expect(200, "GET", "/ops/events")["items"]
    same("events that could not be handled", len(dead), 1)
    s.seller.expect((200, 202, 204), "POST", f"/ops/events/{dead[0]['id']}/replay", {})
    s.buyer.expect(403, "POST", "/ops/republish/gigs", {})
    if not s.seller.expect(200, "POST", "/ops/republish/gigs", {})["sent"]:
        raise Failure("gigs has nothing to tell again")
    s.seller.expect(404, "POST", "/ops/republish/notifications", {}, code="no_facts")
    s.seller.expect(400, "POST", "/ops/republish/gigs?after=nowhere", {}, code="bad_cursor")


def all_seen(contract):
    done = {name for (name, status) in contract.seen if status < 400}
    missing = sorted(o.name for o in contract.operations if o.name not in done | JUST_ONCE | SEEN_BY_CONSOLE)
    if missing:
        raise Failure("described, and never seen to succeed:\n  " + "\n  ".join(missing))


def all_told(told):
    described = EventContract()
    for event in told:
        described.check(event)
    missing = sorted(set(described.schemas) - {event["type"] for event in told})
    if missing:
        raise Failure("described, and never told:\n  " + "\n  ".join(missing))


def doors(market, _):
    market.start()
    market.stop()
    market.record_events()
    market.bury_event()
    market.start()
    s = Story(market)
    for part in (accounts, profiles, gigs, talk, orders, reviews, feed, operators):
        step(part.__doc__ or part.__name__)
        part(s)
    same("exit status after SIGTERM", market.stop(), 0)
    step("nothing of the contract is missing")
    all_seen(market.client.contract)
    all_told(market.events())


if __name__ == "__main__":
    run(doors, contract=Contract())
