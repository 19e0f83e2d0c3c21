#!/usr/bin/python3
"""The JSON Schema against the loader: same keys, same required ones, same verdict on what a schema can see."""

import glob
import json
import os
import re
import subprocess
import sys

try:
    import jsonschema
    import yaml
except ImportError as e:
    print(f"skip: schema.py: {e}; apt install python3-jsonschema python3-yaml")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)

SRC = os.environ.get("RAVELIN_SRCDIR", ".")
BUILD = os.environ.get("RAVELIN_BUILDDIR", ".")
GOLDEN = os.path.join(SRC, "tests/unit/conf/golden")

# Where each of the loader's tables (tests/unit/conf_keys prints them) stands in the schema.
PLACES = {
    ".": (),
    "router": ("properties", "router"),
    "mpls": ("properties", "mpls"),
    "ports": ("definitions", "port"),
    "vrfs": ("definitions", "vrf"),
    "vrfs.routes": ("definitions", "route"),
    "vrfs.neighbors": ("definitions", "vrf-neighbor"),
    "vrfs.max-routes": ("definitions", "max-routes"),
    "guard": ("definitions", "guard"),
    "ports.guard": ("definitions", "port-guard"),
    "ports.guard.police": ("definitions", "police"),
    "ports.guard.static-neighbors": ("definitions", "static-neighbor"),
    "acls": ("definitions", "acl"),
    "acls.aces": ("definitions", "ace"),
    "acls.aces.actions": ("definitions", "actions"),
    "acls.aces.matches": ("definitions", "matches"),
    "acls.aces.matches.ipv4": ("definitions", "match-ipv4"),
    "acls.aces.matches.tcp": ("definitions", "match-tcp"),
    "acls.aces.matches.tcp.flags": ("definitions", "tcp-flags"),
    "acls.aces.matches.udp": ("definitions", "match-udp"),
    "acls.aces.matches.icmp": ("definitions", "match-icmp"),
    "acls.aces.matches.ports": ("definitions", "match-ports"),
    "sets": ("definitions", "set"),
    "policies": ("definitions", "policy-program"),
    "policies.rules": ("definitions", "rule"),
    "policies.rules.match": ("definitions", "match"),
    "policies.rules.match.not": ("definitions", "match-not"),
    "policies.rules.set": ("definitions", "edits"),
    "policies.rules.set.prepend": ("definitions", "prepend"),
    "policies.rules.set.community": ("definitions", "edit-community"),
    "neighbors": ("definitions", "core-neighbor"),
    "neighbors.max-prefix": ("definitions", "max-prefix"),
    "neighbors.add-path": ("definitions", "add-path"),
    "neighbors.graceful-restart": ("definitions", "graceful-restart"),
    "rpki": ("properties", "rpki"),
    "rpki.caches": ("definitions", "cache"),
    "bmp": ("properties", "bmp"),
    "log": ("properties", "log"),
    "bmp.stations": ("definitions", "station"),
    "remotes.tls": ("definitions", "tls"),
    "api": ("properties", "api"),
    "api.who": ("definitions", "api-who"),
    "api.tls": ("definitions", "api-tls"),
}

# Bad files whose mistake is beyond a schema: what two entries say together, what only the loader computes, and
# what is no YAML or what a YAML reader drops before the schema sees it.
BEYOND = {
    "bad-duplicate-key", "bad-duplicate-rd", "bad-duplicate-table", "bad-duplicate-vrf", "bad-vrf-name-is-port",
    "bad-port-unknown-vrf", "bad-port-twice", "bad-neighbor-twice", "bad-neighbor-is-self", "bad-password-file",
    "bad-labels-reserved", "bad-labels-reversed", "bad-labels-big", "bad-labels-too-few", "bad-next-hop",
    "bad-prefix-host-bits", "bad-prefix-twice", "bad-ibgp-in-vrf", "bad-syntax", "bad-syntax-hides-password",
    "bad-tabs", "bad-two-documents", "bad-depth", "bad-alias-to-nothing", "bad-alias-to-itself",
    "bad-ranges-overlap", "bad-ranges-too-many", "bad-merge-key", "bad-everything-at-once", "bad-directive", "bad-octets", "bad-nul",
    "bad-guard-infrastructure-twice", "bad-guard-static-neighbor-elsewhere", "bad-guard-services-too-many",
    "bad-acl-unknown", "bad-acl-twice", "bad-acl-protocol-mismatch", "bad-acl-rules-too-many",
    "bad-include-missing", "bad-include-error", "bad-include-syntax", "bad-include-list-twice",
    "bad-policy-names", "bad-policy-export", "bad-remotes-twice", "bad-remotes-times", "bad-api-listen",
}

