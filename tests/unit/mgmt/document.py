#!/usr/bin/python3
"""docs/openapi.json by itself: the same paths, methods and queries as the tables of the program, and the golden answers are as described."""

import copy
import glob
import json
import os
import re
import sys

SRC = os.environ.get("RAVELIN_SRCDIR") or os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
GOLDEN = os.path.join(SRC, "tests/unit/mgmt/golden")
BEYOND = {"/", "/page/{file}", "/v1/openapi.json"}  # what is served besides the table

# The path of each golden answer, by the longest beginning of its name.
GOLDEN_OF = {
    "summary": "/v1/bgp/summary", "new-summary": "/v1/bgp/summary", "neighbors": "/v1/bgp/neighbors", "received": "/v1/bgp/neighbors/received",
    "advertised": "/v1/bgp/neighbors/advertised", "vpnv4": "/v1/bgp/vpnv4", "new-vpnv4": "/v1/bgp/vpnv4", "bgp-vrf": "/v1/bgp/vrf",
    "explain": "/v1/bgp/explain", "vrf": "/v1/vrf", "mpls": "/v1/mpls", "new-mpls": "/v1/mpls", "guard": "/v1/guard", "new-guard": "/v1/guard",
    "guard-drops": "/v1/guard/drops", "new-guard-drops": "/v1/guard/drops", "index": "/v1",
}

passed = failed = 0


def load():
    with open(os.path.join(SRC, "docs/openapi.json")) as f:
        return json.load(f)


def described(document, method, path, code, kind):
    """The schema of an answer; None: there is none of this kind, or it is not described."""
    answers = document["paths"].get(path, {}).get(method.lower(), {}).get("responses", {})
    answer = answers.get(str(code), {})
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].split("/")[-1]]
    return answer.get("content", {}).get(kind, {}).get("schema")


def complaint(document, schema, value):
    """What is wrong with it; None: nothing."""
    import jsonschema
    for e in jsonschema.Draft202012Validator(dict(schema, components=document["components"])).iter_errors(value):
        return f"{'/'.join(map(str, e.absolute_path))}: {e.message[:300]}"
    return None


def broken(value):
    """Copies with one thing changed each: a member left out or of another type."""
    if isinstance(value, dict):
        for k, v in value.items():
            yield {n: x for n, x in value.items() if n != k}
            yield dict(value, **{k: 7.5 if isinstance(v, dict) else {"neither": "nor"}})
            for b in broken(v):
                yield dict(value, **{k: b})
    elif isinstance(value, list) and value:
        for b in broken(value[0]):
            yield [b] + copy.deepcopy(value[1:])


def queries(document, operation):
    return [p["name"] for p in operation.get("parameters", []) if p.get("in") == "query"]


def check(what, ok, detail=""):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print(f"FAIL {what}: {detail}")


def tables_agree(document, rows, said):
    """GET against rows of {path: first key of the query}, both ways."""
    gets = {p: ops["get"] for p, ops in document["paths"].items() if "get" in ops}
    said("every path of the table is described", set(rows) <= set(gets), set(rows) - set(gets))
    said("... and no other", set(gets) - set(rows) == BEYOND, set(gets) - set(rows))
    for path, key in rows.items():
        names = queries(document, gets.get(path, {}))
        said(f"{path}: its query is described", names[:1] == ([key] if key else []), (names, key))


def orders(document):
    """POST against the tables of mgmt/act and mgmt/reload."""
    with open(os.path.join(SRC, "bgpd/mgmt/act.c")) as f:
        table = {"/v1/bgp/neighbors/" + name: (takes == "true", family == "true")
                 for name, takes, family in re.findall(r'\{"([a-z-]+)", ADMIN_\w+, (\w+), (\w+),', f.read())}
    with open(os.path.join(SRC, "bgpd/mgmt/reload.c")) as f:
        others = set(re.findall(r'\{"(/v1/[a-z/]+)", FIB_\w+\}', f.read()))
    posts = {p: ops["post"] for p, ops in document["paths"].items() if "post" in ops}
    check("orders are found", len(table) >= 8 and len(others) >= 3, (table, others))
    check("every order is described, and no other", set(posts) == set(table) | others, set(posts) ^ (set(table) | others))
    for path, (text, family) in table.items():
        want = ["name"] + ["text"] * text + ["family"] * family
        check(f"{path}: its query", queries(document, posts.get(path, {})) == want, want)


def shape(document):
    """References lead somewhere, names are there once, everything says what it is."""
    import jsonschema
    whole = json.dumps(document)
    for ref in set(re.findall(r'"\$ref": "#/([^"]+)"', whole)):
        at = document
        for step in ref.split("/"):
            at = at.get(step, {})
        check(f"{ref} is there", at)
    operations = [(m, p, o) for p, ops in document["paths"].items() for m, o in ops.items()]
    ids = [o["operationId"] for _, _, o in operations]
    check("operations have names of their own", len(ids) == len(set(ids)))
    for method, path, o in operations:
        check(f"{method} {path} has a summary", o.get("summary"))
        check(f"{method} {path} can be refused", "403" in o["responses"])
        header = {"$ref": "#/components/parameters/XRavelin"} in o.get("parameters", [])
        check(f"{method} {path}: the header of orders", header == (method == "post"))
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        check(f"{name} says what it is", schema.get("description"))


def goldens(document):
    n = 0
    for file in sorted(glob.glob(GOLDEN + "/*.json")):
        name = os.path.basename(file)[:-5]
        begin = max((b for b in GOLDEN_OF if name == b or name.startswith(b + "-")), key=len, default=None)
        if not begin:
            continue
        schema = described(document, "get", GOLDEN_OF[begin], 200, "application/json")
        with open(file) as f:
            value = json.load(f)
        wrong = complaint(document, schema, value)
        check(f"golden/{name} is as described", wrong is None, wrong)
        check(f"golden/{name} broken is refused", any(complaint(document, schema, b) for b in broken(value)))
        n += 1
    check("goldens are found", n >= 25, n)


def main():
    try:
        import jsonschema  # noqa: only whether it is there
    except ImportError:
        print("skip: document.py: apt install python3-jsonschema")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    document = load()
    with open(GOLDEN + "/index.json") as f:
        tables_agree(document, {p["path"]: p["query"] for p in json.load(f)["paths"]}, check)
    orders(document)
    shape(document)
    goldens(document)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
