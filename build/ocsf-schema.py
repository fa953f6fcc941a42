#!/usr/bin/env python3
"""ocsf-schema.py CHECKOUT   prints one JSON Schema (2020-12) for the OCSF classes that the export writes.

CHECKOUT is a clone of https://github.com/ocsf/ocsf-schema at tag 1.8.0 (Apache-2.0). The published form of that
repository is not a JSON Schema: classes and objects extend and include each other, and take what an attribute is from
one dictionary. This script resolves that. Nothing is left out of a class or an object but descriptions, references, and
the attributes of profiles that the export does not apply; nothing is added.

    git clone --branch 1.8.0 --depth 1 https://github.com/ocsf/ocsf-schema
    build/ocsf-schema.py ocsf-schema > server/src/test/resources/ocsf/ocsf-1.8.0.schema.json
"""
import json
import pathlib
import subprocess
import sys

CLASSES = ["authentication", "authorize_session", "user_access", "entity_management", "datastore_activity"]
PROFILES = {"security_control"}
BASE = pathlib.Path(sys.argv[1])


def read(path):
    return json.loads((BASE / path).read_text())


DICTIONARY = read("dictionary.json")
TYPES = DICTIONARY["types"]["attributes"]
CATEGORIES = read("categories.json")["attributes"]
OBJECTS = {file["name"]: file for file in (json.loads(p.read_text()) for p in (BASE / "objects").glob("*.json"))}
EVENTS = {file["name"]: file for file in (json.loads(p.read_text()) for p in (BASE / "events").rglob("*.json"))}


def merged(a, b):
    """b over a, member by member."""
    if not (isinstance(a, dict) and isinstance(b, dict)):
        return b
    return {**a, **{name: merged(a[name], value) if name in a else value for name, value in b.items()}}


def attributes(item):
    """The item's own attributes, with those of included files, each marked with the profile that it came from."""
    own = dict(item["attributes"])
    included = own.pop("$include", [])
    found = {}
    for path in [included] if isinstance(included, str) else included:
        profile = read(path)
        for name, attribute in profile["attributes"].items():
            found[name] = {"profile": profile["name"], **attribute}
    return merged(found, own)


def resolved(item, table):
    """An item with all that it extends."""
    mine = {**item, "attributes": attributes(item)}
    if "extends" not in item:
        return mine
    return merged(resolved(table[item["extends"]], table), mine)


needed = set()


def one(attribute):
    kind = attribute["type"]
    if kind in ("object", "json_t"):
        return {"type": "object"} if kind == "object" else {}
    if kind not in TYPES:
        needed.add(kind)
        return {"$ref": "#/$defs/" + kind}
    facts = TYPES[kind]
    base = facts.get("type", kind)
    schema = {"type": {"string_t": "string", "integer_t": "integer", "long_t": "integer", "float_t": "number",
                       "boolean_t": "boolean"}[base]}
    if "regex" in facts:
        schema["pattern"] = facts["regex"]
    if "max_len" in facts:
        schema["maxLength"] = facts["max_len"]
    if "range" in facts:
        schema["minimum"], schema["maximum"] = facts["range"]
    if "enum" in attribute:
        schema["enum"] = [int(word) if schema["type"] == "integer" else word for word in attribute["enum"]]
    return schema


def schema(item):
    properties, required = {}, []
    for name, attribute in sorted(item["attributes"].items()):
        if (attribute.get("profile") or "security_control") not in PROFILES:
            continue
        whole = merged(DICTIONARY["attributes"][name], attribute)
        value = one(whole)
        properties[name] = {"type": "array", "items": value} if whole.get("is_array") else value
        if whole.get("requirement") == "required":
            required.append(name)
    built = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    if not properties:
        return {"type": "object"}
    for word, rule in (("at_least_one", "anyOf"), ("just_one", "oneOf")):
        if word in item.get("constraints", {}):
            built[rule] = [{"required": [name]} for name in item["constraints"][word]]
    return built


def event(name):
    item = resolved(EVENTS[name], EVENTS)
    uid = CATEGORIES[item["category"]]["uid"] * 1000 + item["uid"]
    built = schema(item)
    properties = built["properties"]
    properties["class_uid"] = {"const": uid}
    properties["category_uid"] = {"const": uid // 1000}
    activities = properties["activity_id"]["enum"]
    properties["type_uid"] = {"enum": [uid * 100 + activity for activity in activities]}
    # type_uid belongs to activity_id
    built["allOf"] = [{"if": {"properties": {"activity_id": {"const": activity}}},
                       "then": {"properties": {"type_uid": {"const": uid * 100 + activity}}}} for activity in activities]
    return uid, built


defs = {}
classes = dict(event(name) for name in CLASSES)
while needed - defs.keys():
    for kind in sorted(needed - defs.keys()):
        defs[kind] = schema(resolved(OBJECTS[kind], OBJECTS))
commit = subprocess.run(["git", "-C", BASE, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
print(json.dumps({
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$comment": "Generated by build/ocsf-schema.py from https://github.com/ocsf/ocsf-schema, version %s, commit %s, "
                "Apache-2.0, (c) the OCSF project. Do not edit." % (read("version.json")["version"], commit),
    "type": "object",
    "required": ["class_uid"],
    "properties": {"class_uid": {"enum": sorted(classes)}},
    "allOf": [{"if": {"properties": {"class_uid": {"const": uid}}}, "then": {"$ref": "#/$defs/class_%d" % uid}}
              for uid in sorted(classes)],
    "$defs": {**{"class_%d" % uid: built for uid, built in sorted(classes.items())}, **dict(sorted(defs.items()))},
}, indent=None, separators=(",", ":"), sort_keys=False))
