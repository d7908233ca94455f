#!/usr/bin/env python3
"""Files over the running program: sent, bound, fetched by those who may, refused, and gone when nobody uses them."""

import os
import socket
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from contract import Contract  # noqa: E402
from market import Failure, poll, run, step  # noqa: E402
from people import Person, gig_form, new_key  # noqa: E402
from pictures import form, png, png_bomb, telling, upload  # noqa: E402

PDF = b"%PDF-1.7\n%some bytes\n%%EOF\n"
ZIP = b"PK\x03\x04" + b"packed" * 100
MB = 1024 * 1024


def same(what, got, wanted):
    if got != wanted:
        raise Failure(f"{what}: expected {wanted!r}, got {got!r}")


def gig_with(seller, client, images):
    body = dict(gig_form(client), images=images)
    def publish():
        made = seller.ask("POST", "/gigs", body, {"Idempotency-Key": new_key()})
        return made.json if made.status == 201 else None
    return poll("the seller may publish", publish)


def pictures_of_gigs(market, seller):
    client = market.client
    sent = upload(seller, "gig", png(1500, 900), "my logo.png")
    same("type", sent["type"], "image/webp")
    same("size in pixels", (sent["width"], sent["height"]), (1200, 720))
    gig = gig_with(seller, client, [sent["id"]])
    shown = client.expect(200, "GET", f"/gigs/{gig['id']}")
    same("images", shown["images"], [sent["id"]])

    got = client.expect(200, "GET", f"/files/{sent['id']}")
    same("first bytes", (got.raw[:4], got.raw[8:12]), (b"RIFF", b"WEBP"))
    same("length", len(got.raw), sent["size"])
    for name, wanted in (("Content-Type", "image/webp"), ("X-Content-Type-Options", "nosniff"),
                         ("Cache-Control", "public, max-age=31536000, immutable")):
        same(name, got.headers[name], wanted)
    if "sandbox" not in got.headers["Content-Security-Policy"]:
        raise Failure(f"no sandbox in {got.headers['Content-Security-Policy']!r}")
    known = client.expect(304, "GET", f"/files/{sent['id']}", headers={"If-None-Match": got.headers["ETag"]})
    same("bytes of what is known", known.raw, b"")
    small = client.expect(200, "GET", f"/files/{sent['id']}?size=small")
    if len(small.raw) >= len(got.raw):
        raise Failure(f"the small form has {len(small.raw)} bytes, the whole {len(got.raw)}")
    return gig, sent["id"]


def avatars(market, seller):
    client = market.client
    mine = upload(seller, "avatar", png(200, 300))["id"]
    seller.expect(200, "PATCH", "/users/me", {"avatar": mine})
    same("own avatar", seller.expect(200, "GET", "/users/me")["avatar"], mine)
    poll("everybody sees the avatar", lambda: client.expect(200, "GET", f"/users/{seller.username}")["avatar"] == mine)
    poll("the seller's profile has it", lambda: client.expect(200, "GET", f"/sellers/{seller.username}")["avatar"] == mine)
    client.expect(200, "GET", f"/files/{mine}")
    return mine


def messages(market, buyer, seller, stranger):
    opened = poll("chat knows the seller", lambda: started(buyer, seller))
    path = f"/conversations/{opened['id']}/messages"
    note, work = upload(buyer, "chat", PDF, "brief.pdf")["id"], upload(buyer, "chat", ZIP, "photo.png")["id"]
    sent = buyer.expect(201, "POST", path, {"client_id": new_key(), "text": "My brief", "files": [note, work]})
    same("files of the message", sent["files"], [note, work])
    got = seller.expect(200, "GET", f"/files/{note}")
    same("bytes", got.raw, PDF)
    same("disposition", got.headers["Content-Disposition"], 'attachment; filename="brief.pdf"')
    same("name of a zip in a picture's clothes", seller.expect(200, "GET", f"/files/{work}").headers["Content-Disposition"],
         'attachment; filename="photo.png.zip"')
    sketch = png(80, 60)
    shot = upload(buyer, "chat", telling(sketch, b"40.4N 3.7W"), "shot.png")["id"]
    buyer.expect(201, "POST", path, {"client_id": new_key(), "text": "A sketch", "files": [shot]})
    same("a picture without what it told of its place", seller.expect(200, "GET", f"/files/{shot}").raw, sketch)
    stranger.expect(404, "GET", f"/files/{note}")
    market.client.expect(401, "GET", f"/files/{note}")
    poll("the seller's avatar is in the conversation",
         lambda: buyer.expect(200, "GET", f"/conversations/{opened['id']}")["with"]["avatar"])
    return note


def started(buyer, seller):
    answer = buyer.ask("POST", "/conversations", {"with": seller.username})
    return answer.json if answer.status in (200, 201) else None


