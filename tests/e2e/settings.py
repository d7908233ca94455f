#!/usr/bin/env python3
"""Settings that cannot work stop the start with status 2 and one line that names the setting."""

import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from ports import free_port  # noqa: E402

KEY = "k" * 32
KEYS = {"identity_key": KEY, "seal_key": KEY, "cursor_key": KEY, "payments.webhook_key": KEY}
NOBODY = "amqp://guest:guest@127.0.0.1:1"

# What is served, its settings, and how the one line begins.
WRONG = [
    ("all", {"port": "99999"}, "port:"),
    ("all", {"host": "nowhere.invalid"}, "port: cannot listen at nowhere.invalid"),
    ("all", {"identity_key": "short"}, "identity_key: must have at least 32"),
    ("all", {"identity_key": f"{KEY},short"}, "identity_key: must have at least 32"),
    ("all", {"identity_key": f"{KEY},{KEY},{KEY}"}, "identity_key: has more than two"),
    ("all", {"identity_key_file": "/nowhere/key"}, "identity_key_file:"),
    ("all", {"blocking_threads": "-1"}, "blocking_threads:"),
    ("all", {"io_threads": "many"}, "io_threads:"),
    ("all", {"auth.database": "oracle:x"}, 'auth.database: "oracle:" cannot be used'),
    ("all", {"auth.database": "sqlite:"}, "auth.database: names no file"),
    ("all", {"users.database": "mysql://a:b@h/d"}, 'users.database: "mysql:" cannot be used'),
    ("all", {"reviews.database": "mongodb://h/d"}, 'reviews.database: "mongodb:" cannot be used'),
    ("all", {"cache": "redis://"}, "cache: names no host"),
    ("all", {"events": "kafka://x"}, 'events: "kafka:" cannot be used'),
    ("all", {"mail": "pigeon:x"}, 'mail: "pigeon:" cannot be used'),
    ("all", {"search": "grep:x"}, 'search: "grep:" cannot be used'),
    ("all", {"payments": "gold:x"}, 'payments: "gold:" cannot be used'),
    ("all", {"tls.key": "/nowhere"}, "tls.certificate:"),
    ("all", {"trusted_proxies": "everybody"}, "trusted_proxies:"),
    ("all", {"telemetry": "ftp://a:b@h"}, 'telemetry: "ftp:" cannot be used'),
    ("all", {"telemetry": "http//a:b@h"}, 'telemetry: "http//a…" is no address'),
    ("all", {"log.level": "loud"}, "log.level:"),
    ("all", {"log.to": "file"}, "log.to:"),
    ("all", {"orders.url": "http://127.0.0.1:1"}, "identity_key: must be set for `serve all`"),
    ("all", {**KEYS, "orders.url": "http://127.0.0.1:1"}, 'events: "embedded:"'),
    ("all", {**KEYS, "orders.url": "127.0.0.1:1", "events": NOBODY}, ("orders.url:", "events:")),
    ("gateway", {}, "identity_key: must be set for `serve gateway`"),
    ("gateway", {**KEYS, "chat.url": "local:"}, 'chat.url: "local:" is possible only in `serve all`'),
    ("gateway", {**KEYS, "chat.url": "ftp://h:1"}, "chat.url:"),
    ("gateway", {**KEYS, "chat.url": "http://h:1,,http://h:2"}, "chat.url:"),
    ("gateway", {**KEYS, "chat.url": "https://h:1", "upstream_ca": "/nowhere"}, "upstream_ca:"),
    ("gateway", {**KEYS, "orders.port": "0"}, "orders.port:"),
    ("auth", {"identity_key": KEY}, "seal_key: must be set for `serve auth`"),
    ("users", {"identity_key": KEY}, "cursor_key: must be set for `serve users`"),
    ("orders", {"identity_key": KEY, "cursor_key": KEY}, "payments.webhook_key: must be set for `serve orders`"),
    ("chat", KEYS, 'events: "embedded:" carries events within one process'),
    ("notifications", {**KEYS, "events": NOBODY}, "events:"),
    ("reviews", {**KEYS, "services.host": "nowhere.invalid"}, "reviews.port: cannot listen"),
    ("reviews", {**KEYS, "reviews.database": "postgresql://h/d?colour=red"}, 'reviews.database: has no option "colour"'),
]


def check(binary, folder, what, settings, wanted):
    os.mkdir(folder)  # with keys of nobody else
    port = {"all": "port", "gateway": "port"}.get(what, f"{what}.port")
    words = [binary, "serve", what, "--data", os.path.join(folder, "data")]
    for name, value in {port: str(free_port()), **settings}.items():
        words += ["--set", f"{name}={value}"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OFICIO_")} | {"MONGOC_DISABLE_SHM": "1"}
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=30, cwd=folder, env=environment)
    except subprocess.TimeoutExpired:
        return f"it started: {what} {settings}"
    said = [line for line in done.stderr.splitlines() if not line.startswith("{")]
    wanted = (wanted,) if isinstance(wanted, str) else wanted
    good = done.returncode == 2 and len(said) == 1 and any(said[0].startswith("oficio: " + w) for w in wanted)
    return None if good else f"serve {what} {settings}: status {done.returncode}, expected {wanted}:\n{done.stderr}"


def check_config(binary):
    """Every setting is shown, and no secret."""
    environment = {"OFICIO_IDENTITY_KEY": KEY, "MONGOC_DISABLE_SHM": "1", "OFICIO_AUTH_DATABASE": "mysql://auth:hidden@db/auth",
                   "OFICIO_TELEMETRY": "https://logs:9200?api_key=hidden"}
    done = subprocess.run([binary, "config", "--port", "4321"], capture_output=True, text=True, env=environment, timeout=30)
    shown = dict(line.split(" = ", 1) for line in done.stdout.splitlines())
    faults = [name for name in ("services.host", "auth.url", "chat.port", "upstream_ca", "events", "search")
              if name not in shown]
    if KEY in done.stdout or "hidden" in done.stdout:
        faults.append("a secret is shown")
    if not shown["port"].startswith("4321 "):
        faults.append("--port is not in force")
    return [f"oficio config: {fault}" for fault in faults]


def check_setup(binary):
    """Preparing a server refuses what serving refuses: "*" would be a template for everybody's streams."""
    faults = []
    for environment in ("*", "Production", "a-b", ""):
        words = ["setup", "elasticsearch", "--address", "http://127.0.0.1:1", "--set", f"environment={environment}"]
        done = subprocess.run([binary, *words], capture_output=True, text=True, timeout=30)
        if done.returncode != 2 or not done.stderr.startswith("oficio: environment: "):
            faults.append(f"{' '.join(words)}: status {done.returncode}: {done.stderr}")
    return faults


def main():
    binary = os.path.abspath(sys.argv[1])
    faults = check_config(binary) + check_setup(binary)
    with tempfile.TemporaryDirectory(prefix="oficio-settings-") as folder:
        for number, row in enumerate(WRONG):
            fault = check(binary, os.path.join(folder, str(number)), *row)
            if fault:
                faults.append(fault)
    print("\n".join(faults) or f"{len(WRONG)} wrong settings were refused")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
