"""The mails that a market sent through the mail server of tests/infra, as /dev/mail shows those of an outbox."""

import email
import email.policy
import json
import re
import urllib.request


class Inbox:
    def __init__(self, address):
        self.address = address

    def mails_to(self, address):
        """The newest first."""
        with urllib.request.urlopen(f"{self.address}/messages", timeout=20) as answer:
            messages = json.load(answer)
        return [as_shown(m) for m in reversed(messages) if address in m["to"]]


def as_shown(message):
    parsed = email.message_from_string(message["raw"], policy=email.policy.default)
    text = parsed.get_body(("plain",)).get_content()
    return {"id": parsed["Message-ID"], "to": parsed["To"], "subject": parsed["Subject"], "text": text,
            "html": parsed.get_body(("html",)).get_content(), "links": re.findall(r"https?://\S+", text)}
