#!/usr/bin/env python3
"""People hear at once what concerns them, by the official Socket.IO client.

live.py PATH-TO-OFICIO NODE-MODULES"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from contract import SocketContract  # noqa: E402
from market import Client, Failure, poll, run, step  # noqa: E402
from people import CARD, Person, new_key, total_of  # noqa: E402
from sockets import Sockets  # noqa: E402
from talk import TERMS, open_shop, same  # noqa: E402


def converse(one, other):
    def opened():
        answer = one.ask("POST", "/conversations", {"with": other.username})
        return answer.json if answer.status in (200, 201) else None
    return poll("chat knows the other", opened)["id"]


class Live:
    """Ana sells, Ben buys; each with some devices."""

    def __init__(self, market, sockets):
        self.market, self.sockets, self.client = market, sockets, market.client
        self.ana, self.ben = Person(self.client, "ana"), Person(self.client, "ben")
        self.opened = 0
        self.conversation = converse(self.ana, self.ben)
        self.path = f"/conversations/{self.conversation}"

    def open(self, person=None, **options):
        self.opened += 1
        if person:
            options["auth"] = {"token": person.token}
        return self.sockets.open(f"{person.username if person else 'nobody'} {self.opened}", self.market.port, **options)

    def connected(self, person, **options):
        socket = self.open(person, **options)
        same("recovered at the first time", socket.connected()["recovered"], False)
        return socket

    def refused(self, code, person=None, **options):
        socket = self.open(person, **options)
        same("refused", socket.wait("connect_error")["data"]["code"], code)


def messages(live):
    ana, ben = live.ana, live.ben
    devices = [live.connected(ana), live.connected(ana, transports=["websocket"]), live.connected(ben, transports=["polling"])]
    sent = ana.expect(201, "POST", live.path + "/messages", {"text": "¿Qué tal?"})
    for device in devices:
        same("the message", device.wait("message"), sent.json)
    return devices


def coming_in(live):
    live.refused("not_signed_in")
    live.refused("invalid_token", auth={"token": "nonsense"})
    cookie = {"Cookie": f"access={live.ana.token}"}
    live.refused("origin_not_allowed", extraHeaders=cookie)
    live.refused("origin_not_allowed", extraHeaders={**cookie, "Origin": "http://elsewhere.example"})
    for transport in ("polling", "websocket"):
        for origin in (f"http://127.0.0.1:{live.market.port}", "https://app.example"):
            socket = live.open(extraHeaders={**cookie, "Origin": origin}, transports=[transport])
            socket.connected()
            socket.close()


def talking(live, ana, phone, ben):
    form = {"conversation_id": live.conversation, "text": "By the socket.", "client_id": "one"}
    sent = ben.expect("message:send", form)
    same("what HTTP has", live.ana.expect(200, "GET", live.path + "/messages")["items"][-1], sent)
    for socket in (ana, phone, ben):
        same("what is heard", socket.wait("message", lambda m: m["id"] == sent["id"]), sent)
    same("sent again", ben.expect("message:send", form)["id"], sent["id"])
    ben.refuse("message:send", {"conversation_id": "nowhere", "text": "Hello?"}, "not_found")
    wrong = ben.refuse("message:send", {"conversation_id": live.conversation, "text": ""}, "validation_failed")
    same("how short", [(e["pointer"], e["code"], e["params"]) for e in wrong["errors"]], [("/text", "too_short", {"min": 1})])
    ben.refuse("message:send", {"conversation_id": "", "text": "Hello?"}, "validation_failed")
    ben.refuse("message:send", {"text": "Hello?"}, "validation_failed")
    ana.expect("conversation:read", {"conversation_id": live.conversation, "seq": sent["seq"]})
    for socket in (ana, phone, ben):
        mark = socket.wait("message:read", lambda m: m["seq"] == sent["seq"])
        seen = live.ben.expect(200, "GET", live.path)["seen"]
        same("who has read", mark, {"conversation_id": live.conversation, "account_id": live.ana.id, **seen})
    same("unread", live.ana.expect(200, "GET", live.path)["unread"], 0)


def typing(live, ana, phone, ben):
    for _ in range(3):
        ben.expect("typing", {"conversation_id": live.conversation})
    for socket in (ana, phone):
        same("who types", socket.wait("typing"), {"conversation_id": live.conversation, "account_id": live.ben.id})
    cora = Person(live.client, "cora")
    live.connected(cora).refuse("typing", {"conversation_id": live.conversation}, "not_found")
    # What is behind it was heard, so nothing more is to come.
    sent = ben.expect("message:send", {"conversation_id": live.conversation, "text": "Behind."})
    for socket, times in ((ana, 1), (phone, 1), (ben, 0)):
        socket.wait("message", lambda m: m["id"] == sent["id"])
        same("how often", len(socket.events("typing")), times)


def typing_ends_with_a_block(live, ana, ben):
    """Within seconds: gateways remember for a while whom people reach."""
    live.ana.expect(204, "PUT", "/users/me/blocks/" + live.ben.username)

    def refused():
        answer = ben.ask("typing", {"conversation_id": live.conversation})
        return not answer["ok"] and answer["error"]["code"] == "blocked"
    poll("who is blocked cannot tell that they type", refused, 30, 0.3)
    heard = len(ana.events("typing"))
    live.ana.expect(204, "DELETE", "/users/me/blocks/" + live.ben.username)

    def told():
        ben.expect("typing", {"conversation_id": live.conversation})
        return len(ana.events("typing")) > heard
    poll("who is not blocked any more can", told, 30, 0.3)


def presence(live, ana, ben):
    dora = Person(live.client, "dora")
    ana.refuse("presence:watch", {"account_ids": ["x"] * 101}, "validation_failed")
    answer = ana.expect("presence:watch", {"account_ids": [live.ben.id, dora.id]})["items"]
    same("who is there", {p["account_id"]: (p["online"], p["last_seen"]) for p in answer},
         {live.ben.id: (True, None), dora.id: (False, None)})
    devices = [live.connected(dora), live.connected(dora)]
    same("she comes", ana.wait("presence")["online"], True)
    for device in devices:
        device.close()
    gone = ana.wait("presence", lambda p: not p["online"])
    same("she goes", gone["account_id"], dora.id)
    if not gone["last_seen"]:
        raise Failure("when she was last there must be told")
    again = ben.expect("presence:watch", {"account_ids": [dora.id]})["items"]
    same("she was last there", again[0]["last_seen"], gone["last_seen"])
    same("how often it was told", len(ana.events("presence")), 2)


def work(live, ana, ben):
    gig = open_shop(live.ana, live.client)
    made = live.ana.expect(201, "POST", live.path + "/offers", dict(TERMS, gig_id=gig["id"]))
    for socket in (ana, ben):
        told = socket.wait("offer")
        same("the offer", told, {**made["offer"], "conversation_id": live.conversation})
        same("its message", socket.wait("message", lambda m: m["id"] == made["id"])["offer"], made["offer"])
    form = {"offer_id": made["offer"]["id"], "expected_total": total_of(9900)}
    placed = poll("orders knows the offer",
                  lambda: live.ben.ask("POST", "/orders", form, {"Idempotency-Key": new_key()}).json_if(200, 201))
    live.ben.expect(200, "POST", f"/orders/{placed['id']}/pay", {"method": CARD}, {"Idempotency-Key": new_key()})
    for socket in (ana, ben):
        paid = socket.wait("order", lambda o: o["status"] == "awaiting_requirements")
        same("the order", paid["id"], placed["id"])
    item = ana.wait("notification", lambda n: n["kind"] == "order.paid" or "order" in n["kind"])
    shown = poll("it is in the feed", lambda: next(
        (i for i in live.ana.expect(200, "GET", "/users/me/activity")["items"] if i["id"] == item["id"]), None))
    same("the item", item, shown)


def recovery(live, ana):
    before = len(ana.events("message"))
    ana.cut()
    ana.wait("disconnect")
    sent = [live.ben.expect(201, "POST", live.path + "/messages", {"text": f"While you were away, {i}."})["id"] for i in range(3)]
    same("recovered", ana.connected(2)["recovered"], True)
    ana.wait("message", lambda m: m["id"] == sent[-1])
    same("what was missed, once", [m["id"] for m in ana.events("message")[before:]], sent)


def ends(live, ana):
    other = live.ana.sign_in()
    laptop = live.open(auth={"token": other["access_token"]})
    laptop.connected()
    live.client.expect((200, 204), "POST", "/auth/signout", {}, other["access_token"])
    same("why", laptop.wait("disconnect"), "io server disconnect")
    laptop.connect()
    same("refused", laptop.wait("connect_error")["data"]["code"], "session_ended")
    ana.expect("presence:watch", {"account_ids": []})  # her other session goes on


def expiry(live, ana):
    """Her client comes back with a newer token, and misses nothing."""
    before = len(ana.events("message"))
    connects = len(ana.events("connect"))
    live.client.expect(200, "POST", "/dev/clock", {"advance": "16m"})
    ana.wait("disconnect", first=len(ana.events("disconnect")) - 1)
    same("with the old token", ana.wait("connect_error")["data"]["code"], "token_expired")
    for person in (live.ana, live.ben):
        got = live.client.expect(200, "POST", "/auth/refresh", {"refresh_token": person.refresh})
        person.token, person.refresh = got["access_token"], got["refresh_token"]
    sent = live.ben.expect(201, "POST", live.path + "/messages", {"text": "Meanwhile."})
    ana.come_with({"token": live.ana.token})
    ana.connect()
    same("recovered", ana.connected(connects + 1)["recovered"], True)
    ana.wait("message", lambda m: m["id"] == sent["id"])
    same("what was missed, once", [m["id"] for m in ana.events("message")[before:]], [sent["id"]])


def limits(live):
    eve = Person(live.client, "eve")
    for _ in range(5):
        live.connected(eve)
    live.refused("too_many_connections", eve)


def figure(port, name):
    """What /metrics says of a figure without labels; its help begins with the name, too."""
    lines = Client(port).ask("GET", "/metrics").raw.decode().splitlines()
    return next((float(line.split()[1]) for line in lines if line.startswith(name + " ")), None)


def followed_by(port):
    """Waits until that gateway follows what people are told, and has told all to fetch again, which it begins with."""
    poll("the gateway follows what people are told", lambda: (figure(port, "oficio_live_gaps_total") or 0) > 0)


def figures(market):
    same("following", figure(market.port, "oficio_live_following"), 1)
    same("people who still have sockets", figure(market.port, "oficio_gateway_people") > 0, True)
    ready = market.client.expect(200, "GET", "/readyz")
    same("live", ready["checks"]["live"]["state"], "ok")


def story(market, arguments):
    contract = SocketContract()
    market.start()
    with Sockets(arguments[0], contract) as sockets:
        followed_by(market.port)
        live = Live(market, sockets)
        step("a message is heard on all devices of both")
        ana, phone, ben = messages(live)
        step("who may come in")
        coming_in(live)
        step("messages and marks go by the socket, too")
        talking(live, ana, phone, ben)
        step("the other sees who types")
        typing(live, ana, phone, ben)
        typing_ends_with_a_block(live, ana, ben)
        step("offers, orders and what is new")
        work(live, ana, ben)
        step("who is there")
        presence(live, ana, ben)
        step("what was missed is there after a cut")
        recovery(live, ana)
        step("a session that ends takes its sockets along")
        ends(live, ana)
        step("so does a token that expires")
        expiry(live, ana)
        step("an account has so many connections")
        limits(live)
        figures(market)
        sockets.check()
        heard = set(contract.unseen()) - {"resync"}
        same("what nobody heard or asked", heard, set())
        same("exit status after SIGTERM", market.stop(), 0)
        ana.wait("disconnect", first=len(ana.events("disconnect")) - 1)


if __name__ == "__main__":
    run(story, settings=("cors.origins=https://app.example", "sockets.per_account=5"))
