"""Holds what the market asks and answers against contracts/: OpenAPI for HTTP, JSON Schema for events."""

import collections
import copy
import glob
import json
import os
import re
import threading
import urllib.parse

import yaml
from jsonschema import Draft202012Validator

from broken import Broken

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "contracts")
METHODS = ("get", "post", "put", "patch", "delete")


class Operation:
    def __init__(self, service, method, path, spec):
        self.service, self.method, self.path, self.spec = service, method.upper(), path, spec
        parts = [re.escape(part) if not part.startswith("{") else "[^/]+" for part in path.split("/")]
        self.pattern = re.compile("/".join(parts) + "$")
        self.literal = sum(not part.startswith("{") for part in path.split("/"))
        self.parameters = {(p["in"], p["name"]) for p in spec.get("parameters", [])}

    @property
    def name(self):
        return f"{self.method} {self.path}"


def read_yaml(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


class Documents:
    """All descriptions, each reference of one to another replaced by what it points at."""

    def __init__(self, folder):
        self.raw = {os.path.basename(p): read_yaml(p) for p in sorted(glob.glob(os.path.join(folder, "*.yaml")))}
        self.known = {}

    def target(self, document, reference):
        name, _, pointer = reference.partition("#")
        name = os.path.basename(name) or document
        found = self.raw.get(name)
        if found is None:
            raise Broken(f"{document}: {reference} names no file")
        for part in pointer.strip("/").split("/"):
            part = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, dict) or part not in found:
                raise Broken(f"{document}: {reference} points at nothing")
            found = found[part]
        return name, found

    def resolved(self, document, node):
        if isinstance(node, list):
            return [self.resolved(document, item) for item in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            key = (document, node["$ref"])
            if key not in self.known:
                name, found = self.target(document, node["$ref"])
                self.known[key] = self.resolved(name, found)
            return {**self.known[key], **{k: v for k, v in node.items() if k != "$ref"}}
        return {key: self.resolved(document, value) for key, value in node.items()}


def closed(schema):
    """The same schema, refusing fields that it does not name: what is sent must be described."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: closed(value) for key, value in schema.items()}
    if isinstance(out.get("properties"), dict) and "additionalProperties" not in out:
        out["additionalProperties"] = False
    return out


def first_difference(validator, value):
    errors = sorted(validator.iter_errors(value), key=lambda e: list(map(str, e.absolute_path)))
    if not errors:
        return None
    error = errors[0]
    while error.context:
        error = min(error.context, key=lambda e: -len(e.absolute_path))
    return f"at /{'/'.join(map(str, error.absolute_path))}: {error.message[:600]}"


class Contract:
    def __init__(self, folder=os.path.join(FOLDER, "openapi")):
        self.documents = Documents(folder)
        self.operations = []
        self.validators = {}
        self.seen = collections.Counter()
        self.lock = threading.Lock()
        for name, document in self.documents.raw.items():
            for path in document.get("paths") or {}:
                base = document["servers"][0]["url"].rstrip("/")
                item = self.documents.resolved(name, document["paths"][path])
                for method in METHODS:
                    if method in item:
                        spec = dict(item[method])
                        spec["parameters"] = item.get("parameters", []) + spec.get("parameters", [])
                        self.operations.append(Operation(name, method, base + path, spec))

    def operation(self, method, target):
        path = urllib.parse.urlsplit(target).path
        found = [o for o in self.operations if o.method == method and o.pattern.match(path)]
        return max(found, key=lambda o: o.literal, default=None)

    def validator(self, operation, status, kind, schema, strict):
        key = (operation.name, status, kind)
        if key not in self.validators:
            self.validators[key] = Draft202012Validator(closed(schema) if strict else schema)
        return self.validators[key]

    def check(self, answer):
        """Raises Broken if the answer (or the request that was taken) is not as described."""
        operation = self.operation(answer.method, answer.path)
        if operation is None:
            if answer.status < 400:
                raise Broken(f"{answer.method} {answer.path} is described nowhere")
            return
        with self.lock:
            self.seen[operation.name, answer.status] += 1
        where = f"{operation.service}: {operation.name} {answer.status}"
        described = operation.spec["responses"].get(str(answer.status))
        if described is None:
            raise Broken(f"{where}: the status is not described")
        self.check_body(where, operation, answer, described)
        if answer.status < 300:
            self.check_request(where, operation, answer)

    def check_body(self, where, operation, answer, described):
        content = described.get("content") or {}
        kind = (answer.headers.get("Content-Type") or "").split(";")[0]
        if not content:
            if answer.raw:
                raise Broken(f"{where}: a body is not described")
            return
        if kind not in content:
            raise Broken(f"{where}: content type {kind!r} is not described")
        if answer.json is not None:
            wrong = first_difference(
                self.validator(operation, answer.status, kind, content[kind].get("schema", {}), True), answer.json)
            if wrong:
                raise Broken(f"{where}: {wrong}")
        codes = operation.spec.get("x-codes", {}).get(str(answer.status))
        if codes is not None and answer.json is not None and answer.json.get("code") not in codes:
            raise Broken(f"{where}: code {answer.json.get('code')!r} is not among {codes}")

    def check_request(self, where, operation, answer):
        for name, _ in urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.path).query):
            if ("query", name) not in operation.parameters:
                raise Broken(f"{where}: the query parameter {name!r} was taken, and is not described")
        body, sent = operation.spec.get("requestBody"), answer.sent
        if isinstance(sent, bytes):  # raw, often on purpose no JSON
            return
        if sent is None:
            if body and body.get("required") and "application/json" in body["content"]:
                raise Broken(f"{where}: a request without a body was taken")
            return
        if not body:
            if sent != {}:
                raise Broken(f"{where}: a request body was taken, and is not described")
            return
        schema = body["content"].get("application/json", {}).get("schema")
        if schema is None:
            raise Broken(f"{where}: a JSON body was taken, and is not described")
        wrong = first_difference(self.validator(operation, "request", "json", schema, True), sent)
        if wrong:
            raise Broken(f"{where}: a request was taken that is not as described: {wrong}")

    def mistakes(self):
        """What is wrong with the descriptions themselves."""
        found, names = [], collections.Counter()
        for o in self.operations:
            where = f"{o.service}: {o.name}"
            names[o.spec.get("operationId")] += 1
            found += [f"{where} lacks {word}" for word in ("operationId", "summary", "tags", "responses")
                      if not o.spec.get(word)]
            found += [f"{where} does not describe {{{p}}}" for p in re.findall(r"{(\w+)}", o.path)
                      if ("path", p) not in o.parameters]
            if not any(s.startswith(("2", "3")) for s in o.spec.get("responses", {})):
                found.append(f"{where} describes no success")
            for status, answer in o.spec.get("responses", {}).items():
                for content in (answer.get("content") or {}).values():
                    found += schema_mistakes(f"{where} {status}", content.get("schema", {}))
            for content in (o.spec.get("requestBody", {}).get("content") or {}).values():
                found += schema_mistakes(f"{where} request", content.get("schema", {}))
        return found + [f"operationId {n} is used {c} times" for n, c in names.items() if c > 1]


def schema_mistakes(where, schema):
    try:
        Draft202012Validator.check_schema(schema)
    except Exception as e:  # whatever the library raises is a mistake in the description
        return [f"{where}: {str(e)[:200]}"]
    return []


class EventContract:
    """contracts/events/<type>.json, each the schema of a whole envelope's data."""

    def __init__(self, folder=os.path.join(FOLDER, "events")):
        self.schemas, self.validators = {}, {}
        shared = json.load(open(os.path.join(folder, "shapes.json"), encoding="utf-8"))["$defs"]
        for path in glob.glob(os.path.join(folder, "*.*.*.json")):
            with open(path, encoding="utf-8") as file:
                schema = json.load(file)
            schema = inlined(schema, shared)
            self.schemas[os.path.basename(path)[:-5]] = schema
        self.envelope = Draft202012Validator(closed(inlined(shared["envelope"], shared)))

    def check(self, event):
        wrong = first_difference(self.envelope, event)
        if wrong:
            raise Broken(f"event {event.get('type')}: {wrong}")
        kind = event["type"]
        if kind not in self.schemas:
            raise Broken(f"event {kind} is described nowhere")
        if kind not in self.validators:
            Draft202012Validator.check_schema(self.schemas[kind])
            self.validators[kind] = Draft202012Validator(closed(self.schemas[kind]))
        wrong = first_difference(self.validators[kind], event["data"])
        if wrong:
            raise Broken(f"event {kind}: {wrong}")


class SocketContract:
    """contracts/asyncapi/sockets.yaml: what sockets are told, and what they ask and are answered."""

    def __init__(self, folder=os.path.join(FOLDER, "asyncapi")):
        documents = Documents(os.path.join(FOLDER, "openapi"))
        documents.raw["sockets.yaml"] = read_yaml(os.path.join(folder, "sockets.yaml"))
        raw = documents.raw["sockets.yaml"]
        self.told, self.asked, self.seen = {}, {}, set()
        for operation, messages in (("hear", self.told), ("ask", self.asked)):
            for reference in raw["operations"][operation]["messages"]:
                message = documents.resolved("sockets.yaml", reference)
                parts = {part: Draft202012Validator(closed(message[part])) for part in ("payload", "x-ack") if part in message}
                for validator in parts.values():
                    Draft202012Validator.check_schema(validator.schema)
                messages[message["name"]] = parts
        self.problem = Draft202012Validator(closed(documents.resolved("common.yaml", {"$ref": "#/components/schemas/problem"})))

    def hold(self, where, validator, value):
        wrong = first_difference(validator, value)
        if wrong:
            raise Broken(f"{where}: {wrong}")

    def check_told(self, event, body):
        if event not in self.told:
            raise Broken(f"the socket event {event} is described nowhere")
        self.seen.add(event)
        self.hold(f"socket event {event}", self.told[event]["payload"], body)

    def check_asked(self, event, body, answer):
        """Requests that are taken must be described."""
        if answer.get("ok"):
            self.seen.add("ask " + event)
            self.hold(f"socket event {event}", self.asked[event]["payload"], body)
            self.hold(f"acknowledgement of {event}", self.asked[event]["x-ack"], answer.get("data"))
        else:
            self.hold(f"refusal of {event}", self.problem, answer.get("error"))

    def unseen(self):
        return sorted((set(self.told) | {"ask " + name for name in self.asked}) - self.seen)


def inlined(node, shared):
    if isinstance(node, list):
        return [inlined(item, shared) for item in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if reference:
        name = reference.rsplit("/", 1)[1]
        rest = {k: v for k, v in node.items() if k != "$ref"}
        return {**inlined(copy.deepcopy(shared[name]), shared), **rest}
    return {key: inlined(value, shared) for key, value in node.items()}
