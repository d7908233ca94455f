#!/usr/bin/env python3
"""What two people can do to an order besides carrying it out, what time does to it, and what the payment provider tells."""

import hashlib
import hmac
import json
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from contract import Contract, EventContract  # noqa: E402
from market import Failure, poll, run, step  # noqa: E402
from people import CARD, Person, gig_form, new_key, order_form, share_of  # noqa: E402

DAY = 24 * 3600


def same(what, got, wanted):
    if got != wanted:
        raise Failure(f"{what}: expected {wanted!r}, got {got!r}")


class Trade:
    """An order between two people."""

    def __init__(self, buyer, seller, gig):
        self.buyer, self.seller = buyer, seller
        def placed():
            answer = buyer.ask("POST", "/orders", order_form(gig), self.key)
            return answer.json if answer.status in (200, 201) else None
        self.key = {"Idempotency-Key": new_key()}
        self.path = f"/orders/{poll('orders knows the gig', placed)['id']}"

    def by_buyer(self, what, body=None, status=200, code=None):
        return self.buyer.expect(status, "POST", self.path + what, body, code=code)

    def by_seller(self, what, body=None, status=200, code=None):
        return self.seller.expect(status, "POST", self.path + what, body, code=code)

    def pay(self):
        same("after paying", self.by_buyer("/pay", {"method": CARD})["status"], "awaiting_requirements")
        return self

    def begin(self):
        same("begun", self.pay().by_buyer("/requirements", {"text": "An owl."})["status"], "in_progress")
        return self

    def deliver(self):
        same("delivered", self.by_seller("/deliver", {"message": "Here it is."})["status"], "delivered")
        return self

    def now(self):
        return self.buyer.expect(200, "GET", self.path)

    def becomes(self, status):
        return poll(f"the order is {status}", lambda: self.now()["status"] == status and self.now())


def more_time(trade):
    due = trade.now()["due_at"]
    trade.by_buyer("/extension", {"days": 2, "reason": "no"}, 403, "not_your_turn")
    asked = trade.by_seller("/extension", {"days": 2, "reason": "A feather is missing."})
    same("the request", asked["extension"], {"days": 2, "reason": "A feather is missing.", "status": "open"})
    trade.by_seller("/extension", {"days": 1, "reason": "and another"}, 409, "extension_open")
    trade.by_seller("/extension/approve", status=403, code="not_your_turn")
    same("due before the answer", trade.now()["due_at"], due)
    same("the answer", trade.by_buyer("/extension/approve")["extension"]["status"], "approved")
    if trade.now()["due_at"] <= due:
        raise Failure("an approved extension must move the due date")
    trade.by_buyer("/extension/reject", status=409, code="no_extension")


def bargain(buyer, seller, gig):
    trade = Trade(buyer, seller, gig).begin()
    more_time(trade)
    trade.deliver()
    back = trade.by_buyer("/revision", {"message": "With two eyes, please."})
    same("after a revision", (back["status"], back["revisions_left"]), ("in_progress", 0))
    trade.deliver()
    trade.by_buyer("/revision", {"message": "And a third."}, 409, "no_revisions_left")
    same("asked to cancel", trade.by_buyer("/cancel", {"reason": "A third eye!"})["cancellation"]["status"], "open")
    trade.by_buyer("/cancel/approve", status=403, code="not_your_turn")
    same("refused", trade.by_seller("/cancel/reject")["cancellation"]["status"], "rejected")
    same("accepted", trade.by_buyer("/accept")["status"], "completed")
    money = seller.expect(200, "GET", "/earnings")
    same("available", money["available"]["amount"], share_of(5000))
    buyer.expect(403, "GET", "/earnings", code="not_a_seller")


