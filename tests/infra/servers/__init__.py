"""The servers that Oficio speaks to, by kind."""

import importlib

KINDS = {"mysql": "MySQL", "postgresql": "PostgreSQL", "mongodb": "MongoDB", "redis": "Redis",
         "rabbitmq": "RabbitMQ", "elasticsearch": "Elasticsearch", "smtp": "SMTP"}


def make(kind, folder, **options):
    module = importlib.import_module(f"servers.{kind}")
    return getattr(module, KINDS[kind])(folder, **options)
