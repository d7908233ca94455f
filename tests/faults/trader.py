"""A buyer and a seller who trade, are cut off at any moment, and go on with the same keys afterwards."""

from market import Failure
from people import CARD, PASSWORD, Person, code_of, first, gig_form, new_key, order_form, seller_form
from talker import Talker

RANK = {"pending_payment": 0, "awaiting_requirements": 1, "in_progress": 2, "delivered": 3, "completed": 4,
        "cancelled": 5}


class Member:
    """An account whose sign-up may have been cut off: then it signs in."""

    def __init__(self, client, username):
        self.client, self.username = client, username
        self.token = None
        self.challenge = None  # of a sign-in that waits for its code
        self.tried = set()     # mails whose codes were answered

    def enter(self):
        """True once there is a token."""
        if self.token:
            return True
        if self.challenge:
            return self.answer_challenge()
        form = {"username": self.username, "email": f"{self.username}@example.com", "password": PASSWORD}
        answer = self.client.ask("POST", "/auth/signup", form)
        if answer.status == 409:
            answer = self.client.ask("POST", "/auth/signin", {"login": self.username, "password": PASSWORD})
        if answer.status in (200, 201):
            self.token = answer["access_token"]
        elif answer.status == 202:
            self.challenge = answer["challenge_id"]
        elif answer.status != 503:
            raise Failure(f"{self.username} cannot sign up\n{answer.told()}")
        return bool(self.token)

    def answer_challenge(self):
        """True if a code that was mailed is the right one and the answer came through."""
        mails = self.client.mails_to(f"{self.username}@example.com")
        code = first(code_of(m) for m in mails if m["id"] not in self.tried)
        if not code:
            return False
        self.tried.update(m["id"] for m in mails if code_of(m) == code)
        answer = self.client.ask("POST", "/auth/signin/otp", {"challenge_id": self.challenge, "code": code})
        if answer.status == 200:
            self.token = answer["access_token"]
        if answer.code == "invalid_challenge":  # the answer to an earlier try was cut off
            self.challenge = None
        return bool(self.token)

    ask = Person.ask
    expect = Person.expect


class Trade:
    """An order on its way. What was acknowledged is noted after the answer, never before."""

    def __init__(self, gig, form, doomed):
        self.gig, self.form = gig, form
        self.doomed = doomed  # its buyer will pay and then cancel
        self.key, self.pay_key = new_key(), new_key()
        self.id, self.rank, self.order = None, -1, None
        self.reviews = {}  # by side: the rating that was acknowledged
        self.ratings = {"buyer": 0, "seller": 0}
        self.review_id = None  # of the buyer's review
        self.replied = False
        self.reply_key = new_key()

    def done(self):
        return self.replied or self.rank == RANK["cancelled"]

    def told(self):
        return f"order {self.id}, rank {self.rank}, reviews {self.reviews}, last answer {self.last}"

    last = None


