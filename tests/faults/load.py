"""People who trade and talk while things break, and what the market answered them meanwhile."""

import collections
import random
import threading
import time

from market import Away, Client, Failure, poll
from people import PASSWORD
from trader import Trader

DEADLINE = 15.0  # seconds that the market gives a request (its servers' handler_timeout)
SLACK = 1.5      # for a machine that is busy

AWAY_STATUSES = (502, 503, 504)


class Tally:
    """Of all answers since reset()."""

    def __init__(self):
        self.guard = threading.Lock()
        self.reset()

    def reset(self):
        with self.guard:
            self.statuses = collections.Counter()
            self.cut_off = 0
            self.longest, self.slowest = 0.0, ""
            self.wrong = []

    def note(self, answer, took):
        with self.guard:
            self.statuses[answer.status] += 1
            self.last(f"{answer.method} {answer.path} ({answer.status})", took)
            if answer.status == 503 and not answer.headers.get("Retry-After"):
                self.wrong.append(f"503 must say when to come again\n{answer.told()}")
            if answer.status == 500:
                self.wrong.append(f"a fault of others must not be ours\n{answer.told()}")

    def note_none(self, what, took):
        with self.guard:
            self.cut_off += 1
            self.last(f"{what} (no answer)", took)

    def last(self, what, took):
        if took > self.longest:
            self.longest, self.slowest = took, what

    def refused(self):
        return sum(self.statuses[s] for s in AWAY_STATUSES) + self.cut_off

    def told_refused(self):
        parts = [f"{self.statuses[s]}×{s}" for s in AWAY_STATUSES if self.statuses[s]]
        return " ".join(parts + ([f"{self.cut_off} cut off"] if self.cut_off else [])) or "none"

    def check(self):
        if self.wrong:
            raise Failure(self.wrong[0])
        if self.longest > DEADLINE + SLACK:
            raise Failure(f"{self.slowest} took {self.longest:.1f} s, and the deadline is {DEADLINE:g} s")


class WatchedClient(Client):
    """Notes what it is answered. While `forgiving`, no service is as no answer: Away."""

    def __init__(self, port, inbox=None):
        super().__init__(port)
        self.inbox = inbox
        self.tally = Tally()
        self.forgiving = False

    def ask(self, method, path, body=None, token=None, headers=None, timeout=20):
        began = time.monotonic()
        try:
            answer = super().ask(method, path, body, token, headers, timeout)
        except Away:
            self.tally.note_none(f"{method} {path}", time.monotonic() - began)
            raise
        self.tally.note(answer, time.monotonic() - began)
        if self.forgiving and answer.status in AWAY_STATUSES:
            raise Away(answer.told())
        return answer

    def mails_to(self, address):
        try:
            return super().mails_to(address)
        except OSError as e:  # the mail server may be what is broken
            raise Away(f"no mails: {e}") from None


class Newcomers:
    """People who only sign up, one after the other: a write into auth's database each."""

    def __init__(self, client, name):
        self.client, self.name = client, name
        self.number = 0
        self.tokens = {}  # of those whose account was acknowledged

    def next_step(self):
        name = f"{self.name}_new{self.number}"
        form = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        answer = self.client.ask("POST", "/auth/signup", form)  # after Away the same one tries again
        if answer.status == 201:
            self.tokens[name] = answer["access_token"]
        elif answer.status != 409:
            raise Failure(f"{name} cannot sign up\n{answer.told()}")
        self.number += 1

    def prove(self):
        for name, token in self.tokens.items():
            me = self.client.expect(200, "GET", "/auth/me", token=token)
            if me["account"]["username"] != name:
                raise Failure(f"{name} has become another\n{me.told()}")


class Looker:
    """Asks one thing again and again, so that what hangs is seen, whatever the others do just now."""

    def __init__(self, client, trader, path):
        self.client, self.trader, self.path = client, trader, path

    def next_step(self):
        if self.trader.buyer.token and self.trader.is_seller:
            path = self.path.format(seller=self.trader.seller.username)
            answer = self.client.ask("GET", path, token=self.trader.buyer.token)
            if answer.status not in (200, 404):  # 404: another service may not have heard of them yet
                raise Failure(f"cannot be looked at\n{answer.told()}")


LOOKED_AT = ("/auth/me", "/gigs/search?seller={seller}", "/orders?role=buyer", "/sellers/{seller}",
             "/sellers/{seller}/reviews", "/conversations")


class Load:
    """Traders and others, each on a thread of its own between begin() and end()."""

    def __init__(self, client, names, seed):
        self.client = client
        self.traders = [Trader(client, name, random.Random(f"{seed} {name}")) for name in names]
        self.newcomers = Newcomers(client, names[0])
        self.others = [self.newcomers, *(Looker(client, self.traders[0], path) for path in LOOKED_AT)]
        self.threads, self.failures = [], []
        self.stopping = threading.Event()

    def begin(self):
        self.stopping.clear()
        self.client.forgiving = True
        self.threads = [threading.Thread(target=self.work, args=(who, pause), daemon=True)
                        for group, pause in ((self.traders, 0.03), (self.others, 0.3)) for who in group]
        for thread in self.threads:
            thread.start()

    def end(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)
            if thread.is_alive():
                raise Failure("a call did not end within 30 s")
        self.client.forgiving = False
        if self.failures:
            raise Failure(f"under load: {self.failures.pop()}")

    def work(self, who, pause):
        while not self.stopping.is_set():
            try:
                who.next_step()
                self.stopping.wait(pause)  # two cores are enough for all of this
            except Away:
                self.stopping.wait(max(pause, 0.15))
            except Exception as e:  # noqa: BLE001 a failure in a thread must reach the test
                self.failures.append(f"{type(who).__name__}: {type(e).__name__}: {e}")
                return

    def acknowledged(self):
        return sum(t.acknowledged for t in self.traders) + len(self.newcomers.tokens)

    def await_progress(self, limit=30.0):
        """Until each trader was told of something more that it was done."""
        before = [t.acknowledged for t in self.traders]

        def all_went_on():
            return self.failures or all(t.acknowledged > b for t, b in zip(self.traders, before))
        poll("everybody's work goes on", all_went_on, limit)

    def finish(self, limit=90.0):
        """Brings every trade that was begun to its end."""
        end = time.monotonic() + limit
        self.client.forgiving = True
        while True:
            open_ones = [t for t in self.traders if t.open_trades()]
            if not open_ones:
                break
            for trader in open_ones:
                try:
                    trader.next_step(begin_new=False)
                except Away:
                    time.sleep(0.1)  # not to press whom is just back
            if time.monotonic() > end:
                raise Failure(f"{open_ones[0].name} cannot finish: {open_ones[0].open_trades()[0].told()}")
        self.client.forgiving = False
