#!/usr/bin/env python3
"""What those who run a market do beside it, while it runs and while it does not: operators and keys."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from market import Failure, poll, run, step  # noqa: E402
from people import Person  # noqa: E402


def command(market, *words, status=0):
    done = subprocess.run([market.binary, *words, "--data", market.data], capture_output=True, text=True,
                          env=market.environment(), timeout=60)
    if done.returncode != status:
        raise Failure(f"{' '.join(words)}: status {done.returncode}, expected {status}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def is_over(client, token):
    return client.ask("GET", "/auth/me", token=token).code == "session_ended"


def check_operator(client, person):
    signed = person.sign_in()
    if "operator" not in signed["account"]["roles"]:
        raise Failure(f"the account lacks the role\n{signed.told()}")
    client.expect(200, "GET", "/ops/reports", token=signed["access_token"])


def operators(market, client, ana, bea):
    client.expect(401, "GET", "/ops/reports")
    ana.expect(403, "GET", "/ops/reports", code="operators_only")
    command(market, "operator", "grant", "ana")
    poll("the sessions of before end", lambda: is_over(client, ana.token))
    check_operator(client, ana)
    command(market, "operator", "grant", "nobody", status=1)
    bea.expect(200, "GET", "/auth/me")
    token = ana.sign_in()["access_token"]
    command(market, "operator", "revoke", "ana")
    poll("the operator's sessions end", lambda: is_over(client, token))
    client.expect(403, "GET", "/ops/reports", token=ana.sign_in()["access_token"], code="operators_only")


def kids(client):
    return {key["kid"] for key in client.expect(200, "GET", "/auth/jwks")["keys"]}


def keys(market, client, bea):
    before = kids(client)
    command(market, "keys", "rotate")
    poll("the new key is published", lambda: before < kids(client), limit=20)
    bea.expect(200, "GET", "/auth/me")
    fresh = bea.sign_in()["access_token"]
    client.expect(200, "GET", "/auth/me", token=fresh)
    return before, fresh


def operate(market, _):
    client = market.client
    market.start()
    ana, bea = Person(client, "ana"), Person(client, "bea")
    step("an operator is made, and unmade, while the market runs")
    operators(market, client, ana, bea)
    step("the signing keys rotate while the market runs; tokens of before hold")
    before, fresh = keys(market, client, bea)
    step("the same is done while it is stopped")
    if market.stop() != 0:
        raise Failure("it did not stop in order")
    command(market, "operator", "grant", "bea")
    command(market, "keys", "rotate")
    market.start()
    if len(kids(client)) != 3 or not before < kids(client):
        raise Failure(f"the keys of before are gone: {kids(client)}")
    poll("the sessions of before have ended", lambda: is_over(client, fresh))
    check_operator(client, bea)
    step("a mistyped folder makes no new market")
    wrong = os.path.join(market.folder.name, "nowhere")
    done = subprocess.run([market.binary, "keys", "rotate", "--data", wrong], capture_output=True, text=True)
    if done.returncode != 2 or os.path.exists(wrong) or "nowhere" not in done.stderr:
        raise Failure(f"status {done.returncode}: {done.stderr}")


if __name__ == "__main__":
    run(operate)
