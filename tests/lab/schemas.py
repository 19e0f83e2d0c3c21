#!/usr/bin/python3
"""Topologies are valid under containerlab's own schema, scenarios under ours, and broken ones are not."""
import copy
import json
import os
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError as e:
    print(f"skip  schemas: {e}")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)

TOP = pathlib.Path(os.environ.get("RAVELIN_SRCDIR", pathlib.Path(__file__).resolve().parent.parent.parent)).resolve()
passed = failed = 0


def check(name, ok, detail=""):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print(f"NOT OK  {name}: {detail}")


def schema_of(path):
    schema = json.loads((TOP / path).read_text(encoding="utf-8"))
    # draft-07 first: containerlab names no draft that older validators know
    return jsonschema.Draft7Validator(schema)


def errors(validator, document):
    return [e.message[:200] for e in validator.iter_errors(document)]


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


clab, ours = schema_of("tests/lab/schema/clab.schema.json"), schema_of("topologies/scenario.schema.json")
topologies = sorted(TOP.glob("topologies/**/*.clab.yml")) + sorted(TOP.glob("tests/lab/*.clab.yml"))
scenarios = sorted(TOP.glob("topologies/**/*.scenario.yml")) + sorted(TOP.glob("tests/lab/*.scenario.yml"))
check("there are topologies and scenarios", len(topologies) >= 2 and len(scenarios) >= 3)
for path in topologies:
    found = errors(clab, load(path))
    check(path.name, not found, found)
for path in scenarios:
    found = errors(ours, load(path))
    check(path.name, not found, found)

# The validators do object: to a key that is not there, and to each kind of step without what it needs.
basic = load(TOP / "topologies/l3vpn-basic/l3vpn-basic.clab.yml")
basic["topology"]["nodes"]["pe1"]["role"] = "pe"
check("containerlab's schema refuses a key of our own in a node", errors(clab, basic))
whole = load(TOP / "topologies/l3vpn-basic/l3vpn-basic.scenario.yml")
for i, step in enumerate(whole["steps"]):
    for key in step:
        if key in ("deadline", "count", "silent", "inner-label-of", "vrf"):
            continue
        broken = copy.deepcopy(whole)
        del broken["steps"][i][key]
        check(f"step {i} without {key} is refused", errors(ours, broken))
print(f"{passed} passed, {failed} failed, 0 skipped")
sys.exit(1 if failed else 0)
