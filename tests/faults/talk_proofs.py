"""What must hold of conversations after any number of kills."""

import collections

from market import Failure

ENDED = {"decline": "declined", "withdraw": "withdrawn"}


def all_messages(trader):
    seen, before = [], None
    path = f"{trader.conversation}/messages?limit=100"
    while before is None or before > 1:
        page = trader.buyer.expect(200, "GET", path + (f"&before={before}" if before else ""))["items"]
        if not page:
            break
        seen += page
        before = min(m["seq"] for m in page)
    return seen


def prove_talk(trader, latest_files=5):
    """Messages, offers and marks that were acknowledged are there, and none is there twice."""
    if not trader.conversation:
        return
    seen = all_messages(trader)
    counts = collections.Counter(m.get("client_id") for m in seen)
    lost = [n for n in trader.notes if counts[n] == 0]
    twice = [n for n in counts if counts[n] > 1]
    if lost or twice:
        raise Failure(f"{trader.name}: {len(lost)} acknowledged messages are gone, {len(twice)} are there twice")
    numbers = sorted(m["seq"] for m in seen)
    if numbers != list(range(1, len(numbers) + 1)):
        raise Failure(f"{trader.name}: message numbers have gaps: {numbers[:50]}")
    prove_files(trader, latest_files)
    prove_offers(trader, {m["id"]: m["offer"] for m in seen if m["offer"]})
    prove_unread(trader, seen)


def prove_files(trader, latest):
    for file, data in sorted(trader.files.items())[-latest:]:  # all of them in each round would take too long
        for person in (trader.buyer, trader.seller):
            if person.expect(200, "GET", f"/files/{file}").raw != data:
                raise Failure(f"{trader.name}: the file {file} is not what was sent")


def prove_offers(trader, shown):
    for offer in trader.offers:
        status = shown[offer.id]["status"] if offer.id else "open"
        possible = {"open", ENDED.get(offer.ending), "ordered" if offer.trade else None}
        if offer.ended:
            possible = {ENDED[offer.ending]}
        if status not in possible:
            raise Failure(f"{trader.name}: an offer is {status} and must be one of {possible}")


def prove_unread(trader, seen):
    """What is unread follows from the messages and the marks; a mark that was cut off may be set or not."""
    for side, person in (("buyer", trader.buyer), ("seller", trader.seller)):
        def after(mark, sender=person.username):
            return sum(m["seq"] > mark and m["from"]["username"] != sender for m in seen)
        now = person.expect(200, "GET", trader.conversation)["unread"]
        if not after(trader.reading[side]) <= now <= after(trader.read[side]):
            raise Failure(f"{trader.name}: {now} messages are unread by the {side}, and "
                          f"{after(trader.reading[side])} to {after(trader.read[side])} must be")


def offers_ordered(trader):
    shown = {m["id"]: m["offer"] for m in all_messages(trader)} if trader.offers else {}
    return all(shown[o.id]["status"] == "ordered" for o in trader.offers if o.trade and o.trade.id)


def summary_right(trader):
    if not trader.notes:
        return True
    listed = trader.buyer.expect(200, "GET", trader.conversation)
    last = trader.buyer.expect(200, "GET", trader.conversation + "/messages?limit=1")["items"]
    return listed["last_message"]["seq"] == max(m["seq"] for m in last)
