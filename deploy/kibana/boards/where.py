"""Conditions on documents, written once: as a query for Elasticsearch, which Vega panels send, and in
Kibana's own language (KQL), which Lens panels and saved searches take."""

import json


class Where:
    def __init__(self, kql, dsl):
        self.kql, self.dsl = kql, dsl

    def __and__(self, other):
        return Where(f"{self.kql} and {other.kql}", {"bool": {"filter": [self.dsl, other.dsl]}})

    def __invert__(self):
        return Where(f"not {self.kql}", {"bool": {"must_not": [self.dsl]}})


EVERYTHING = Where("", {"match_all": {}})


def equals(field, *values):
    """One of these values."""
    if len(values) == 1:
        return Where(f"{field}: {json.dumps(values[0])}", {"term": {field: values[0]}})
    listed = " or ".join(json.dumps(v) for v in values)
    return Where(f"{field}: ({listed})", {"terms": {field: list(values)}})


def begins(field, start):
    return Where(f"{field}: {start}*", {"prefix": {field: start}})


def has(field):
    return Where(f"{field}: *", {"exists": {"field": field}})


def at_least(field, number):
    return Where(f"{field} >= {number}", {"range": {field: {"gte": number}}})


def below(field, number):
    return Where(f"{field} < {number}", {"range": {field: {"lt": number}}})
