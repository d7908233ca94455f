"""with.py does what it says, for one kind: server_test.py KIND."""

import http.client
import json
import os
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here))
from server import which  # noqa: E402
import amqp  # noqa: E402
from servers import mongodb  # noqa: E402

WITH = [sys.executable, "-B", str(here / "with.py")]


class Wrong(Exception):
    pass


def must(condition, what):
    if not condition:
        raise Wrong(what)


def until(condition, what, limit=20.0):
    end = time.monotonic() + limit
    while not condition():
        must(time.monotonic() < end, f"after {limit:g} s still not so: {what}")
        time.sleep(0.05)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


# --- talking to each: leave something there, and find it again ---

def sql(client, words, statement, **environment):
    done = subprocess.run([which(client), *words, statement], env=os.environ | environment, capture_output=True,
                          text=True, timeout=30)
    must(done.returncode == 0, f"{client}: {done.stderr}")
    return done.stdout.strip()


def mysql(at, statement):
    client = "mariadb" if which("mariadb") else "mysql"
    return sql(client, ["--no-defaults", "--protocol=tcp", f"--host={at.hostname}", f"--port={at.port}",
                        f"--user={at.username}", "--skip-column-names", f"--database={at.path[1:]}", "--execute"],
               statement, MYSQL_PWD=at.password)


def postgresql(at, statement):
    return sql("psql", ["-X", "-q", "-t", "-A", "-d", at.geturl(), "-c"], statement)


def redis(at, *commands):
    with socket.create_connection((at.hostname, at.port), 10) as connection:
        answers = connection.makefile("rb")
        connection.sendall("".join(f"{c}\r\n" for c in (f"AUTH {at.password}", *commands)).encode())
        return [answers.readline().decode().strip() for _ in range(1 + len(commands))][1:] + (
            [answers.readline().decode().strip()] if commands[-1].startswith("GET") else [])


