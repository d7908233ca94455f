"""What must hold after any number of kills."""

import collections
import os
import sqlite3

from market import Failure, poll
from people import share_of
from talk_proofs import offers_ordered, prove_talk, summary_right


def pages(person, path):
    """All items of a list, page by page."""
    items, cursor = [], None
    while True:
        sign = "&" if "?" in path else "?"
        page = person.expect(200, "GET", path + sign + "limit=100" + (f"&cursor={cursor}" if cursor else ""))
        items += page["items"]
        cursor = page.json.get("next_cursor")
        if not cursor:
            return items


def prove_round(trader, gigs_within=0.0):
    """After a kill: what was acknowledged is there. Right away, not eventually; but where the search server was away
    the gigs' own events bring them there, within so many seconds."""
    for member in (trader.buyer, trader.seller):
        if member.token:
            member.expect(200, "GET", "/auth/me")
    if trader.gigs:
        poll("gigs", lambda: gigs_there(trader), gigs_within)
    for trade in trader.trades:
        if trade.id:
            trader.note_state(trade, trader.buyer.expect(200, "GET", f"/orders/{trade.id}"))
    prove_talk(trader)


def gigs_there(trader):
    mine = {g["id"] for g in pages(trader.seller, "/gigs/mine?active=true")}
    if set(trader.gigs) - mine:
        raise Failure(f"acknowledged gigs are gone: {set(trader.gigs) - mine}")
    if len(mine) > len(trader.gig_plan):
        raise Failure(f"{len(trader.gig_plan)} keys made {len(mine)} gigs")
    return True


def prove_all(market, traders, charges_of=None):
    """`charges_of`: all who have ever paid in this market, when those are more."""
    for trader in traders:
        prove_one_order_a_key(trader)
        prove_talk(trader, len(trader.files))
        prove_found(market, trader)
        prove_ratings(market, trader)
        prove_balance(trader)
        poll(f"{trader.name}: the conversation's summary is right", lambda t=trader: summary_right(t))
        poll(f"{trader.name}: offers that were ordered say so", lambda t=trader: offers_ordered(t))
    prove_charges(market, [t for trader in charges_of or traders for t in trader.trades])


def prove_one_order_a_key(trader):
    placed = pages(trader.buyer, "/orders?role=buyer")
    if len(placed) != len(trader.trades):
        raise Failure(f"{trader.name}: {len(trader.trades)} keys made {len(placed)} orders")
    for trade in trader.trades:
        again = trader.buyer.expect((200, 201), "POST", "/orders", trade.form, {"Idempotency-Key": trade.key})
        if again["id"] != trade.id:
            raise Failure(f"one key, two orders: {trade.id} and\n{again.told()}")


def prove_charges(market, trades):
    """The sandbox provider's own books: one charge for each paid order, and no other money is held."""
    wanted = collections.Counter(t.order["total"]["amount"] for t in trades if 1 <= t.rank <= 4)
    last = {}

    def equal():
        last["charged"] = collections.Counter(amount for amount in held_amounts(market) if amount != 0)
        return last["charged"] == wanted
    try:
        poll("charges and refunds", equal, limit=60)  # a cut-off attempt is looked into after half a minute
    except Failure:
        raise Failure(f"charges without an order: {last['charged'] - wanted}, "
                      f"orders without a charge: {wanted - last['charged']}") from None


def held_amounts(market):
    """What is left of each payment attempt: its charge and its refund, which is negative."""
    books = sqlite3.connect(f"file:{os.path.join(market.data, 'payments.db')}?mode=ro", uri=True)
    try:
        rows = books.execute("SELECT SUM(amount) FROM movements GROUP BY attempt_id").fetchall()
    finally:
        books.close()
    return [amount for amount, in rows]


def prove_found(market, trader):
    for gig in trader.gigs:
        poll(f"gig {gig} can be read", lambda gig=gig: market.client.ask("GET", f"/gigs/{gig}").status == 200)
    def found():
        page = market.client.expect(200, "GET", f"/gigs/search?seller={trader.seller.username}&limit=100")
        return page["total"] == len(trader.gigs)
    if trader.gigs:
        poll(f"the search finds all gigs of {trader.seller.username}", found)


def prove_ratings(market, trader):
    """Averages and counts, at the seller and at each gig, are those of the acknowledged reviews."""
    by_gig = collections.defaultdict(list)
    for trade in trader.trades:
        if trade.reviews and trade.done():
            by_gig[trade.gig["id"]].append(trade.reviews["buyer"])
    if not by_gig:
        return
    everything = [rating for ratings in by_gig.values() for rating in ratings]
    compare_rating(market, f"/sellers/{trader.seller.username}", everything)
    for gig, ratings in by_gig.items():
        compare_rating(market, f"/gigs/{gig}", ratings)
    published = pages_of_visitor(market, f"/sellers/{trader.seller.username}/reviews")
    if sorted(r["rating"] for r in published) != sorted(everything):
        raise Failure(f"{trader.name}: published reviews differ from the acknowledged ones")
    if not all(r["reply"] for r in published):
        raise Failure(f"{trader.name}: acknowledged replies are gone")


def pages_of_visitor(market, path):
    class Visitor:
        def expect(self, *arguments):
            return market.client.expect(*arguments)
    return pages(Visitor(), path)


def compare_rating(market, path, ratings):
    histogram = [ratings.count(n) for n in range(1, 6)]
    last = {}

    def equal():
        last.update(market.client.expect(200, "GET", path)["rating"])
        return last["count"] == len(ratings) and last["histogram"] == histogram
    try:
        poll(f"{path} has the rating of its {len(ratings)} reviews", equal)
    except Failure as e:
        raise Failure(f"{e}\nexpected {histogram}, got {last}") from None
    average = sum(ratings) / len(ratings)
    if abs(float(last["average"]) - average) > 0.011:
        raise Failure(f"{path}: average {last['average']}, expected {average:.4f}")


def prove_balance(trader):
    wanted = sum(share_of(t.order["price"]["amount"]) for t in trader.trades if t.rank == 4)
    last = {}

    def equal():
        last.update(trader.seller.expect(200, "GET", "/earnings").json)
        return last["available"]["amount"] == wanted
    try:
        poll("balance", equal)
    except Failure:
        raise Failure(f"{trader.name}: available must be {wanted}, got {last}") from None
