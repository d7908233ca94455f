"""Oficio's settings for a set of servers."""

from urllib.parse import urlsplit

documents = ("users", "gigs", "chat", "orders")


def settings_for(servers):
    """By name, for those of `servers` (by kind) that there are: what has none stays as it is by default."""
    found = {}
    for kind, server in servers.items():
        found |= of_address(kind, server.address())
    return found


def of_address(kind, address):
    if kind == "mongodb":
        return {f"{name}.database": urlsplit(address)._replace(path=f"/{name}").geturl() for name in documents}
    name = {"mysql": "auth.database", "postgresql": "reviews.database", "redis": "cache", "rabbitmq": "events",
            "elasticsearch": "search", "smtp": "mail"}[kind]
    return {name: address}
