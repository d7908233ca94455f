"""The servers that Oficio speaks to, by kind."""

import importlib

KINDS = {"mysql": "MySQL", "postgresql": "PostgreSQL", "mongodb": "MongoDB", "redis": "Redis",
         "rabbitmq": "RabbitMQ", "elasticsearch": "Elasticsearch", "smtp": "SMTP"}
# What takes the place of one of them, for tests.
OTHERS = {"elastic": "Elastic"}


def part_of(word):
    """What PART=KIND, or KIND alone, is for, and which kind it is."""
    part, _, kind = word.partition("=")
    return part, kind or part


def known(word):
    part, kind = part_of(word)
    return kind in KINDS | OTHERS and part in KINDS | OTHERS


def make(kind, folder, **options):
    module = importlib.import_module(f"servers.{kind}")
    return getattr(module, (KINDS | OTHERS)[kind])(folder, **options)
