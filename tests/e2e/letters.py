#!/usr/bin/env python3
"""Mail about what waits: in both languages, once a conversation and spell, never of what was read, and ended by one
click of a mail program."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from contract import Contract  # noqa: E402
from market import Failure, poll, run, step  # noqa: E402
from people import Person  # noqa: E402

ONE_CLICK = (b"List-Unsubscribe=One-Click", {"Content-Type": "application/x-www-form-urlencoded"})


def same(what, got, wanted):
    if got != wanted:
        raise Failure(f"{what}: expected {wanted!r}, got {got!r}")


def resume(person):
    person.token = person.sign_in()["access_token"]


def wait(client, minutes, people):
    client.expect(200, "POST", "/dev/clock", {"advance": f"{minutes}m"})
    for person in people:  # access tokens live for a quarter of an hour
        resume(person)


def converse(writer, reader):
    def opened():
        answer = writer.ask("POST", "/conversations", {"with": reader.username})
        return answer.json if answer.status in (200, 201) else None
    return f"/conversations/{poll('chat knows the reader', opened)['id']}"


def write(writer, path, text):
    return writer.expect(201, "POST", path + "/messages", {"text": text})


def told(person, words):
    """The mails whose subject has these words, the newest first."""
    return [m for m in person.mails() if words in m["subject"]]


def becomes(person, words, count):
    poll(f"{count} mails say {words!r}", lambda: len(told(person, words)) >= count)
    same(f"mails that say {words!r}", len(told(person, words)), count)


def read_all(person, path):
    person.expect(200, "POST", path + "/read", {"seq": person.expect(200, "GET", path)["last_message"]["seq"]})


def next_is_mailed(client, writer, path, reader, count):
    """A message whose mail is the only one more: what came before it made none."""
    write(writer, path, "This one is not read.")
    wait(client, 16, (writer, reader))
    becomes(reader, f"{writer.username} espera", count)


def unread(client, ana, bea, berta):
    path = converse(ana, berta)
    write(ana, path, "Hello Berta <b>how</b> are you?")
    write(ana, path, "Are you there?")
    wait(client, 14, (ana, bea, berta))
    same("mails before a quarter of an hour", told(berta, "ana espera"), [])
    wait(client, 2, (ana, bea, berta))
    becomes(berta, "ana espera", 1)
    mail = told(berta, "ana espera")[0]
    if "2 mensajes" not in mail["text"] or "2 mensajes" not in mail["html"]:
        raise Failure(f"the mail does not say how many wait: {mail['text']}")
    if not any(link.endswith(path) for link in mail["links"]):
        raise Failure(f"the mail does not lead to the conversation: {mail['links']}")
    # The same spell: nothing was read since.
    write(ana, path, "Berta?")
    wait(client, 60, (ana, bea, berta))
    # Another conversation has mail of its own.
    write(bea, converse(bea, berta), "Hello from Bea.")
    wait(client, 16, (ana, bea, berta))
    becomes(berta, "bea espera", 1)
    same("mails of a spell", len(told(berta, "ana espera")), 1)
    return path


def read_in_time(client, ana, berta, path):
    read_all(berta, path)
    write(ana, path, "This one is read at once.")
    read_all(berta, path)
    wait(client, 30, (ana, berta))
    next_is_mailed(client, ana, path, berta, 2)


def raw_headers(client, mail):
    text = client.expect(200, "GET", f"/dev/mail/{mail['id']}", headers={"Accept": "text/html"}).raw.decode()
    head = text.split("\r\n\r\n", 1)[0].replace("\r\n ", " ")
    return dict(line.split(": ", 1) for line in head.split("\r\n"))


def one_click(client, ana, berta, path):
    mail = told(berta, "ana espera")[0]
    head = raw_headers(client, mail)
    same("List-Unsubscribe-Post", head.get("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click")
    url = head["List-Unsubscribe"].strip("<>")
    target = url[url.index("/api/v1") + len("/api/v1"):]
    body, kind = ONE_CLICK
    client.expect(400, "POST", target + "x", body, headers=kind, code="bad_token")
    client.expect(204, "POST", target, body, headers=kind)
    client.expect(204, "POST", target, body, headers=kind)
    settings = berta.expect(200, "GET", "/users/me")["notifications"]
    same("ways of hearing of messages", settings["message"], ["live"])
    same("ways of hearing of orders", settings["order"], ["email", "live"])
    read_all(berta, path)
    write(ana, path, "Of this one she wants no mail.")
    wait(client, 30, (ana, berta))
    def in_feed():
        first = berta.expect(200, "GET", "/users/me/activity?limit=1")["items"][0]
        return not first["read"] and first["link"] == path
    poll("the feed tells of it", in_feed)
    write(berta, path, "I am here.")  # who answers makes a mail, too, behind hers if there is one
    wait(client, 16, (ana, berta))
    becomes(ana, "berta is waiting", 1)
    same("mails after the click", len(told(berta, "ana espera")), 2)
    berta.expect(200, "PATCH", "/users/me", {"notifications": {"message": ["email", "live"]}})
    read_all(berta, path)
    next_is_mailed(client, ana, path, berta, 3)


def letters(market, _):
    client = market.client
    market.start()
    ana, bea = (Person(client, name, locale="en") for name in ("ana", "bea"))
    berta = Person(client, "berta", locale="es")
    for person in (ana, bea, berta):
        person.verify_email()
        poll("users knows that", lambda person=person: person.expect(200, "GET", "/users/me")["email_verified"])
    step("messages that wait for a quarter of an hour are mailed, once a conversation and spell")
    path = unread(client, ana, bea, berta)
    step("what was read in time is not")
    read_in_time(client, ana, berta, path)
    step("one click ends such mails, without a session, and the settings bring them back")
    one_click(client, ana, berta, path)
    same("exit status after SIGTERM", market.stop(), 0)


if __name__ == "__main__":
    run(letters, contract=Contract())
