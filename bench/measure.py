#!/usr/bin/env python3
"""Starts the program and a peer (nginx with a static answer of the same size) and measures both by wrk."""

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.parse

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "tests", "harness"))

from figures import write_down  # noqa: E402
from market import Market, free_port, poll  # noqa: E402
from people import PASSWORD, Person, order_form  # noqa: E402

POST = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = %(token)s
wrk.body = %(body)s
"""
# Each thread counts its own keys: no two requests share one.
# Each request takes the next body.
TURNS = """wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local bodies = {%(bodies)s}
local at = 0
request = function()
  at = at %% #bodies + 1
  return wrk.format(nil, nil, nil, bodies[at])
end
"""

KEYED = POST + """
local id = 0
function setup(thread) id = id + 1; thread:set("me", id) end
local count = 0
function request()
  count = count + 1
  wrk.headers["Idempotency-Key"] = "bench-%(run)s-" .. me .. "-" .. count
  return wrk.format()
end
"""


def lua(text):
    return "[==[" + text + "]==]"


class Peer:
    """nginx with one worker, which answers a fixed body from a file."""

    def __init__(self, folder, body):
        self.port = free_port()
        os.makedirs(os.path.join(folder, "logs"), exist_ok=True)
        with open(os.path.join(folder, "page.json"), "wb") as page:
            page.write(body)
        with open(os.path.join(folder, "nginx.conf"), "w", encoding="utf-8") as conf:
            conf.write(f"""
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/logs/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000000; default_type application/json;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{self.port}; root {folder}; }}
}}
""")
        # The master starts as root where we are root; its worker must still read our folder.
        user = ["-g", "user root;"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(["nginx", "-p", folder, "-c", f"{folder}/nginx.conf", *user],
                                        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{self.port}/page.json"

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)


def memory(pid, what):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(rf"^{what}:\s+(\d+) kB", status.read(), re.M).group(1)) / 1024


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}[unit]


def wrk(options, url, script=None):
    command = ["wrk", "-t2", f"-c{options.connections}", f"-d{options.seconds}s", "--latency", "--timeout", "10s"]
    if script:
        command += ["-s", script]
    out = subprocess.run(command + [url], capture_output=True, text=True, check=True).stdout
    found = {
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
        "p50": milliseconds(re.search(r"(?m)^\s+50%\s+(\S+)", out).group(1)),
        "p99": milliseconds(re.search(r"(?m)^\s+99%\s+(\S+)", out).group(1)),
    }
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    lost = re.search(r"Socket errors: (.*)", out)
    total = int(re.search(r"(\d+) requests in", out).group(1))
    found["bad"] = 100 * int(bad.group(1)) / total if bad and total else 0.0
    found["lost"] = lost.group(1) if lost else ""
    return found


def start_times(binary, count=5):
    times = []
    for _ in range(count):
        with Market(binary) as market:
            times.append(market.start())
            market.stop()
    return statistics.median(times)


def script_file(market, name, text):
    path = os.path.join(market.folder.name, name + ".lua")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def cases(market, client):
    """Name, URL and wrk script (or None) of everything that is measured."""
    base = f"http://127.0.0.1:{market.port}/api/v1"
    gig = client.expect(200, "GET", "/gigs/search?limit=1")["items"][0]
    gig = client.expect(200, "GET", f"/gigs/{gig['id']}").json
    buyer = Person(client, "bench_buyer")
    # A known device needs no code. People take turns: who signs in too often at once has to wait.
    people = [Person(client, f"bench_person_{i}") for i in range(20)]
    logins = [json.dumps({"login": p.username, "password": PASSWORD, "device_token": p.device}) for p in people]
    signin = TURNS % {"bodies": ", ".join(lua(body) for body in logins)}
    order = KEYED % {"token": lua("Bearer " + buyer.token), "body": lua(json.dumps(order_form(gig))),
                     "run": str(int(time.time()))}
    search = "/gigs/search?" + urllib.parse.urlencode({"q": "logo", "sort": "rating", "limit": 20})
    return [
        ("gig page", f"{base}/gigs/{gig['id']}", None),
        ("search `q=logo`, 20 hits", base + search, None),
        ("sign-in", base + "/auth/signin", script_file(market, "signin", signin)),
        ("order", base + "/orders", script_file(market, "order", order)),
    ]


def measure(options):
    lines = [f"Start to ready, empty store: {start_times(options.binary):.2f} s (median of 5).  "]
    with Market(options.binary) as market:
        subprocess.run([options.binary, "seed", "--data", market.data], check=True, stdout=subprocess.DEVNULL)
        lines.append(f"Start to ready, samples (590 people, 2,100 gigs): {market.start():.2f} s.  ")
        client = market.client
        idle = memory(market.process.pid, "VmRSS")
        rows = []
        for name, url, script in cases(market, client):
            body = client.ask("GET", url.split("/api/v1")[1]).raw if script is None else b"{}"
            folder = os.path.join(market.folder.name, "peer-" + re.sub(r"\W+", "-", name))
            peer = Peer(folder, body)
            try:
                poll("the peer answers", lambda p=peer: os.path.exists(os.path.join(folder, "nginx.pid")))
                wrk_peer = wrk(options, peer.url)
                ours = wrk(options, url, script)
            finally:
                peer.stop()
            ratio = f"{ours['rate'] / wrk_peer['rate']:.3f}" if script is None else ""
            note = (f"{ours['bad']:.1f} % not 2xx " if ours["bad"] else "") + ours["lost"]
            rows.append(f"| {name} | {len(body) if script is None else ''} | {ours['rate']:,.0f} | {ours['p50']:.1f} | "
                        f"{ours['p99']:.1f} | {ratio} | {note} |")
            print(rows[-1], flush=True)
        lines.append(f"Memory: {idle:.0f} MiB when ready, {memory(market.process.pid, 'VmHWM'):.0f} MiB at most "
                     "under load.")
        lines += ["", "| request | answer, bytes | requests/s | p50, ms | p99, ms | of nginx | |",
                  "| --- | --- | --- | --- | --- | --- | --- |", *rows]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(prog="./oficio bench", description=__doc__)
    parser.add_argument("binary", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=int, default=8, help="for each request that is measured")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--write", action="store_true", help="put the figures into bench/README.md")
    options = parser.parse_args()
    figures = (f"{time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} cores shared with wrk, "
               f"{options.connections} connections, {options.seconds} s each.  \n" + measure(options))
    print("\n" + figures)
    if options.write:
        write_down("figures", figures)


if __name__ == "__main__":
    main()
