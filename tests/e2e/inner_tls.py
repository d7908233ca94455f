#!/usr/bin/env python3
"""The gateway reaches services by https, and trusts only who vouches for them. Under tests/infra/with.py rabbitmq --"""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "harness"))

from fleet import Fleet, run_fleet  # noqa: E402
from market import Away, Failure, poll, step  # noqa: E402
from people import Person  # noqa: E402
from story import publish, same  # noqa: E402


def openssl(*words):
    done = subprocess.run(["openssl", *words], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"openssl {words[0]}: {done.stderr}")


def make_authority(folder, name):
    key, certificate = os.path.join(folder, name + ".key"), os.path.join(folder, name + ".pem")
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
            f"/CN={name}", "-keyout", key, "-out", certificate)
    return key, certificate


def make_certificate(folder, authority):
    key, request = os.path.join(folder, "service.key"), os.path.join(folder, "service.csr")
    certificate, names = os.path.join(folder, "service.pem"), os.path.join(folder, "names")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=service",
            "-keyout", key, "-out", request)
    with open(names, "w", encoding="ascii") as file:
        file.write("subjectAltName=IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", request, "-CA", authority[1], "-CAkey", authority[0], "-days", "2", "-extfile", names,
            "-out", certificate)
    return key, certificate


class TlsFleet(Fleet):
    def __init__(self, binary):
        super().__init__(binary)
        folder = self.folder.name
        self.authority = make_authority(folder, "ours")
        self.stranger = make_authority(folder, "stranger")
        self.key, self.certificate = make_certificate(folder, self.authority)
        self.trusted = self.authority[1]

    def command_of(self, name, instance):
        command = [word.replace("http://127.0.0.1", "https://127.0.0.1") if ".url=" in word else word
                   for word in super().command_of(name, instance)]
        if name == "gateway":
            return command + ["--set", f"upstream_ca={self.trusted}"]
        return command + ["--set", f"tls.certificate={self.certificate}", "--set", f"tls.key={self.key}"]


def plain(fleet, name):
    """What a service says to somebody who speaks no TLS."""
    done = subprocess.run(["curl", "-s", "-m", "5", f"http://127.0.0.1:{fleet.where[name, 0]}/healthz"], capture_output=True)
    return done.stdout


def check(fleet):
    client = fleet.client
    fleet.start()
    step("sign-up, a shop and a gig, each over https between the processes")
    seller = Person(client, "samuel")
    seller.become_seller()
    publish(seller, client)
    if b"ok" in plain(fleet, "auth"):
        raise Failure("auth answers without TLS")
    step("a gateway that trusts others only finds no service, says so, and gives nothing away")
    fleet.kill_one("gateway")
    fleet.trusted = fleet.stranger[1]
    fleet.start_one("gateway")
    poll("it answers", lambda: answers(client), 20)
    answer = client.expect(503, "GET", "/auth/me", token=seller.token)
    if not answer.headers.get("Retry-After"):
        raise Failure(f"503 must say when to come again\n{answer.told()}")
    same("auth, by /readyz", client.ask("GET", "/readyz")["services"]["auth"]["status"], "unreachable")
    step("and one that trusts them again goes on")
    fleet.kill_one("gateway")
    fleet.trusted = fleet.authority[1]
    fleet.start_one("gateway")
    fleet.wait_ready()
    seller.expect(200, "GET", "/auth/me")


def answers(client):
    try:
        return client.ask("GET", "/healthz").status == 200
    except Away:
        return False


if __name__ == "__main__":
    run_fleet(TlsFleet(sys.argv[1]), check)
