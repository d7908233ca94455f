"""A mail server that takes mail as a real one does and shows it over HTTP (see ../smtp/server.mjs)."""

import http.client
import re
import smtplib
import ssl
import subprocess
from urllib.parse import quote

from built import built, here, tool
from server import Missing, Server, which

NODE = 18


class SMTP(Server):
    kind = "smtp"

    def find(self):
        self.node = which("node")
        if not self.node or not which("npm"):
            raise Missing("node or npm, which its mail server needs, is not installed (Debian: nodejs npm)")
        version = int(re.match(r"v(\d+)", subprocess.run([self.node, "--version"], capture_output=True,
                                                         text=True).stdout).group(1))
        if version < NODE:
            raise Missing(f"its mail server needs Node {NODE}; {self.node} is {version}")
        if not which("openssl"):
            raise Missing("openssl, which makes its certificate, is not installed (Debian: openssl)")

    def obtain(self):
        sources = [p for p in (here / "smtp").iterdir() if p.is_file()]
        self.programs = built("smtp", sources, self.build)

    def build(self, folder):
        for name in ("package.json", "package-lock.json", "server.mjs"):
            (folder / name).write_bytes((here / "smtp" / name).read_bytes())
        tool(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder)

    def create(self):
        super().create()
        self.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                  "-days", "3650", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                  "-keyout", self.data / "key.pem", "-out", self.certificate])

    @property
    def certificate(self):
        return self.data / "certificate.pem"

    def environment(self):
        return {"SMTP_USER": "oficio", "SMTP_PASSWORD": self.password}

    def command(self):
        return [self.node, self.programs / "server.mjs", self.port(), self.port("http"), self.data,
                self.certificate, self.data / "key.pem"]

    def ready(self):
        try:
            with smtplib.SMTP("127.0.0.1", self.port(), timeout=10) as connection:
                connection.starttls(context=ssl.create_default_context(cafile=self.certificate))
                connection.login("oficio", self.password)
            shown = http.client.HTTPConnection("127.0.0.1", self.port("http"), timeout=10)
            shown.request("GET", "/messages")
            done = shown.getresponse().status == 200
            shown.close()
            return done
        except (smtplib.SMTPException, http.client.HTTPException):
            return False

    def address(self):
        return f"smtp://oficio:{self.password}@127.0.0.1:{self.port()}?tls=true&ca={quote(str(self.certificate))}"

    def more(self):
        return {"HTTP": f"http://127.0.0.1:{self.port('http')}"}