def web(address, method, path, body=None):
    at = urlsplit(address)
    connection = http.client.HTTPConnection(at.hostname, at.port, timeout=30)
    connection.request(method, path, body and json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    must(answer.status < 300, f"{method} {path}: {answer.status} {told!r}")
    return json.loads(told)


def send_mail(at):
    with smtplib.SMTP(at.hostname, at.port, timeout=10) as connection:
        connection.starttls(context=ssl.create_default_context(cafile=parse_qs(at.query)["ca"][0]))
        connection.login(at.username, at.password)
        connection.sendmail("a@example.org", ["b@example.org"], "Subject: kept\r\n\r\nkept")


def refused(url):
    try:
        amqp.Connection(url).close()
        return False
    except (OSError, EOFError, amqp.Refused):
        return True


def leave(kind, address):
    at = urlsplit(address)
    if kind == "mysql":
        mysql(at, "CREATE TABLE left_here(v INT); INSERT INTO left_here VALUES(42); CREATE DATABASE oficio_other")
    elif kind == "postgresql":
        postgresql(at, "CREATE TABLE left_here(v INT); INSERT INTO left_here VALUES(42)")
    elif kind == "redis":
        must(redis(at, "SET left_here 42") == ["+OK"], "SET")
    elif kind == "rabbitmq":
        with amqp.Connection(address) as connection:
            connection.declare_queue("left_here")
            connection.publish("left_here", b"42", "1", {"attempts": 1, "reason": "test"})
    elif kind == "elasticsearch":
        web(address, "PUT", "/left_here/_doc/1?refresh=true", {"v": 42})
    elif kind == "smtp":
        send_mail(at)


def found(kind, address):
    at = urlsplit(address)
    if kind == "mysql":
        must(mysql(at, "SELECT v FROM left_here") == "42", "the row is gone")
    elif kind == "postgresql":
        must(postgresql(at, "SELECT v FROM left_here") == "42", "the row is gone")
    elif kind == "redis":
        must(redis(at, "GET left_here") == ["$2", "42"], "the value is gone")
    elif kind == "rabbitmq":
        with amqp.Connection(address) as connection:
            must(connection.get_all("left_here") == [b"42"], "the message is gone")
        must(refused(address.replace(f":{at.password}@", ":wrong@")), "it trusts anybody")
    elif kind == "mongodb":
        must(mongodb.ask(at.port, "admin", {"ping": 1}).get("ok") == 1.0, "no pong")
        must(mongodb.ask(at.port, "admin", {"listDatabases": 1}).get("ok") == 0.0, "it answers strangers")
    elif kind == "elasticsearch":
        must(web(address, "GET", "/left_here/_doc/1")["_source"] == {"v": 42}, "the document is gone")
        again = {"source": {"index": "left_here"}, "dest": {"index": "copy"}}
        web(address, "POST", "/_reindex?refresh=true", again)
        must(web(address, "GET", "/copy/_count")["count"] == 1, "it does not reindex")
    elif kind == "smtp":
        shown = web(os.environ["OFICIO_TEST_SMTP_HTTP"], "GET", "/messages")
        must([(m["to"], m["tls"], m["user"]) for m in shown] == [(["b@example.org"], True, "oficio")],
             f"the mail is not shown: {shown}")


# --- inside: the program that with.py runs ---

def inside(kind):
    name = f"OFICIO_TEST_{kind.upper()}"
    address, first = os.environ[name], os.environ[f"{name}_PID"]
    at = urlsplit(address)

    def control(word):
        done = subprocess.run([os.environ["OFICIO_TEST_CONTROL"], word, kind], capture_output=True, text=True,
                              timeout=200)
        must(done.returncode == 0, f"control {word}: {done.stderr}")
        return done.stdout.strip()

    def reachable():
        try:
            socket.create_connection((at.hostname, at.port), 2).close()
            return True
        except OSError:
            return False

    must(alive(first) and control("pid") == first, "the process is not the one that was told")
    leave(kind, address)
    found(kind, address)
    for word in ("stop", "kill"):
        control(word)
        must(not reachable() and control("pid") == "", f"after {word} it still answers")
        control("start")
        found(kind, address)
    must(control("pid") not in ("", first), "the pid of the new process is not told")
    must(not alive(first), "the first process is still there")
    control("pause")
    with open(f"/proc/{control('pid')}/stat", encoding="utf-8") as stat:
        must(stat.read().rpartition(")")[2].split()[0] == "T", "it is not paused")
    control("resume")
    found(kind, address)
    print(json.dumps({"pid": control("pid"), "folder": os.path.dirname(os.environ["OFICIO_TEST_CONTROL"])}))
    sys.exit(5)


# --- outside ---

def gone(told):
    until(lambda: not alive(told["pid"]) and not os.path.exists(told["folder"]), f"gone: {told}")


def obeys(kind):
    done = subprocess.run([*WITH, kind, "--", sys.executable, "-B", __file__, kind, "inside"], stdout=subprocess.PIPE,
                          text=True, timeout=600)
    if done.returncode == 77:
        sys.exit(77)
    must(done.returncode == 5, f"the program's status 5 became {done.returncode}")
    gone(json.loads(done.stdout))


def ends_with(kind, number):
    """Ended by the signal, it leaves nothing behind."""
    tell = ("import json,os,sys,time; print(json.dumps({'pid': os.environ['OFICIO_TEST_%s_PID'], 'own': os.getpid(), "
            "'folder': os.path.dirname(os.environ['OFICIO_TEST_CONTROL'])}), flush=True); time.sleep(600)")
    process = subprocess.Popen([*WITH, kind, "--", sys.executable, "-c", tell % kind.upper()], stdout=subprocess.PIPE,
                               text=True)
    told = json.loads(process.stdout.readline())
    must(alive(told["pid"]) and alive(told["own"]), "it does not run")
    process.send_signal(number)
    status = process.wait(60)
    must(status in (-number, 128 + number), f"its status is {status}")
    gone(told)
    until(lambda: not alive(told["own"]), "the program is gone")


def skips(kind):
    """Without the server on the machine it says so, and is no success."""
    program = ("import runpy, sys\n"
               "kind, folder = sys.argv[1:]\n"
               "sys.path.insert(0, folder)\n"
               "import server\n"
               "server.which = lambda *names, folders=(): None\n"
               "sys.argv = ['with.py', kind, '--', 'true']\n"
               "runpy.run_path(folder + '/with.py', run_name='__main__')\n")
    done = subprocess.run([sys.executable, "-B", "-c", program, kind, str(here)], capture_output=True, text=True,
                          timeout=60)
    must(done.returncode == 77 and f"skipped: no {kind} here: " in done.stderr, f"{done.returncode} {done.stderr}")


def main():
    kind = sys.argv[1]
    try:
        if sys.argv[2:] == ["inside"]:
            inside(kind)
        obeys(kind)
        for number in (signal.SIGKILL, signal.SIGTERM):
            ends_with(kind, number)
        skips(kind)
    except Wrong as e:
        print(f"FAILED: {kind}: {e}", file=sys.stderr)
        sys.exit(1)
    print("passed")


main()
