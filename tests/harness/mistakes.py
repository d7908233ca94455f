"""What people get who knock at the wrong door, or ask badly."""

from market import Failure
from people import PASSWORD, gig_form

ANYBODYS = [  # need a session, whosever
    ("GET", "/auth/me"), ("POST", "/auth/signout"), ("POST", "/auth/signout-all"), ("GET", "/auth/sessions"),
    ("DELETE", "/auth/sessions/1"), ("POST", "/auth/password/change"),
    ("POST", "/auth/email/resend"), ("GET", "/users/me"), ("PATCH", "/users/me"), ("GET", "/users/me/activity"),
    ("POST", "/users/me/activity/read"), ("POST", "/sellers"), ("GET", "/sellers/me"), ("PATCH", "/sellers/me"),
    ("POST", "/gigs"), ("GET", "/gigs/mine"), ("GET", "/conversations"), ("POST", "/conversations"),
    ("POST", "/orders"), ("GET", "/orders"), ("GET", "/earnings"),
]


def check_closed_doors(client, stranger, order, gig, conversation):
    theirs = [  # are two people's alone, or one's
        ("GET", f"/orders/{order}", None),
        ("POST", f"/orders/{order}/pay", {"method": {"card": "4242424242424242", "expiry": "12/39", "cvc": "123"}}),
        ("POST", f"/orders/{order}/requirements", {"text": "not mine"}),
        ("POST", f"/orders/{order}/deliver", {"message": "not mine"}),
        ("POST", f"/orders/{order}/accept", {}), ("POST", f"/orders/{order}/cancel", {"reason": "not mine"}),
        ("POST", f"/orders/{order}/review", {"rating": 1, "text": "I was not even there."}),
        ("GET", f"/conversations/{conversation}", None), ("GET", f"/conversations/{conversation}/messages", None),
        ("POST", f"/conversations/{conversation}/messages", {"client_id": "x-1", "text": "let me in"}),
        ("POST", f"/conversations/{conversation}/read", {"seq": 1}),
        ("PATCH", f"/gigs/{gig}", {"title": "I will take over somebody's gig"}), ("DELETE", f"/gigs/{gig}", None),
        ("PUT", f"/gigs/{gig}/active", {"active": False}),
    ]
    for method, path in ANYBODYS:
        client.expect(401, method, path, {} if method != "GET" else None)
    for method, path, body in theirs:
        client.expect(401, method, path, body)
        stranger.expect((403, 404), method, path, body)
    client.expect(401, "GET", "/auth/me", token="not.a.token")
    for path in ("/internal/events", "/internal/sessions/ended"):
        client.expect(404, "GET", path)
    stranger.expect((403, 404), "GET", "/sellers/me")
    stranger.expect((403, 404), "POST", "/gigs", gig_form(client))
    # Who never sold has earned nothing; whether that is told or refused is the market's choice.
    earned = stranger.expect((200, 403, 404), "GET", "/earnings")
    if earned.status == 200 and earned["entries"]["items"]:
        raise Failure(f"a stranger sees somebody's earnings\n{earned.told()}")


def check_mistakes(client, seller, gig):
    client.expect(404, "GET", "/no/such/thing")
    wrong = client.expect(405, "DELETE", "/auth/signup")
    if "POST" not in (wrong.headers.get("Allow") or ""):
        raise Failure(f"405 must say Allow: POST, not {wrong.headers.get('Allow')!r}\n{wrong.told()}")
    client.expect(400, "POST", "/auth/signup", b"{ this is no JSON", code="malformed_json")
    client.expect(415, "POST", "/auth/signup", b"username=x", headers={"Content-Type": "text/plain"})
    bad = client.expect(422, "POST", "/auth/signup", {"username": "!", "email": "nowhere", "password": "short"})
    must_point_at(bad, "/username", "/email", "/password")
    form = {"username": "samuel", "email": "other@example.com", "password": PASSWORD}
    client.expect((409, 422), "POST", "/auth/signup", form)
    client.expect(401, "POST", "/auth/signin", {"login": "samuel", "password": "not the pass phrase"})
    client.expect(401, "POST", "/auth/signin", {"login": "nobody", "password": "not the pass phrase"})
    short = dict(gig_form(client), title="short", tags=[])
    must_point_at(seller.expect(422, "POST", "/gigs", short), "/title", "/tags")
    odd = dict(gig_form(client), title=5, colour="blue")
    must_point_at(seller.expect(422, "POST", "/gigs", odd), "/title", "/colour")
    cheap = gig_form(client, amount=1)
    must_point_at(seller.expect(422, "POST", "/gigs", cheap), "/packages/0/price")
    must_point_at(client.expect(422, "GET", "/gigs/search?limit=0"), "?limit")
    client.expect(400, "GET", "/gigs/search?cursor=nonsense", code="bad_cursor")
    client.expect(404, "GET", "/gigs/00000000-0000-7000-8000-000000000000")
    client.expect(404, "GET", "/users/nobody-at-all")
    client.expect(413, "POST", "/auth/signup", b" " * (2 * 1024 * 1024))
    seller.expect(422, "PUT", f"/gigs/{gig['id']}/active", {"active": "perhaps"})


def must_point_at(answer, *pointers):
    """Each of the pointers (or one below it) is among the answer's errors."""
    told = [e.get("pointer", "") for e in answer.json.get("errors", [])]
    for wanted in pointers:
        if not any(p == wanted or p.startswith(wanted + "/") for p in told):
            raise Failure(f"errors must name {wanted}, they name {told}\n{answer.told()}")
