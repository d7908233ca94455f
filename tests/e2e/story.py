#!/usr/bin/env python3
"""The whole story of an order, from two sign-ups to two reviews, and what strangers and mistakes get."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from contract import Contract, EventContract  # noqa: E402
from market import Failure, poll, run, step  # noqa: E402
from mistakes import check_closed_doors, check_mistakes  # noqa: E402
from people import CARD, PASSWORD, Person, gig_form, new_key, order_form, share_of, total_of  # noqa: E402


def same(what, got, wanted):
    if got != wanted:
        raise Failure(f"{what}: expected {wanted!r}, got {got!r}")


def publish(seller, client):
    form = gig_form(client)
    key = {"Idempotency-Key": new_key()}
    gig = poll("the seller may publish", lambda: seller.ask("POST", "/gigs", form, key).status in (200, 201)
               and seller.expect((200, 201), "POST", "/gigs", form, key).json)
    same("price of the basic package", gig["packages"][0]["price"], {"amount": 5000, "currency": "USD"})
    # Another process of the service may be on its way to the index.
    mine = poll("the seller sees the gig", lambda: seller.expect(200, "GET", "/gigs/mine?active=true")["items"])
    same("gigs after a repeated POST with one key", len(mine), 1)
    return gig


def find(client, gig):
    def found():
        page = client.expect(200, "GET", "/gigs/search?q=logo&sort=newest&limit=10")
        return page if any(item["id"] == gig["id"] for item in page["items"]) else None
    page = poll("the search finds the gig", found)
    same("total", page["total"], 1)
    typo = client.expect(200, "GET", "/gigs/search?q=zzzzqqqq")
    same("hits for nonsense", typo["total"], 0)
    shown = client.expect(200, "GET", f"/gigs/{gig['id']}")
    same("title", shown["title"], gig["title"])


def talk(buyer, seller, gig):
    opened = poll("chat knows the seller", lambda: start_conversation(buyer, seller, gig))
    path = f"/conversations/{opened['id']}"
    note = {"client_id": new_key(), "text": "Hello, can you draw an owl?"}
    sent = buyer.expect((200, 201), "POST", path + "/messages", note)
    again = buyer.expect((200, 201), "POST", path + "/messages", note)
    same("id of a message that was sent twice", again["id"], sent["id"])
    def unread():
        listed = seller.expect(200, "GET", "/conversations")["items"]
        return listed and listed[0]["unread"] == 1
    poll("the seller sees one unread message", unread)
    seller.expect((200, 201), "POST", path + "/messages", {"client_id": new_key(), "text": "An owl it is."})
    seller.expect((200, 204), "POST", path + "/read", {"seq": sent["seq"]})
    messages = buyer.expect(200, "GET", path + "/messages")["items"]
    same("messages", sorted(m["text"] for m in messages), ["An owl it is.", "Hello, can you draw an owl?"])
    return opened["id"]


def start_conversation(buyer, seller, gig):
    answer = buyer.ask("POST", "/conversations", {"with": seller.username, "gig_id": gig["id"]})
    return answer.json if answer.status in (200, 201) else None


def place(buyer, gig):
    form, key = order_form(gig), {"Idempotency-Key": new_key()}
    wrong = dict(form, expected_total=1)
    buyer.expect((409, 422), "POST", "/orders", wrong, {"Idempotency-Key": new_key()})
    order = poll("orders knows the gig", lambda: first_order(buyer, form, key))
    same("status", order["status"], "pending_payment")
    same("total", order["total"]["amount"], total_of(5000))
    again = buyer.expect((200, 201), "POST", "/orders", form, key)
    same("id of an order that was placed twice", again["id"], order["id"])
    buyer.expect(422, "POST", "/orders", dict(form, package="premium"), key, code="idempotency_mismatch")
    return order


def first_order(buyer, form, key):
    answer = buyer.ask("POST", "/orders", form, key)
    if answer.status == 404:
        return None
    if answer.status not in (200, 201):
        raise Failure(f"expected 201\n{answer.told()}")
    return answer.json


def carry_out(buyer, seller, order):
    path = f"/orders/{order['id']}"
    step("a declined card is 402, then 4242… pays")
    declined = {"method": dict(CARD, card="4000000000000002")}
    buyer.expect(402, "POST", path + "/pay", declined, {"Idempotency-Key": new_key()}, code="card_declined")
    seller.expect((403, 409), "POST", path + "/deliver", {"message": "too early"})
    pay = {"Idempotency-Key": new_key()}
    paid = buyer.expect(200, "POST", path + "/pay", {"method": CARD}, pay)
    same("status after paying", paid["status"], "awaiting_requirements")
    same("status after paying twice with one key",
         buyer.expect(200, "POST", path + "/pay", {"method": CARD}, pay)["status"], "awaiting_requirements")
    buyer.expect(409, "POST", path + "/pay", {"method": CARD}, {"Idempotency-Key": new_key()})
    step("requirements, delivery, acceptance, each by the right side in the right state")
    seller.expect((403, 409), "POST", path + "/requirements", {"text": "not mine to give"})
    buyer.expect(409, "POST", path + "/accept", {}, code="wrong_state")
    started = buyer.expect(200, "POST", path + "/requirements", {"text": "An owl, green and cream."})
    same("status", started["status"], "in_progress")
    if not started["due_at"]:
        raise Failure(f"an order in progress must have due_at\n{started.told()}")
    buyer.expect((403, 409), "POST", path + "/deliver", {"message": "not mine to deliver"})
    same("status", seller.expect(200, "POST", path + "/deliver", {"message": "Here is your owl."})["status"],
         "delivered")
    seller.expect((403, 409), "POST", path + "/accept", {})
    same("status", buyer.expect(200, "POST", path + "/accept", {})["status"], "completed")
    buyer.expect(409, "POST", path + "/cancel", {"reason": "too late"})


def review(buyer, seller, gig, order, client):
    path = f"/orders/{order['id']}/review"
    def by_buyer():
        return buyer.ask("POST", path, {"rating": 4, "text": "A fine owl, a day early."}).status in (200, 201)
    poll("reviews knows the order", by_buyer)
    buyer.expect(409, "POST", path, {"rating": 5, "text": "Once more, with feeling."})
    hidden = client.expect(200, "GET", f"/gigs/{gig['id']}/reviews")
    same("reviews while one side is missing", hidden["items"], [])
    seller.expect((200, 201), "POST", path, {"rating": 5, "text": "Knew what she wanted."})
    for where in (f"/gigs/{gig['id']}/reviews", f"/sellers/{seller.username}/reviews"):
        page = poll(f"{where} shows the review", lambda where=where: client.expect(200, "GET", where)["items"])
        same("rating", page[0]["rating"], 4)
        same("from", page[0]["from"].get("username", page[0]["from"]), buyer.username)
    for what in (f"/gigs/{gig['id']}", f"/sellers/{seller.username}"):
        shown = poll(f"{what} has the rating", lambda what=what: rated(client, what))
        same("average", float(shown["average"]), 4.0)
        same("histogram", shown["histogram"], [0, 0, 0, 1, 0])


def rated(client, what):
    shown = client.expect(200, "GET", what)["rating"]
    return shown if shown["count"] == 1 else None


def check_earnings(seller):
    def released():
        money = seller.expect(200, "GET", "/earnings")
        return money if money["available"]["amount"] else None
    money = poll("the money is released", released)
    same("available", money["available"], {"amount": share_of(5000), "currency": "USD"})
    same("pending", money["pending"]["amount"], 0)
    entries = money["entries"]["items"]
    same("sum of the entries", sum(e["amount"]["amount"] for e in entries), share_of(5000))


def check_activity(seller):
    def told():
        page = seller.expect(200, "GET", "/users/me/activity")
        return page if len(page["items"]) >= 3 else None
    page = poll("the seller's activity tells of order, acceptance and review", told)
    if page["unread"] < 3:
        raise Failure(f"unread must count them\n{page.told()}")
    seller.expect((200, 204), "POST", "/users/me/activity/read", {})
    same("unread after reading", seller.expect(200, "GET", "/users/me/activity")["unread"], 0)


def second_thoughts(buyer, gig):
    """A card that wants a second step, and a paid order that its buyer cancels before work starts."""
    order = buyer.expect(201, "POST", "/orders", order_form(gig, "standard"), {"Idempotency-Key": new_key()})
    path = f"/orders/{order['id']}"
    careful = {"method": dict(CARD, card="4000000000003220")}
    asked = buyer.expect(202, "POST", path + "/pay", careful, {"Idempotency-Key": new_key()})
    same("kind of the second step", asked["action"]["type"], "confirm")
    same("status before it", buyer.expect(200, "GET", path)["status"], "pending_payment")
    confirm = {"confirm": asked["action"]["token"]}
    paid = buyer.expect(200, "POST", path + "/pay", confirm, {"Idempotency-Key": new_key()})
    same("status after it", paid["status"], "awaiting_requirements")
    gone = buyer.expect(200, "POST", path + "/cancel", {"reason": "We closed the shop."})
    same("status after cancelling", gone["status"], "cancelled")
    buyer.expect(409, "POST", path + "/requirements", {"text": "too late"}, code="wrong_state")
    listed = buyer.expect(200, "GET", "/orders?role=buyer&status=cancelled")["items"]
    same("cancelled orders", [o["id"] for o in listed], [order["id"]])


def sessions(client, person):
    """Refresh tokens rotate, one that is used twice ends its session, and so does signing out."""
    first = person.sign_in()
    second = client.expect(200, "POST", "/auth/refresh", {"refresh_token": first["refresh_token"]})
    client.expect(401, "POST", "/auth/refresh", {"refresh_token": first["refresh_token"]})
    client.expect(401, "POST", "/auth/refresh", {"refresh_token": second["refresh_token"]})
    client.expect(401, "GET", "/auth/me", token=second["access_token"])
    third = person.sign_in_elsewhere()
    client.expect(200, "GET", "/auth/me", token=third["access_token"])
    listed = client.expect(200, "GET", "/auth/sessions", token=third["access_token"])["items"]
    same("devices of the sessions", [s["device"] for s in listed if s["current"]], ["A test's other device"])
    client.expect((200, 204), "POST", "/auth/signout", {}, third["access_token"])
    client.expect(401, "GET", "/auth/me", token=third["access_token"])
    fourth = person.sign_in()
    mine = next(s["id"] for s in client.expect(200, "GET", "/auth/sessions", token=fourth["access_token"])["items"]
                if s["current"])
    person.expect(200, "DELETE", f"/auth/sessions/{mine}")
    client.expect(401, "GET", "/auth/me", token=fourth["access_token"], code="session_ended")


def passwords(client, person):
    """Changing a password ends the other sessions at once, a forgotten one is set by the mailed link."""
    other = person.sign_in()
    wrong = {"old_password": "not the pass phrase", "password": PASSWORD + " indeed"}
    person.expect(403, "POST", "/auth/password/change", wrong, code="wrong_password")
    person.expect(200, "POST", "/auth/password/change", dict(wrong, old_password=PASSWORD))
    client.expect(401, "GET", "/auth/me", token=other["access_token"], code="session_ended")
    person.expect(200, "GET", "/auth/me")
    for email in (person.email, "nobody-at-all@example.com"):
        client.expect(202, "POST", "/auth/password/forgot", {"email": email})
    reset = {"token": person.token_mailed("/reset"), "password": PASSWORD}
    client.expect(200, "POST", "/auth/password/reset", reset)
    client.expect(401, "GET", "/auth/me", token=person.token, code="session_ended")
    client.expect(422, "POST", "/auth/password/reset", reset, code="token_used")
    person.token = person.sign_in()["access_token"]
    same("mails to nobody", client.mails_to("nobody-at-all@example.com"), [])


def browser(client, person):
    """A session in cookies: reads are free, changes need the csrf cookie's value in a header."""
    form = {"login": person.username, "password": PASSWORD}
    signed = client.expect(200, "POST", "/auth/signin", form, headers={"Cookie": f"device={person.device}"})
    jar = dict(c.split(";")[0].split("=", 1) for c in signed.headers.get_all("Set-Cookie"))
    cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
    client.expect(200, "GET", "/auth/me", headers=cookies)
    client.expect(403, "POST", "/auth/signout", {}, headers=cookies, code="csrf")
    client.expect(403, "POST", "/auth/signout", {}, headers={**cookies, "X-CSRF-Token": "x" * 43}, code="csrf")
    proved = {**cookies, "X-CSRF-Token": jar["csrf"]}
    client.expect(403, "POST", "/auth/refresh", {}, headers=cookies, code="csrf")
    again = client.expect(200, "POST", "/auth/refresh", {}, headers=proved)
    jar.update(c.split(";")[0].split("=", 1) for c in again.headers.get_all("Set-Cookie"))
    proved = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items()), "X-CSRF-Token": jar["csrf"]}
    client.expect(200, "POST", "/auth/signout", {}, headers=proved)
    client.expect(401, "GET", "/auth/me", headers=proved)


