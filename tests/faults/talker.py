"""What a buyer and a seller do in their conversation: they write, attach files, read, and make each other offers."""

from market import Failure
from people import new_key, total_of


class Offer:
    """An offer of the seller. What was acknowledged is noted after the answer, never before."""

    def __init__(self, gig, amount):
        self.gig, self.key = gig, new_key()
        self.form = {"gig_id": gig["id"], "title": f"{amount} cents of owls", "description": "Owls, as discussed.",
                     "price": {"amount": amount, "currency": "USD"}, "delivery_days": 3, "revisions": 1,
                     "client_id": self.key}
        self.id = None
        self.ending = None   # "decline" or "withdraw": begun
        self.ended = False   # and acknowledged
        self.trade = None    # the order that was begun on it

    def order_form(self):
        return {"offer_id": self.id, "expected_total": total_of(self.form["price"]["amount"])}


class Talker:
    """A part of the trader, which has buyer, seller, chance, gigs and got()."""

    def __init__(self):
        self.conversation = None
        self.note = None                            # (key, writer, files) of what is not acknowledged yet
        self.notes = []                             # client ids that are
        self.last_seq = 0                           # of an acknowledged message
        self.read = {"buyer": 0, "seller": 0}       # marks that were acknowledged
        self.reading = {"buyer": 0, "seller": 0}    # marks that may have been set
        self.offers = []
        self.uploaded = {}                          # file id -> its bytes
        self.files = {}                             # those in messages that were acknowledged

    def talk(self, begin_new):
        if not self.conversation:
            answer = self.buyer.ask("POST", "/conversations", {"with": self.seller.username})
            if self.got(answer, 200, 201):
                self.conversation = f"/conversations/{answer['id']}"
            return
        self.chance.choice([self.write, self.write, self.mark_read, self.make_offer, self.end_offer])()

    def write(self):
        if not self.note:
            who = self.chance.choice([self.buyer, self.seller])
            files = self.upload(who) if self.chance.random() < 0.25 else []
            self.note = (new_key(), who, files)
        key, who, files = self.note  # a repeated one has the same sender
        body = {"client_id": key, "text": f"note {key}", "files": files}
        answer = who.ask("POST", self.conversation + "/messages", body)
        if self.got(answer, 200, 201):
            if answer["files"] != files:
                raise Failure(f"the message lacks its files\n{answer.told()}")
            self.files.update({file: self.uploaded[file] for file in files})
            self.keep_message(answer, key)
            self.note = None

    def upload(self, who):
        """The id of a new attachment in a list, or none; one whose answer is cut off belongs to nobody."""
        data = b"%PDF-1.4\n% " + new_key().encode() * self.chance.randint(1, 2000) + b"\n%%EOF\n"
        head = 'Content-Disposition: form-data; name="file"; filename="owl.pdf"\r\nContent-Type: application/pdf'
        body = f"--part\r\n{head}\r\n\r\n".encode() + data + b"\r\n--part--\r\n"
        answer = who.ask("POST", "/files?for=chat", body, {"Content-Type": "multipart/form-data; boundary=part"})
        if not self.got(answer, 201):
            return []
        self.uploaded[answer["id"]] = data
        return [answer["id"]]

    def keep_message(self, answer, key):
        self.notes.append(key)
        self.last_seq = max(self.last_seq, answer["seq"])

    def mark_read(self):
        side = self.chance.choice(["buyer", "seller"])
        seq = self.last_seq
        if not seq:
            return
        self.reading[side] = max(self.reading[side], seq)
        if self.got(getattr(self, side).ask("POST", self.conversation + "/read", {"seq": seq}), 200):
            self.read[side] = max(self.read[side], seq)

    def make_offer(self):
        pending = [o for o in self.offers if not o.id]
        if not pending:
            if not self.gigs or len(self.offers) >= 12:
                return
            gig = self.chance.choice(sorted(self.gigs.values(), key=lambda g: g["id"]))
            pending = [Offer(gig, 500 + self.chance.randint(0, 20_000))]
            self.offers += pending
        offer = pending[0]
        answer = self.seller.ask("POST", self.conversation + "/offers", offer.form)
        if self.got(answer, 200, 201):
            offer.id = answer["id"]
            self.keep_message(answer, offer.key)

    def end_offer(self):
        begun = [o for o in self.offers if o.ending and not o.ended]
        free = begun or self.free_offers()[1:]  # one is left to be ordered
        if not free:
            return
        offer = free[0]
        offer.ending = offer.ending or self.chance.choice(["decline", "withdraw"])
        who = self.buyer if offer.ending == "decline" else self.seller
        offer.ended = self.got(who.ask("POST", f"/offers/{offer.id}/{offer.ending}"), 200)

    def free_offers(self):
        return [o for o in self.offers if o.id and not o.ending and not o.trade]
