"""Kibana's query language as far as panels use it, as a query of Elasticsearch:
    field: "value"   field: (1 or "b")   field: begin*   field: *   field >= 500   not …   … and …   … or …   ( … )
"""

import json
import re

WORDS = re.compile(r'\s*("(?:[^"\\]|\\.)*"|>=|<=|[():<>]|[^\s():<>"]+)')
RANGES = {">=": "gte", "<=": "lte", ">": "gt", "<": "lt"}


class Parser:
    def __init__(self, text):
        self.words, at = [], 0
        while text[at:].strip():
            found = WORDS.match(text, at)
            if not found:
                raise ValueError(f"no word at {text[at:]!r}")
            self.words.append(found[1])
            at = found.end()
        self.at = 0

    def peek(self):
        return self.words[self.at] if self.at < len(self.words) else None

    def take(self, wanted=None):
        word = self.peek()
        if word is None or (wanted and word != wanted):
            raise ValueError(f"{wanted or 'a word'} is missing at {word!r}")
        self.at += 1
        return word

    def either(self):
        parts = [self.both()]
        while self.peek() == "or":
            self.take()
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else {"bool": {"should": parts, "minimum_should_match": 1}}

    def both(self):
        parts = [self.one()]
        while self.peek() == "and":
            self.take()
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else {"bool": {"filter": parts}}

    def one(self):
        if self.peek() == "not":
            self.take()
            return {"bool": {"must_not": [self.one()]}}
        if self.peek() == "(":
            self.take()
            inner = self.either()
            self.take(")")
            return inner
        field, how = self.take(), self.take()
        if how in RANGES:
            return {"range": {field: {RANGES[how]: json.loads(self.take())}}}
        if how != ":":
            raise ValueError(f"{how!r} after {field}")
        if self.peek() != "(":
            return self.value(field)
        self.take()
        values = [self.value(field)]
        while self.peek() == "or":
            self.take()
            values.append(self.value(field))
        self.take(")")
        return {"bool": {"should": values, "minimum_should_match": 1}}

    def value(self, field):
        word = self.take()
        if word == "*":
            return {"exists": {"field": field}}
        if word.endswith("*"):
            return {"prefix": {field: word[:-1]}}
        return {"term": {field: json.loads(word) if word[0] in '"0123456789tf' else word}}


def query(text):
    if not text.strip():
        return {"match_all": {}}
    parser = Parser(text)
    read = parser.either()
    if parser.peek() is not None:
        raise ValueError(f"{parser.peek()!r} is too much")
    return read