def refusals(market, buyer, seller, gig):
    whole = png(100, 100)
    for data, status, code in ((b"", 422, "validation_failed"), (b"hello", 415, "unsupported_file_type"),
                               (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "unsupported_file_type"),
                               (PDF, 415, "unsupported_file_type"), (whole[:200], 422, "broken_picture"),
                               (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", 422, "broken_picture"),
                               (png_bomb(30000, 30000), 422, "picture_too_large"),
                               (whole + bytes(10 * MB + 1), 413, "file_too_large")):
        upload(seller, "gig", data, status=status, code=code)
    body, kind = form(whole)
    seller.expect(422, "POST", "/files?for=cat", body, {"Content-Type": kind})
    seller.expect(422, "POST", "/files", body, {"Content-Type": kind})
    seller.expect(415, "POST", "/files?for=gig", body, {"Content-Type": "image/png"})
    seller.expect(400, "POST", "/files?for=gig", body[:-4], {"Content-Type": kind}, code="malformed_multipart")
    seller.expect(413, "POST", "/gigs", b" " * (2 * MB), code="body_too_large")
    market.client.expect(401, "POST", "/files?for=gig", body, headers={"Content-Type": kind})
    market.client.expect(404, "GET", "/files/gig_0190a0a0-0000-7000-8000-000000000001")
    market.client.expect(404, "GET", "/files/nothing")
    foreign = upload(buyer, "gig", whole)["id"]
    refused = seller.expect(422, "PATCH", f"/gigs/{gig['id']}", {"images": [foreign]})
    same("what is wrong", [(e["pointer"], e["code"]) for e in refused["errors"]], [("/images/0", "unknown_file")])
    refused = seller.expect(422, "PATCH", f"/gigs/{gig['id']}", {"images": ["gig_x"] * 30})
    same("of how many", [(e["pointer"], e["code"], e.get("params")) for e in refused["errors"]], [("/images", "too_many", {"max": 8})])


def many_at_once(market, buyer):
    """Large uploads in parallel wait for each other, and memory keeps its bound."""
    statuses, lock = [], threading.Lock()
    body, kind = form(b"%PDF-1.7\n" + bytes(9 * MB), "large.pdf")
    def send():
        status = buyer.ask("POST", "/files?for=chat", body, {"Content-Type": kind}).status
        with lock:
            statuses.append(status)
    threads = [threading.Thread(target=send) for _ in range(12)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if set(statuses) - {201, 503} or statuses.count(201) < 4 or len(statuses) != len(threads):
        raise Failure(f"large uploads at once were answered {sorted(statuses)}")
    with open(f"/proc/{market.process.pid}/status", encoding="ascii") as status:
        peak = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
    print(f"  (peak memory so far {peak} MB, answers {sorted(statuses)})")
    # A sanitizer keeps what was freed, to see who still uses it.
    if peak > 250 and "TESTS_SANITIZED" not in os.environ:
        raise Failure(f"the process took {peak} MB")


def slow_readers(market, buyer):
    """Many who take a large file slowly hold a piece of it each, and are in nobody's way."""
    data = b"%PDF-1.7\n" + os.urandom(9 * MB)
    path = f"/api/v1/files/{upload(buyer, 'chat', data, 'large.pdf')['id']}"
    ask = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {buyer.token}\r\nConnection: close\r\n\r\n"
    lines = [socket.create_connection(("127.0.0.1", market.port), 20) for _ in range(40)]
    before = memory(market)
    for line in lines:
        line.sendall(ask.encode())
    starts = [line.recv(1000) for line in lines]
    same("statuses", {start.split(b"\r\n")[0] for start in starts}, {b"HTTP/1.1 200 OK"})
    buyer.expect(200, "GET", "/conversations")
    print(f"  (40 downloads of 9 MB take {memory(market) - before} MB)")
    if memory(market) - before > 100 and "TESTS_SANITIZED" not in os.environ:
        raise Failure(f"40 downloads take {memory(market) - before} MB")
    rest = starts[0] + b"".join(iter(lambda: lines[0].recv(MB), b""))
    same("the file of a slow reader", rest.split(b"\r\n\r\n", 1)[1] == data, True)
    for line in lines:
        line.close()


def memory(market):
    """Of the process, now, in MB."""
    with open(f"/proc/{market.process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))


def purged(market, seller, kept):
    dropped = upload(seller, "gig", png(60, 60))["id"]
    market.client.expect(200, "GET", f"/files/{dropped}")
    market.client.expect((200, 204), "POST", "/dev/clock", {"advance": "25h"})
    poll("an unused file goes after a day", lambda: market.client.ask("GET", f"/files/{dropped}").status == 404, 30)
    for used in kept:
        market.client.expect(200, "GET", f"/files/{used}")


def story(market, _):
    client = market.client
    step(f"the market is ready after {market.start():.2f} s")
    seller, buyer, stranger = (Person(client, name) for name in ("paula", "bert", "evelyn"))
    seller.become_seller()
    step("a gig's picture is drawn anew and seen by everybody")
    gig, image = pictures_of_gigs(market, seller)
    step("an avatar is worn and shown")
    avatar = avatars(market, seller)
    step("what is sent in a message is its two people's alone")
    messages(market, buyer, seller, stranger)
    step("what is wrong is refused")
    refusals(market, buyer, seller, gig)
    step("many large uploads at once")
    many_at_once(market, buyer)
    step("many slow readers of a large file")
    slow_readers(market, buyer)
    step("after a restart everything is there")
    same("exit status after SIGTERM", market.stop(), 0)
    market.start()
    client.expect(200, "GET", f"/files/{image}")
    step("what nobody uses goes after a day")
    purged(market, seller, (image, avatar))


if __name__ == "__main__":
    run(story, contract=Contract())
