"""Oficio's settings for the servers of tests/infra."""

from urllib.parse import urlsplit

DOCUMENTS = ("users", "gigs", "chat", "orders")
PARTS = {"mysql": "auth.database", "postgresql": "reviews.database", "redis": "cache", "rabbitmq": "events",
         "elasticsearch": "search", "smtp": "mail"}
KINDS = ("mongodb", *PARTS)


def settings_of(kind, address):
    """By name, those that name a server of this kind; with a database a service in MongoDB."""
    if kind == "mongodb":
        return {f"{name}.database": urlsplit(address)._replace(path=f"/{name}").geturl() for name in DOCUMENTS}
    return {PARTS[kind]: address}
