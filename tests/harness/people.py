"""What people do in a market, one function an action; each gives what the market answered."""

import concurrent.futures
import re
import uuid

from market import Failure, poll

PASSWORD = "a long enough pass phrase"
CARD = {"card": "4242424242424242", "expiry": "12/39", "cvc": "123"}


def new_key():
    return str(uuid.uuid4())


def total_of(price):
    """What the buyer pays: 5.5 % more, rounded half up, and 2.00 under 75.00 (minor units)."""
    return price + (price * 55 + 500) // 1000 + (200 if price < 7500 else 0)


def share_of(price):
    """What the seller gets of a price: less 20 %, rounded half up."""
    return price - (price * 20 + 50) // 100


class Person:
    """Somebody with an account."""

    def __init__(self, client, username, **profile):
        self.client, self.username = client, username
        self.email = f"{username}@example.com"
        form = {"username": username, "email": self.email, "password": PASSWORD, **profile}
        made = client.expect(201, "POST", "/auth/signup", form)
        self.id = made["account"]["id"]
        self.token, self.refresh, self.device = made["access_token"], made["refresh_token"], made["device_token"]

    def sign_in(self):
        """Another session, from the device that signed up."""
        form = {"login": self.username, "password": PASSWORD, "device_token": self.device}
        return self.client.expect(200, "POST", "/auth/signin", form)

    def sign_in_elsewhere(self):
        """Another session, from a device that the account does not know: a code is mailed."""
        before = {m["id"] for m in self.mails()}
        form = {"login": self.username, "password": PASSWORD, "device": "A test's other device"}
        asked = self.client.expect(202, "POST", "/auth/signin", form)
        if asked["method"] != "email_otp":
            raise Failure(f"method must be email_otp\n{asked.told()}")
        code = poll("a mail with the code", lambda: first(code_of(m) for m in self.mails() if m["id"] not in before))
        return self.client.expect(200, "POST", "/auth/signin/otp",
                                  {"challenge_id": asked["challenge_id"], "code": code})

    def token_mailed(self, words):
        """The token in the newest mail with a link to one of the words."""
        def found():
            links = [link for m in self.mails() for link in m["links"] if words in link]
            return first(re.search(r"token=([^&\s]+)", link) for link in links)
        return poll(f"a mail with a link to {words}", found).group(1)

    def ask(self, method, path, body=None, headers=None):
        return self.client.ask(method, path, body, self.token, headers)

    def expect(self, status, method, path, body=None, headers=None, code=None):
        return self.client.expect(status, method, path, body, self.token, headers, code)

    def mails(self):
        return self.client.mails_to(self.email)

    def verify_email(self):
        token = self.token_mailed("/verify")
        self.client.expect((200, 204), "POST", "/auth/email/verify", {"token": token})
        me = self.expect(200, "GET", "/auth/me")
        account = me.json.get("account", me.json)
        if account.get("email_verified") is not True:
            raise Failure(f"the address is still not verified\n{me.told()}")

    def become_seller(self):
        return self.expect(201, "POST", "/sellers", seller_form())


def sign_up_many(client, count, prefix="talker"):
    """So many people, some at a time; the market takes no more password work than it can do."""
    def one(number):
        def signed():
            try:
                return Person(client, f"{prefix}{number}")
            except Failure as e:
                if "overloaded" in str(e):
                    return None
                raise
        return poll("a person is signed up", signed, 60)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return list(pool.map(one, range(count)))


def pair_up(people):
    """Each two get a conversation, whose id both have as `conversation`."""
    for ana, ben in zip(people[::2], people[1::2]):
        def opened(ana=ana, ben=ben):
            answer = ana.ask("POST", "/conversations", {"with": ben.username})
            return answer.json if answer.status in (200, 201) else None
        ana.conversation = ben.conversation = poll("chat knows both", opened, 60)["id"]


def code_of(mail):
    """The code of a sign-in that a mail holds, if it does."""
    found = re.search(r"\b(\d{6})\b", mail["text"])
    return found.group(1) if found else None


def first(values):
    return next((v for v in values if v), None)


def seller_form():
    return {
        "headline": "Logos drawn by hand", "description": "I have drawn logos for small shops for twelve years.",
        "skills": ["drawing", "typography"], "languages": [{"code": "en", "level": "fluent"}],
        "education": [], "experience": [], "certificates": [], "links": [], "response_time_hours": 4,
    }


def gig_form(client, title="I will draw a logo for your small shop", amount=5000):
    categories = client.expect(200, "GET", "/categories")["items"]
    category = categories[0]
    return {
        "title": title,
        "description": "You get three sketches to choose from, two rounds of changes and all the files "
                       "that a printer or a web site asks for. I answer on working days within hours.",
        "category": category["id"], "subcategory": category["subcategories"][0]["id"],
        "tags": ["logo", "branding"],
        "packages": [{
            "name": name, "title": f"The {name} one", "description": "Sketches, changes and files.",
            "price": {"amount": amount * (i + 1), "currency": "USD"}, "delivery_days": 3 + i, "revisions": 1 + i,
        } for i, name in enumerate(("basic", "standard", "premium"))],
        "faq": [{"question": "Whose is the logo?", "answer": "Yours, once you accept it."}],
        "images": [],
    }


def order_form(gig, package="basic"):
    price = next(p["price"] for p in gig["packages"] if p["name"] == package)
    return {"gig_id": gig["id"], "package": package, "expected_total": total_of(price["amount"])}
