#!/usr/bin/python3
"""
Topologies are valid under containerlab's own schema and under ours, scenarios under ours, and broken ones are not. What our schemas
accept is what the reader accepts, mutation by mutation; and it accepts no topology that containerlab's schema refuses.
"""
import copy
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    import jsonschema
    import yaml
except ImportError as e:
    print(f"skip  schemas: {e}")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)

TOP = pathlib.Path(os.environ.get("RAVELIN_SRCDIR", pathlib.Path(__file__).resolve().parent.parent.parent)).resolve()
BUILD = pathlib.Path(os.environ.get("RAVELIN_BUILDDIR", TOP / "build")).resolve()
PUBLISHED = TOP.parent / "shared" / "clab.schema.json"  # containerlab's own, which is not ours to give away
passed = failed = skipped = 0


def check(name, ok, detail=""):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print(f"NOT OK  {name}: {detail}")


def schema_of(path):
    schema = json.loads(path.read_text(encoding="utf-8"))
    # draft-07 first: containerlab names no draft that older validators know
    return jsonschema.Draft7Validator(schema)


def errors(validator, document):
    return [e.message[:200] for e in validator.iter_errors(document)]


def load(path):
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


clab = schema_of(PUBLISHED) if PUBLISHED.exists() else None
if not clab:
    skipped += 1
    print(f"skip  containerlab's schema: {PUBLISHED} is not there")
topo, ours = schema_of(TOP / "topologies/topology.schema.json"), schema_of(TOP / "topologies/scenario.schema.json")
topologies = sorted(TOP.glob("topologies/**/*.clab.yml")) + sorted(TOP.glob("tests/lab/*.clab.yml"))
scenarios = sorted(TOP.glob("topologies/**/*.scenario.yml")) + sorted(TOP.glob("tests/lab/*.scenario.yml"))
check("there are topologies and scenarios", len(topologies) >= 12 and len(scenarios) >= 10)
for path in topologies:
    for whose, validator in (("ours", topo), ("containerlab's", clab)):
        found = errors(validator, load(path)) if validator else []
        check(f"{path.name}, {whose}", not found, found)
for path in scenarios:
    found = errors(ours, load(path))
    check(path.name, not found, found)

# The validators do object: to a key that is not there, and to each kind of step without what it needs.
basic = load(TOP / "topologies/l3vpn-basic/l3vpn-basic.clab.yml")
basic["topology"]["nodes"]["pe1"]["role"] = "pe"
if clab:
    check("containerlab's schema refuses a key of our own in a node", errors(clab, basic))
check("and so does ours", errors(topo, basic))
whole = load(TOP / "topologies/l3vpn-basic/l3vpn-basic.scenario.yml")
for i, step in enumerate(whole["steps"]):
    for key in step:
        if key in ("deadline", "count", "silent", "inner-label-of", "vrf"):
            continue
        broken = copy.deepcopy(whole)
        del broken["steps"][i][key]
        check(f"step {i} without {key} is refused", errors(ours, broken))


# The start of a lesson is its network with other files, and nothing else.
def same_network(path):
    t = load(path)
    t["name"] = t["name"].removesuffix("-start")
    for node in t["topology"]["nodes"].values():
        node["binds"] = [pathlib.PurePath(b.split(":")[0]).name + b[b.index(":"):] for b in node.get("binds", [])]
    return t


lessons = sorted(p.parent.parent for p in TOP.glob("topologies/*/start/*.clab.yml"))
check("there are lessons", len(lessons) >= 5)
for lesson in lessons:
    name = lesson.name
    check(f"{name}: start and solution differ in files alone", same_network(lesson / f"{name}.clab.yml")
          == same_network(lesson / "start" / f"{name}.clab.yml"))
    own = [p for p in (lesson / "start").iterdir() if not p.name.endswith(".clab.yml")]
    check(f"{name}: and in some file they do", own and all((lesson / p.name).read_bytes() != p.read_bytes() for p in own))


# Every value becomes something else, every list and mapping loses and gains. What only the rest of the file decides (a node
# that is not there) is no mutation here.
WRONG = [5, True, None, "", [], {"x": "y"}]


def places(value, path=()):
    yield path, value
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], path + (key,))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from places(item, path + (i,))


def put(document, path, value):
    out = copy.deepcopy(document)
    at = out
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return out


def drop(document, path):
    out = copy.deepcopy(document)
    at = out
    for key in path[:-1]:
        at = at[key]
    del at[path[-1]]
    return out


