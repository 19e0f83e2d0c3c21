#!/usr/bin/python3
"""`ravelind --print-defaults`: every key of the loader's tables is in it, it is YAML without its first #, and a default that is written
out changes nothing of what the loader makes."""

import copy
import json
import os
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError as e:
    print(f"skip: defaults.py: {e}; apt install python3-yaml")
    print("0 passed, 0 failed, 1 skipped")
    sys.exit(0)

SRC = os.environ.get("RAVELIN_SRCDIR", ".")
BUILD = os.environ.get("RAVELIN_BUILDDIR", ".")

# Tables of the loader that stand at several places, by the end of the place.
SHARED = {"max-prefix": "neighbors.max-prefix", "add-path": "neighbors.add-path", "graceful-restart": "neighbors.graceful-restart",
          "caches.tls": "remotes.tls", "stations.tls": "remotes.tls", "read-only": "api.who", "read-write": "api.who", "source-port": "acls.aces.matches.ports", "destination-port": "acls.aces.matches.ports"}

# What has no default and is needed, and what is taken out since it does not go together with the rest: one row a kind of port, neighbor
# or limit. Each default has to be in one of them.
ROUTER = {"router.name": "pe1", "router.as": 65000, "router.id": "10.255.0.1"}
VRF = {"vrfs.name": "v", "vrfs.table": 10, "vrfs.rd": "65000:1", "vrfs.max-routes.limit": 10, "vrfs.neighbors.address": "192.168.1.2",
       "vrfs.neighbors.as": 65101, "vrfs.neighbors.max-prefix.limit": 100, "vrfs.neighbors.add-path.send": 2}
CORE = {"neighbors.address": "10.255.0.3", "neighbors.as": 65001, "neighbors.families": ["ipv4-unicast"], "neighbors.import": "accept-all",
        "neighbors.max-prefix.limit": 100, "neighbors.add-path.send": 2}
ACCESS = {"ports.name": "eth1", "ports.role": "access", "ports.vrf": "v", "ports.address": ["192.168.1.1/24"]}
ACL = {"acls.name": "a", "acls.aces.name": "e", "acls.aces.actions.forwarding": "drop", "ports.acl": ["a"],
       **{f"acls.aces.matches.{protocol}.{port}.port": 7 for protocol in ("tcp", "udp") for port in ("source-port", "destination-port")}}
POLICY = {"policies.name": "p", "policies.default": "reject", "policies.rules.name": "r", "policies.rules.action": "accept", "neighbors.import": "p",
          "policies.rules.set.prepend.as": 65000}
REMOTES = {"rpki.caches.name": "c", "rpki.caches.address": "10.0.0.9", "bmp.stations.name": "s", "bmp.stations.address": "10.0.0.10"}
RESTART = {"neighbors.max-prefix.action": "restart", "vrfs.neighbors.max-prefix.action": "restart"}
STOP = ["neighbors.max-prefix.restart-after", "vrfs.neighbors.max-prefix.restart-after"]
BARE = ["api", "rpki", "bmp", "acls", "policies", "sets"]
ROWS = [
    ("access", {**ROUTER, **VRF, **ACCESS, **CORE}, [*BARE, *STOP, "ports.labels"]),
    ("core", {**ROUTER, **CORE, "ports.name": "eth0", "ports.role": "core"}, [*BARE, *STOP, "vrfs", "ports.accept-labels", "ports.guard"]),
    ("tcp", {**ROUTER, **VRF, **ACCESS, **CORE, **ACL}, [*BARE[:3], *BARE[4:], *STOP, "ports.labels", "acls.aces.matches.udp"]),
    ("udp", {**ROUTER, **VRF, **ACCESS, **CORE, **ACL}, [*BARE[:3], *BARE[4:], *STOP, "ports.labels", "acls.aces.matches.tcp"]),
    ("policy", {**ROUTER, **CORE, **POLICY}, ["api", "rpki", "bmp", "acls", "sets", "vrfs", "ports", *STOP]),
    ("restart", {**ROUTER, **VRF, **ACCESS, **CORE, **RESTART}, [*BARE, "ports.labels"]),
    ("remotes", {**ROUTER, **REMOTES}, ["api", "vrfs", "ports", "neighbors", "acls", "sets", "policies"]),
]

# Another value than the default, where none is made by itself.
OTHER = {"router.user": "daemon", "router.run-dir": "/run/other", "router.retain": "all", "mpls.labels": "100000-100998",
         "guard.infrastructure": ["10.0.0.0/8"], "guard.unknown-ports": "open", "guard.xdp": "off", "ports.labels": "advertised",
         "ports.guard.source": "feasible", "ports.guard.protocols": ["ospf"], "ports.guard.allow": ["martians"], "vrfs.import": ["65000:1"], "vrfs.export": ["65000:1"],
         "vrfs.redistribute": ["connected"], "vrfs.max-routes.action": "warn", "neighbors.max-prefix.action": "warn",
         "vrfs.neighbors.max-prefix.action": "warn", "acls.aces.actions.logging": "log-syslog", "bmp.stations.routes": ["loc-rib"],
         **{f"acls.aces.matches.{protocol}.{port}.operator": "gte" for protocol in ("tcp", "udp") for port in ("source-port", "destination-port")}}