def call_off(buyer, seller, gig):
    together = Trade(buyer, seller, gig).begin()
    same("one side asks", together.by_buyer("/cancel", {"reason": "The shop is closed."})["status"], "in_progress")
    same("the other agrees", together.by_seller("/cancel/approve")["status"], "cancelled")
    alone = Trade(buyer, seller, gig).begin()
    same("the seller alone", alone.by_seller("/cancel", {"reason": "I broke my arm."})["status"], "cancelled")
    for trade in (together, alone):
        poll("the money is given back", lambda trade=trade: trade.now()["timeline"][-1]["type"] == "refunded")
    same("pending", seller.expect(200, "GET", "/earnings")["pending"]["amount"], 0)


def let_time_pass(client, people, seconds):
    client.expect((200, 204), "POST", "/dev/clock", {"advance": f"{seconds}s"})
    for person in people:
        person.token = person.sign_in()["access_token"]


def time_passes(client, buyer, seller, gig):
    unpaid, silent = Trade(buyer, seller, gig), Trade(buyer, seller, gig).begin().deliver()
    slow = Trade(buyer, seller, gig).begin()
    let_time_pass(client, (buyer, seller), 4 * DAY)
    unpaid.becomes("cancelled")
    silent.becomes("completed")
    poll("the other order is late", lambda: slow.now()["late"])
    same("late work is the buyer's to cancel", slow.by_buyer("/cancel", {"reason": "Too slow."})["status"], "cancelled")


def tell(market, body, key, status, at=None, code=None):
    text = json.dumps(body)
    at = int(time.time() + 4 * DAY) if at is None else at  # the clock was moved
    signature = hmac.new(key, f"{at}.{text}".encode(), hashlib.sha256).hexdigest()
    market.client.expect(status, "POST", "/payments/webhook", text.encode(), code=code,
                         headers={"Content-Type": "application/json", "Sandbox-Signature": f"t={at},v1={signature}"})


def provider_tells(market, buyer, seller, gig):
    trade = Trade(buyer, seller, gig)
    trade.by_buyer("/pay", {"method": dict(CARD, card="4000000000000002")}, 402, "card_declined")
    key = market.webhook_key()
    paid = {"type": "charge.succeeded", "attempt_id": trade.path.removeprefix("/orders/") + ".1"}
    tell(market, paid, b"guessed", 401, code="bad_signature")
    tell(market, paid, key, 401, at=int(time.time()), code="old_signature")
    same("after calls of others", trade.now()["status"], "pending_payment")
    for _ in range(2):
        tell(market, paid, key, 204)
    same("after the provider's", trade.now()["status"], "awaiting_requirements")
    tell(market, dict(paid, attempt_id="of-somebody-else.1"), key, 204)


def orders(market, _):
    client = market.client
    market.start()
    same("exit status after SIGTERM", market.stop(), 0)
    market.record_events()
    market.start()
    buyer, seller = Person(client, "berta"), Person(client, "samuel")
    seller.become_seller()
    form, key = gig_form(client), {"Idempotency-Key": new_key()}
    def published():
        answer = seller.ask("POST", "/gigs", form, key)
        return answer.json if answer.status in (200, 201) else None
    gig = poll("the seller may publish", published)
    step("more time, a revision, a request to cancel that is refused")
    bargain(buyer, seller, gig)
    step("cancelled together, and by the seller alone")
    call_off(buyer, seller, gig)
    step("four days pass: unpaid, silent and late orders")
    time_passes(client, buyer, seller, gig)
    step("the payment provider is heard, and nobody in its name")
    provider_tells(market, buyer, seller, gig)
    same("exit status after SIGTERM", market.stop(), 0)
    step("every event of orders is told, and as the contract describes it")
    described = EventContract()
    told = [e for e in market.events() if e["type"].startswith("orders.")]
    for event in told:
        described.check(event)
    names = ("placed paid started delivered revision_requested extension_requested extension_answered late "
             "cancellation_requested cancellation_answered completed cancelled")
    missing = {f"orders.order.{name}" for name in names.split()} - {e["type"] for e in told}
    if missing:
        raise Failure(f"never told: {sorted(missing)}")


if __name__ == "__main__":
    run(orders, contract=Contract())