class Trader(Talker):
    def __init__(self, client, name, chance):
        super().__init__()
        self.client, self.name, self.chance = client, name, chance
        self.buyer, self.seller = Member(client, name + "_buyer"), Member(client, name + "_seller")
        self.is_seller = False
        self.gig_plan, self.gigs = [], {}      # plan: (key, form); acknowledged: id -> gig
        self.trades = []
        self.acknowledged = 0

    def open_trades(self):
        return [t for t in self.trades if not t.done()]

    def got(self, answer, *fine):
        """True if it is done; False if the market asks for patience; Failure otherwise."""
        if answer.status in fine:
            self.acknowledged += 1
            return True
        # Another service may not have heard of the thing yet (404, 403), or works it off just now (503).
        if answer.status in (403, 404, 409, 503):
            return False
        raise Failure(f"unexpected\n{answer.told()}")

    def next_step(self, begin_new=True):
        if not (self.buyer.enter() and self.seller.enter() and self.sell()):
            return
        steps = [self.advance] * 3
        if begin_new:
            steps += [self.publish] + [self.talk] * 3
        if not self.gigs:
            steps = [self.publish]
        self.chance.choice(steps)(begin_new)

    def sell(self):
        if not self.is_seller:
            answer = self.seller.ask("POST", "/sellers", seller_form())
            self.is_seller = answer.status == 409 or self.got(answer, 200, 201)
        return self.is_seller

    def publish(self, _):
        if len(self.gigs) >= 4:
            return
        if len(self.gig_plan) == len(self.gigs):
            title = f"I will draw logo number {len(self.gigs)} of {self.name}"
            self.gig_plan.append((new_key(), gig_form(self.client, title, 1000 * self.chance.randint(2, 20))))
        key, form = self.gig_plan[-1]
        answer = self.seller.ask("POST", "/gigs", form, {"Idempotency-Key": key})
        if self.got(answer, 200, 201):
            self.gigs[answer["id"]] = answer.json

    def advance(self, begin_new):
        waiting = self.open_trades()
        if begin_new and len(waiting) < 3:
            self.trades.append(self.new_trade(doomed=self.chance.random() < 0.2))
            waiting = self.open_trades()
        if waiting:
            self.advance_one(self.chance.choice(waiting))

    def new_trade(self, doomed):
        offers = self.free_offers()
        if offers:
            offers[0].trade = Trade(offers[0].gig, offers[0].order_form(), doomed)
            return offers[0].trade
        gig = self.chance.choice(sorted(self.gigs.values(), key=lambda g: g["id"]))
        package = self.chance.choice(["basic", "standard", "premium"])
        return Trade(gig, order_form(gig, package), doomed)

    def advance_one(self, trade):
        if trade.id is None:
            answer = self.buyer.ask("POST", "/orders", trade.form, {"Idempotency-Key": trade.key})
            if self.got(answer, 200, 201):
                trade.id = answer["id"]
                self.note_state(trade, answer)
            return
        path = f"/orders/{trade.id}"
        now = self.buyer.expect(200, "GET", path)
        self.note_state(trade, now)
        status = now["status"]
        if status == "cancelled":
            return
        if status == "completed":
            self.review(trade, path)
            return
        who, action, body, key = {
            "pending_payment": (self.buyer, "/pay", {"method": CARD}, trade.pay_key),
            "awaiting_requirements": (self.buyer, "/requirements", {"text": "An owl, please."}, None),
            "in_progress": (self.seller, "/deliver", {"message": "Here it is."}, None),
            "delivered": (self.buyer, "/accept", {}, None),
        }[status]
        if trade.doomed and status == "awaiting_requirements":
            action, body = "/cancel", {"reason": "We changed our minds."}
        answer = who.ask("POST", path + action, body, {"Idempotency-Key": key} if key else None)
        trade.last = f"{action}: {answer.status} {answer.code}"
        if self.got(answer, 200, 202):
            self.note_state(trade, answer)
        elif action == "/pay" and answer.code == "payment_failed":
            trade.pay_key = new_key()

    def note_state(self, trade, answer):
        rank = RANK.get(answer["status"], -1)
        if rank < trade.rank:
            raise Failure(f"the order went back in time, it was at rank {trade.rank}\n{answer.told()}")
        trade.rank, trade.order = rank, answer.json

    def review(self, trade, path):
        if len(trade.reviews) == 2:
            return self.reply(trade)
        side = "buyer" if "buyer" not in trade.reviews else "seller"
        who = self.buyer if side == "buyer" else self.seller
        trade.ratings[side] = trade.ratings[side] or self.chance.randint(1, 5)
        body = {"rating": trade.ratings[side], "text": f"A review by the {side}."}
        answer = who.ask("POST", path + "/review", body, {"Idempotency-Key": f"{trade.key}-{side}"})
        trade.last = f"/review by {side}: {answer.status} {answer.code}"
        if self.got(answer, 200, 201):
            trade.reviews[side] = trade.ratings[side]
            trade.review_id = answer["id"] if side == "buyer" else trade.review_id

    def reply(self, trade):
        body, key = {"text": "Come again."}, {"Idempotency-Key": trade.reply_key}
        answer = self.seller.ask("POST", f"/reviews/{trade.review_id}/reply", body, key)
        trade.last = f"/reply: {answer.status} {answer.code}"
        trade.replied = self.got(answer, 200, 201)