ONE_VALUE = {"acls.type"}  # there is no other one

passed = failed = 0


def check(ok, what):
    global passed, failed
    passed += bool(ok)
    failed += not ok
    if not ok:
        print(f"FAIL {what}")


def leaves(node, path=""):
    """(path, value) of all keys that hold no others; entries of lists are their list."""
    for key, value in node.items():
        at = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            yield from leaves(value, at)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from leaves(value[0], at)
        else:
            yield at, value


def tables(node, path=""):
    """{place of a mapping: its keys}"""
    found = {path or ".": set(node)}
    for key, value in node.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = value[0]
        if isinstance(value, dict):
            found.update(tables(value, f"{path}.{key}" if path else key))
    return found


def check_complete(tree):
    out = subprocess.run([os.path.join(BUILD, "tests/unit/conf_keys")], check=True, stdout=subprocess.PIPE, text=True).stdout
    wanted = {}
    for line in out.splitlines():
        path, key, _ = line.split()
        wanted.setdefault(path, set()).add(key)
    seen = set()
    for place, keys in tables(tree).items():
        table = place if place in wanted else next((t for end, t in SHARED.items() if place.endswith("." + end)), place)
        seen.add(table)
        check(keys == wanted.get(table), f"keys at {place}: {sorted(keys ^ wanted.get(table, set()))}")
    check(seen == set(wanted), f"tables that are not printed: {sorted(set(wanted) - seen)}")


def build(tree, keep, fills, path=""):
    """A configuration of the paths that keep(path) lets through with their defaults, and of fills."""
    made = {}
    for key, value in tree.items():
        at = f"{path}.{key}" if path else key
        entries = isinstance(value, list) and value and isinstance(value[0], dict)
        if isinstance(value, dict) or entries:
            below = build(value[0] if entries else value, keep, fills, at)
            if below:
                made[key] = [below] if entries else below
        elif at in fills:
            made[key] = fills[at]
        elif value is not None and keep(at):
            made[key] = value
    return made


def load(folder, conf):
    """(what became of it, what was said)"""
    path = os.path.join(folder, "a.yaml")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(conf, f, indent=1)
    run = subprocess.run([os.path.join(BUILD, "tests/unit/conf_dump"), path], capture_output=True, text=True, check=False)
    return (run.stdout if run.returncode == 0 else None), run.stderr


def other(path, value):
    if path in OTHER:
        return OTHER[path]
    return not value if isinstance(value, bool) else value + 1 if isinstance(value, int) and value != 75 else 50


def put(conf, path, value):
    conf = copy.deepcopy(conf)
    node, (*way, last) = conf, path.split(".")
    for step in way:
        node = node.setdefault(step, {})
        node = node[0] if isinstance(node, list) else node
    node[last] = value
    return conf


def check_row(folder, tree, name, fills, without):
    """Paths whose default was proved."""
    def gone(path):
        return any(path == w or path.startswith(w + ".") for w in without)

    fills = {path: value for path, value in fills.items() if not gone(path)}
    bare = build(tree, lambda path: False, fills)
    known = dict(leaves(bare))
    inside = {p.rsplit(".", 1)[0] for p in known}
    defaults = {p: v for p, v in leaves(tree) if v is not None and p not in fills and not gone(p)
                and (p.split(".")[0] not in ("ports", "vrfs", "neighbors", "acls", "policies", "rpki", "bmp") or p.split(".")[0] in {i.split(".")[0] for i in inside})}
    plain, said = load(folder, bare)
    check(plain, f"{name}, required keys alone: {said}")
    whole, said = load(folder, build(tree, lambda path: path in defaults, fills))
    check(whole == plain, f"{name}: all defaults written out\n{said}\n{whole}\n{plain}")
    for path, value in defaults.items():
        one, said = load(folder, build(tree, lambda p, path=path: p == path, fills))
        check(one == plain, f"{name}: {path} {value}: is that the default?\n{said}")
        if path in ONE_VALUE:
            continue
        changed, said = load(folder, put(build(tree, lambda p, path=path: p == path, fills), path, other(path, value)))
        check(changed != plain, f"{name}: {path}: another value changes nothing: is it looked at?\n{said}")
    return set(defaults)


def main():
    text = subprocess.run([os.path.join(BUILD, "ravelind"), "--print-defaults"], check=True, stdout=subprocess.PIPE, text=True).stdout
    lines = [line for line in text.splitlines() if line]
    check(all(line.startswith("#") for line in lines) and max(map(len, lines)) <= 100, "every line is a comment, and fits")
    tree = yaml.safe_load("\n".join(line[1:] for line in lines))
    check_complete(tree)
    every = {path for path, value in leaves(tree) if value is not None}
    with tempfile.TemporaryDirectory() as folder:
        proved = set().union(*(check_row(folder, tree, *row) for row in ROWS))
    check(every == proved, f"defaults that no row proves: {sorted(every - proved)}")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return failed != 0


sys.exit(main())
