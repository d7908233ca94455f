#!/usr/bin/env python3
"""deploy/compose/kibana.sh against something that answers like Kibana: it sends the whole file as Kibana wants it, and
ends badly unless all of it was taken."""

import base64
import email
import http.server
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
OBJECTS = DEPLOY / "kibana" / "oficio.ndjson"
PASSWORD = "p4ss w\"rd"
faults = []


def check(condition, fault):
    if not condition:
        faults.append(fault)


class Kibana(http.server.BaseHTTPRequestHandler):
    answers, asked = [], []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.path, dict(self.headers), body))
        status, text = self.answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


def part_of(headers, body):
    """The one file of a form."""
    message = email.message_from_bytes(b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + body)
    (part,) = message.get_payload()
    return part.get_param("name", header="Content-Disposition"), part.get_filename(), part.get_payload(decode=True)


def run(server, folder, *answers):
    Kibana.answers, Kibana.asked = list(answers), []
    environment = {"PATH": os.environ["PATH"], "KIBANA_URL": f"http://127.0.0.1:{server.server_port}",
                   "KIBANA_OBJECTS": str(OBJECTS), "ELASTIC_PASSWORD_FILE": str(folder / "password")}
    return subprocess.run(["bash", DEPLOY / "compose" / "kibana.sh"], env=environment, capture_output=True, text=True,
                          timeout=60, check=False)


def check_request():
    (path, headers, body), = Kibana.asked
    check(path == "/api/saved_objects/_import?overwrite=true", f"it asked for {path}")
    check(headers.get("kbn-xsrf"), "Kibana refuses what lacks kbn-xsrf")
    wanted = "Basic " + base64.b64encode(b"elastic:" + PASSWORD.encode()).decode()
    check(headers.get("Authorization") == wanted, f"it is not the user elastic: {headers.get('Authorization')}")
    name, file, content = part_of(headers, body)
    check((name, file) == ("file", "oficio.ndjson"), f"the form has {name} {file}")
    check(content == OBJECTS.read_bytes(), "what was sent is not the file")


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Kibana)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="oficio-test-") as name:
        folder = pathlib.Path(name)
        (folder / "password").write_text(PASSWORD)
        done = run(server, folder, (200, '{"successCount":27,"success":true,"warnings":[]}'))
        check(done.returncode == 0 and "done" in done.stdout, f"it failed: {done.stdout}{done.stderr}")
        check_request()
        some = '{"successCount":26,"success":false,"errors":[{"id":"x","error":{"type":"missing_references"}}]}'
        for status, text, words in ((200, some, "missing_references"), (401, '{"statusCode":401}', "401")):
            done = run(server, folder, (status, text))
            check(done.returncode != 0 and words in done.stderr, f"{status} {text}: {done.returncode} {done.stderr}")
    for fault in faults:
        print("FAILED:", fault)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