def edit(seller, gig):
    path = f"/gigs/{gig['id']}"
    now = seller.expect(200, "GET", path)
    fresh = {"If-Match": f'"{now["revision"]}"'}
    changed = seller.expect(200, "PATCH", path, {"title": "I will draw an owl for your small shop"}, fresh)
    if changed["revision"] <= now["revision"]:
        raise Failure(f"an edit must count the revision up\n{changed.told()}")
    seller.expect(412, "PATCH", path, {"title": "I will draw a stale owl for your shop"}, fresh)


def story(market, _):
    client = market.client
    market.start()
    same("exit status after SIGTERM", market.stop(), 0)
    market.record_events()
    step(f"the market is ready after {market.start():.2f} s")
    buyer = Person(client, "berta", country="ES", locale="es")
    seller = Person(client, "samuel", country="GB", locale="en")
    step("both signed up; the buyer confirms her address by the link in the mail")
    buyer.verify_email()
    seller.verify_email()
    step("the seller opens a shop and publishes a gig")
    seller.become_seller()
    gig = publish(seller, client)
    step("the buyer finds it, and they talk")
    find(client, gig)
    conversation = talk(buyer, seller, gig)
    step("the buyer orders; the same key makes one order")
    order = place(buyer, gig)
    carry_out(buyer, seller, order)
    step("both review; neither is seen before both are in")
    review(buyer, seller, gig, order, client)
    step("the money is where it belongs, and the seller has heard of everything")
    check_earnings(seller)
    check_activity(seller)
    step("a second step for a careful card; a paid order is cancelled")
    second_thoughts(buyer, gig)
    check_earnings(seller)
    step("sessions rotate, and end when they should")
    sessions(client, buyer)
    browser(client, buyer)
    step("passwords are changed, forgotten and set again")
    passwords(client, buyer)
    step("an edit counts the revision; a stale one is 412")
    edit(seller, gig)
    stranger = Person(client, "esteban")
    step("strangers get 401, 403 or 404 at every door that is not public")
    check_closed_doors(client, stranger, order["id"], gig["id"], conversation)
    step("mistakes get clear answers")
    check_mistakes(client, seller, gig)
    status = market.stop()
    same("exit status after SIGTERM", status, 0)
    step("every event is as the contract describes it")
    told, described = market.events(), EventContract()
    for event in told:
        described.check(event)
    if len(told) < 40:
        raise Failure(f"only {len(told)} events were recorded")


if __name__ == "__main__":
    run(story, contract=Contract())
