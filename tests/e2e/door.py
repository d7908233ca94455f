#!/usr/bin/env python3
"""The door against enemies: bytes that are no honest request, slow clients, HTTPS and its certificates, figures."""

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from market import Failure, free_port, poll, run, step  # noqa: E402
from people import PASSWORD  # noqa: E402


def raw(market, data, wait=10):
    """All that the market answers to these bytes until it closes; they end what is sent."""
    with socket.create_connection(("127.0.0.1", market.port), timeout=wait) as line:
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while part := line.recv(65536):
            answer += part
        return answer


def statuses(answer):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


HOST = b"Host: localhost\r\n"
SMUGGLED = b"GET /internal/events HTTP/1.1\r\nHost: localhost\r\n\r\n"

# What it is, its bytes, and the statuses that it is answered with: one, for what follows is not read.
HOSTILE = [
    ("two ways to tell the length", b"POST /api/v1/auth/signin HTTP/1.1\r\n" + HOST +
     b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED, [400]),
    ("two lengths", b"POST /api/v1/auth/signin HTTP/1.1\r\n" + HOST +
     b"Content-Length: 2\r\nContent-Length: 99\r\n\r\n{}" + SMUGGLED, [400]),
    ("a chunk that is no number", b"POST /api/v1/auth/signin HTTP/1.1\r\n" + HOST +
     b"Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n" + SMUGGLED, [400]),
    ("bare line feeds", b"GET /healthz HTTP/1.1\nHost: localhost\n\n" + SMUGGLED, [400]),
    ("a folded line", b"GET /healthz HTTP/1.1\r\nX: a\r\n b\r\n" + HOST + b"\r\n" + SMUGGLED, [400]),
    ("a space before a colon", b"GET /healthz HTTP/1.1\r\nHost : localhost\r\n\r\n" + SMUGGLED, [400]),
    ("a NUL", b"GET /healthz HTTP/1.1\r\nX: \0\r\n" + HOST + b"\r\n" + SMUGGLED, [400]),
    ("two hosts", b"GET /healthz HTTP/1.1\r\n" + HOST + b"Host: evil\r\n\r\n" + SMUGGLED, [400]),
    ("another host in the target", b"GET http://evil/healthz HTTP/1.1\r\n" + HOST + b"\r\n" + SMUGGLED, [400]),
    ("a way out by dots", b"GET /api/v1/gigs/../../internal/events HTTP/1.1\r\n" + HOST + b"\r\n" + SMUGGLED, [400]),
    ("TRACE", b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n" + SMUGGLED, [405]),
    ("a long target", b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n" + SMUGGLED, [414]),
    ("a large header", b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 20000 + b"\r\n\r\n" + SMUGGLED, [431]),
    ("many headers", b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: 1\r\n" * 500 + b"\r\n" + SMUGGLED, [431]),
    ("another expectation", b"POST /api/v1/auth/signin HTTP/1.1\r\n" + HOST +
     b"Expect: tea\r\nContent-Length: 2\r\n\r\n{}" + SMUGGLED, [417]),
    ("a large body in chunks", b"POST /api/v1/auth/signin HTTP/1.1\r\n" + HOST +
     b"Transfer-Encoding: chunked\r\n\r\n" + b"10000\r\n" + b"a" * 65536 + b"\r\n10000\r\n" + b"a" * 65536 +
     b"\r\n0\r\n\r\n" + SMUGGLED, [413]),
    ("encoded slashes", b"GET /api/v1/gigs/..%2F..%2Finternal%2Fevents HTTP/1.1\r\n" + HOST +
     b"Connection: close\r\n\r\n", [404]),
    ("encoded letters", b"GET /api/v1/%69nternal/events HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", [404]),
    ("the inside, asked for plainly", SMUGGLED, [404]),
    ("numbers that JSON has not", b"POST /api/v1/auth/signin HTTP/1.1\r\n" + HOST +
     b"Content-Type: application/json\r\nContent-Length: 15\r\nConnection: close\r\n\r\n{\"login\": 1e999}",
     [400]),
    ("a thousand requests at once", (b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n") * 1000, [200] * 1000),
]


def enemies(market, _):
    market.start()
    for what, data, wanted in HOSTILE:
        got = statuses(raw(market, data))
        if got != wanted:
            raise Failure(f"{what}: answered with {got[:5]}, not {wanted[:5]}")
        if market.client.ask("GET", "/healthz").status != 200:
            raise Failure(f"after {what}: the next request was not answered")
    step(f"{len(HOSTILE)} kinds of hostile bytes, each refused, and the next request is answered")
    half = [b"GET /healthz HTTP/1.1\r\nHos", b"POST /api/v1/auth/signin HTTP/1.1\r\n" + HOST +
            b"Content-Length: 10\r\n\r\n{"]
    for data in half:
        with socket.create_connection(("127.0.0.1", market.port), timeout=10) as line:
            line.sendall(data)
            if statuses(line.recv(65536)) != [408]:
                raise Failure("a client that stops in the middle must get 408")
    step("who stops in the middle gets 408")
    figures(market)


def figures(market):
    port = next(int(s.rsplit(":", 1)[1]) for s in market.settings if s.startswith("metrics="))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    for wanted in ('oficio_http_request_duration_seconds_count{route="/healthz",method="GET",status="2xx"}',
                   'oficio_pool_queue_depth{pool="blocking"}', 'oficio_events_queue_waiting{queue=',
                   'oficio_events_outbox_waiting{service="auth"}', 'oficio_sql_sessions_most{service="auth"}',
                   "process_resident_memory_bytes", "oficio_http_requests_in_flight"):
        if wanted not in text:
            raise Failure(f"the figures lack {wanted}\n{text[:3000]}")
    if "/internal" in text or "%2F" in text:
        raise Failure("the figures name a path that a client made up")
    step(f"{len(text.splitlines())} lines of figures")


def certificate(folder, name):
    key, cert = os.path.join(folder, name + ".key"), os.path.join(folder, name + ".pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost",
                    "-keyout", key, "-out", cert], check=True, capture_output=True)
    return cert, key


def refuses(market, settings, named):
    command = market.command() + [word for s in settings for word in ("--set", s)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, env=market.environment())
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    if done.returncode != 2 or len(lines) != 1 or named not in lines[0]:
        raise Failure(f"expected status 2 and one line with {named!r}, got {done.returncode} and {lines}")
    step(f"status 2: {lines[0]}")


def https(market, _):
    folder = market.folder.name
    first, second = certificate(folder, "first"), certificate(folder, "second")
    shown = os.path.join(folder, "shown.pem"), os.path.join(folder, "shown.key")

    def show(pair):
        shutil.copy(pair[0], shown[0])
        shutil.copy(pair[1], shown[1])

    refuses(market, [f"tls.certificate={first[0]}"], "tls.key")
    refuses(market, [f"tls.certificate={first[0]}", f"tls.key={second[1]}"], "tls.key")
    refuses(market, [f"tls.certificate={folder}/none.pem", f"tls.key={first[1]}"], "tls.certificate")
    show(first)
    market.settings += [f"tls.certificate={shown[0]}", f"tls.key={shown[1]}"]
    market.client.tls = ssl.create_default_context(cafile=first[0])
    market.start()
    answer = market.client.expect(201, "POST", "/auth/signup", {
        "username": "ana", "email": "ana@example.com", "password": PASSWORD})
    cookies = answer.headers.get_all("Set-Cookie") or []
    if not cookies or any("; Secure" not in c for c in cookies):
        raise Failure(f"cookies over HTTPS must be Secure: {cookies}")
    if "max-age" not in (answer.headers.get("Strict-Transport-Security") or ""):
        raise Failure("over HTTPS there must be Strict-Transport-Security")
    step("HTTPS: cookies are Secure, and browsers are told to stay with it")
    reloading(market, second, show)


def reloading(market, second, show):
    def shown_now():
        return ssl.get_server_certificate(("127.0.0.1", market.port), timeout=5)

    with open(second[0], encoding="ascii") as pem:
        wanted = ssl.PEM_cert_to_DER_cert(pem.read())
    before = shown_now()
    market.client.expect(200, "GET", "/healthz")
    kept = market.client.local.connection
    show((second[0], second[0]))
    market.process.send_signal(signal.SIGHUP)
    poll("the log says that the pair is no good", lambda: "the old one stays" in market.log_tail())
    if shown_now() != before:
        raise Failure("a pair that is no good must not be used")
    show(second)
    market.process.send_signal(signal.SIGHUP)
    poll("new connections get the new certificate", lambda: ssl.PEM_cert_to_DER_cert(shown_now()) == wanted)
    market.client.expect(200, "GET", "/healthz")
    if market.client.local.connection is not kept:
        raise Failure("the connection from before was dropped")
    step("SIGHUP: a bad pair changes nothing; a good one is shown to new connections, the old ones live on")


if __name__ == "__main__":
    quick = ["http.header_timeout=400ms", "http.body_timeout=400ms", "http.max_body=100000"]
    run(enemies, [*quick, f"metrics=127.0.0.1:{free_port()}"])
    run(https)
