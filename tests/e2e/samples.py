#!/usr/bin/env python3
"""The sample market: made while nobody serves it, all or nothing, and what people then find in it."""

import os
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from market import Failure, poll, run, step  # noqa: E402

GIGS = 60
SAMPLE_PASSWORD = "ejemplo de oficio 2026"


def seed(market, *words, interrupt=False):
    """Exit status and what it said."""
    command = [market.binary, "seed", "--data", market.data, "--gigs", str(GIGS), *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env={**market.environment(), "OFICIO_LOG_LEVEL": "warn"})
    if interrupt:
        # The first line comes when people begin to join.
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    return process.returncode, out + err


def must(what, condition, told=""):
    if not condition:
        raise Failure(f"{what}\n{told}")


class SamplePerson:
    def __init__(self, client, username):
        form = {"login": username, "password": SAMPLE_PASSWORD, "device": "A test"}
        asked = client.expect(202, "POST", "/auth/signin", form)

        def code():
            for mail in client.expect(200, "GET", f"/dev/mail?to={username}@example.com")["items"]:
                found = re.search(r"\b\d{6}\b", mail["text"])
                if found:
                    return found.group()
            return None

        answer = {"challenge_id": asked["challenge_id"], "code": poll("a mail with the code", code)}
        signed = client.expect(200, "POST", "/auth/signin/otp", answer)
        self.client, self.token, self.account = client, signed["access_token"], signed["account"]

    def get(self, path):
        return self.client.expect(200, "GET", path, token=self.token)


def check_interrupted(market):
    status, told = seed(market, interrupt=True)
    must("an interrupted run must fail", status != 0, told)
    left = [name for name in os.listdir(market.data) if name.endswith(".db") or name.startswith("samples")]
    must("an interrupted run leaves nothing", not left, str(left))


def check_refusals(market):
    status, told = seed(market)
    must("a market with people must be refused", status == 2 and "people already" in told, told)
    status, told = seed(market, "--if-empty")
    must("--if-empty is content with it", status == 0 and "ana" in told, told)


def check_catalogue(client):
    page = client.expect(200, "GET", "/gigs/search?limit=100")
    must("nearly all gigs are there", GIGS * 9 // 10 <= page["total"] <= GIGS, page.told())
    for gig in page["items"]:
        must("each gig has a cover", len(gig["images"]) == 1, str(gig))
        must("nothing is left to fill in", not re.search(r"[{}]", gig["title"]), gig["title"])
    ages = {gig["created_at"][:7] for gig in page["items"]}
    must("gigs were made over many months", len(ages) > 5, str(ages))
    cover = client.ask("GET", "/files/" + page["items"][0]["images"][0])
    must("covers are WebP", cover.status == 200 and cover.raw[8:12] == b"WEBP")
    sold = client.expect(200, "GET", "/gigs/search?sort=best_selling&limit=1")["items"][0]
    must("sales and ratings are counted", sold["sales"] > 0 and sold["rating"]["count"] > 0, str(sold))


def check_people(client):
    ana, bruno, olga = (SamplePerson(client, name) for name in ("ana", "bruno", "olga"))
    must("ana's address is confirmed", ana.account["email_verified"])
    must("olga is an operator", "operator" in olga.account["roles"], str(olga.account))
    seen = set()
    for person, role in ((ana, "buyer"), (bruno, "seller")):
        for order in person.get(f"/orders?role={role}&limit=100")["items"]:
            seen.add(order["status"])
            seen |= {"late"} if order["late"] else set()
            for name in ("extension", "cancellation"):
                if order.get(name) and order[name]["status"] in ("open", "pending", "requested", "asked"):
                    seen.add(name)
    wanted = {"pending_payment", "awaiting_requirements", "in_progress", "delivered", "completed", "cancelled",
              "late"}
    must("orders are in every state", wanted <= seen, str(seen))
    must("bruno has conversations", bruno.get("/conversations")["items"])
    talks = ana.get("/conversations?limit=100")["items"]
    talk = next(one for one in talks if one["with"]["username"] == "bruno")
    offers = [m["offer"] for m in ana.get(f"/conversations/{talk['id']}/messages?limit=100")["items"] if m["offer"]]
    must("ana has an offer of bruno's to answer, and one that she took",
         [o["status"] for o in offers] == ["ordered", "open"], str(offers))
    taken = ana.get(f"/orders/{offers[0]['order_id']}")
    must("what she took is paid", taken["status"] == "awaiting_requirements", str(taken))
    must("bruno has earned something", bruno.get("/earnings")["available"]["amount"] > 0)
    must("ana has favourites", ana.get("/users/me/favorites")["items"])
    must("bruno has reviews", client.expect(200, "GET", "/sellers/bruno/reviews")["items"])


def samples(market, _):
    os.makedirs(market.data)
    check_interrupted(market)
    step("an interrupted run leaves nothing")
    began = time.monotonic()
    status, told = seed(market)
    must("it must be made", status == 0, told)
    step(f"{GIGS} gigs and what belongs to them in {time.monotonic() - began:.1f} s")
    check_refusals(market)
    step("a market with people is left alone")
    market.start()
    status, told = seed(market)
    must("not while somebody serves it", status == 2 and "another Oficio" in told, told)
    step("and so is one that is served")
    check_catalogue(market.client)
    step("a catalogue with covers, ratings and a history")
    check_people(market.client)
    step("people with orders in every state, conversations, earnings and favourites")
    must("an orderly stop", market.stop() == 0)


if __name__ == "__main__":
    run(samples)