def linked(path):
    """A node or a port of a link: others refer to it."""
    return path[:2] == ("topology", "nodes") and len(path) == 3 or path[:2] == ("topology", "links")


def mutations(document, seen, kind=None):
    """seen: places of the same keys are the same, wherever they stand."""
    for path, value in places(document):
        shape = (kind, tuple(k for k in path if isinstance(k, str)), type(value).__name__, isinstance(path[-1] if path else "", int))
        if not path or shape in seen:
            continue
        seen.add(shape)
        at = "/".join(map(str, path))
        # half of them each time, in turn: what is wrong in one place is wrong in its neighbour
        for wrong in WRONG[len(seen) % 2::2]:
            yield f"{at} = {wrong!r}", put(document, path, wrong)
        if isinstance(value, int) and not isinstance(value, bool):
            yield f"{at} negative", put(document, path, -1)
            yield f"{at} in parts", put(document, path, 1.5)
            yield f"{at} in quotes", put(document, path, str(value))
            yield f"{at} too large", put(document, path, 10 ** 9)
        if isinstance(value, str):
            yield f"{at} as a list", put(document, path, [value])
        if isinstance(value, dict):
            yield f"{at} with more", put(document, path, dict(value, more="x"))
            yield f"{at} with ravelin.more", put(document, path, dict(value, **{"ravelin.more": "x"}))
        if isinstance(value, list) and not linked(path):
            yield f"{at} twice the first", put(document, path, value + value[:1])
        if isinstance(path[-1], str) and not linked(path):
            yield f"without {at}", drop(document, path)


def reader(*args):
    r = subprocess.run([str(BUILD / "ravelin"), "lab", "check", *args], capture_output=True, text=True, timeout=30)
    return r.returncode == 0, r.stderr


def agree(name, document, validator, run):
    says, said = run(document)
    valid = validator.is_valid(document)
    check(f"{name}: schema and reader", says == valid, "" if says == valid else
          f"reader: {said[:300] or 'accepts'}, schema: {errors(validator, document) or 'accepts'}")
    return says


def mutate_topology(tmp, name):
    shutil.copytree(TOP / "topologies" / name, tmp / name, symlinks=True)
    for scenario in (tmp / name).glob("*.scenario.yml"):
        scenario.unlink()
    file = tmp / name / f"{name}.clab.yml"
    document = load(file)
    document["topology"]["nodes"]["pe1"]["labels"]["other.people"] = "theirs"
    # three nodes have all that there is
    document["topology"]["nodes"] = {n: document["topology"]["nodes"][n] for n in ("pe1", "p1", "ce-b1")}
    document["topology"]["links"] = [link for link in document["topology"]["links"] if link["endpoints"]
                                     in (["pe1:eth1", "p1:eth1"], ["pe1:eth3", "ce-b1:eth1"])]
    check("two links are left", len(document["topology"]["links"]) == 2)

    def run(d):
        file.write_text(json.dumps(d), encoding="utf-8")
        return reader(str(file))

    accepted = 0
    check(f"{name} is accepted", agree(name, document, topo, run))
    for what, d in mutations(document, set()):
        if agree(f"{name}: {what}", d, topo, run):
            accepted += 1
            if clab:
                check(f"{name}: {what}: accepted by containerlab's schema too", clab.is_valid(d))
    check(f"{name}: some mutations are harmless", accepted >= 3, accepted)


def mutate_scenario(tmp, topology, scenario, seen):
    file = tmp / scenario.name
    document = load(scenario)

    def run(d):
        file.write_text(json.dumps(d), encoding="utf-8")
        return reader("--scenario", str(file), str(topology))

    check(f"{scenario.name} is accepted", agree(scenario.name, document, ours, run))
    # one step at a time: the others were in a file before
    for step in document["steps"]:
        kind = next(iter(step)), step.get("kind")
        for what, d in mutations({"name": "one", "steps": [step]}, seen, kind):
            agree(f"{scenario.name}: {kind[0]}: {what}", d, ours, run)


if os.access(BUILD / "ravelin", os.X_OK):
    with tempfile.TemporaryDirectory() as name:
        tmp = pathlib.Path(name)
        mutate_topology(tmp, "l3vpn-basic")
        seen = set()
        for at in ("l3vpn-basic", "dual-homed"):
            folder = TOP / "topologies" / at
            mutate_scenario(tmp, folder / f"{at}.clab.yml", folder / f"{at}.scenario.yml", seen)
else:
    skipped += 1
    print(f"skip  mutations: {BUILD}/ravelin is not built")
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed else 0)