passed = failed = 0


class Yaml12(yaml.SafeLoader):
    """Booleans as YAML 1.2 has them: off is a word, as the loader reads it."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def load(f):
    return yaml.load(f, Loader=Yaml12)  # SafeLoader's: nothing but plain values


def check(ok, what):
    global passed, failed
    passed += bool(ok)
    failed += not ok
    if not ok:
        print(f"FAIL {what}")


def loader_tables():
    out = subprocess.run([os.path.join(BUILD, "tests/unit/conf_keys")], check=True, stdout=subprocess.PIPE)
    tables = {}
    for line in out.stdout.decode().splitlines():
        path, key, need = line.split()
        tables.setdefault(path, {})[key] = need == "required"
    return tables


def check_keys(schema):
    tables = loader_tables()
    check(set(tables) == set(PLACES), f"tables: {sorted(set(tables) ^ set(PLACES))}")
    for path, keys in tables.items():
        node = schema
        for step in PLACES.get(path, ()):
            node = node[step]
        check(set(node["properties"]) == set(keys), f"keys of {path}: {sorted(set(node['properties']) ^ set(keys))}")
        need = {k for k, required in keys.items() if required}
        check(set(node.get("required", [])) == need, f"required keys of {path}")
        check(node.get("additionalProperties") is False, f"{path} lets unknown keys through")
        for key, what in node["properties"].items():
            check("$ref" in what or what.get("description"), f"{path}.{key} has no description")


def check_files(validator):
    for file in sorted(glob.glob(os.path.join(GOLDEN, "*.yaml"))):
        name = os.path.splitext(os.path.basename(file))[0]
        if name in BEYOND:
            continue
        with open(file, encoding="utf-8") as f:
            errors = list(validator.iter_errors(load(f)))
        if name.startswith("bad-"):
            check(errors, f"{name} should be rejected by the schema")
        else:
            check(not errors, f"{name}: {errors[0].message if errors else ''}")


def check_man_page():
    with open(os.path.join(SRC, "man/ravelin.yaml.5"), encoding="utf-8") as f:
        described = {line.split()[-1] for line in f if line.startswith(".It Cm ")}
    in_text = {"prefix", "next-hop"}  # of routes, which has no list of its own
    for path, keys in loader_tables().items():
        check(set(keys) <= described | in_text, f"ravelin.yaml(5) lacks {path}: {sorted(set(keys) - described)}")


def check_examples(validator):
    """The examples that people copy from: files, and what the manual page and the READMEs show."""
    files = [f for f in glob.glob(os.path.join(SRC, "topologies/**/*.yaml"), recursive=True)]
    files.append(os.path.join(SRC, "contrib/ravelin.yaml.example"))
    check(len(files) >= 25, f"{len(files)} examples: are they found?")
    for file in sorted(files):
        with open(file, encoding="utf-8") as f:
            errors = list(validator.iter_errors(load(f)))
        check(not errors, f"{file}: {errors[0].message if errors else ''}")
    shown = 0
    for file in [os.path.join(SRC, "man/ravelin.yaml.5"), *glob.glob(os.path.join(SRC, "**/*.md"), recursive=True)]:
        with open(file, encoding="utf-8") as f:
            text = f.read().replace("\\&", "")
        for block in re.findall(r"^```yaml\n(.*?)^```", text, re.M | re.S) + re.findall(r"^\.Bd -literal.*\n((?:[^.].*\n|\n)*)\.Ed", text, re.M):
            if not re.match(r"(router|guard|acls|sets|policies|ports|vrfs|neighbors|rpki|bmp|api):", block):
                continue
            shown += 1
            whole = {"router": {"name": "a", "as": 65000, "id": "10.0.0.1"}, **load(block)}
            errors = list(validator.iter_errors(whole))
            check(not errors, f"{file}\n{block}{errors[0].message if errors else ''}")
    check(shown >= 5, f"{shown} fragments: are they found?")


def main():
    with open(os.path.join(SRC, "conf/ravelin.schema.json"), encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    check_keys(schema)
    check_files(validator)
    check_man_page()
    check_examples(validator)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return failed != 0


sys.exit(main())
