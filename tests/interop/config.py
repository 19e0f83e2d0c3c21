"""What is in force is shown, and could be put in force again; no key is."""

import http.client
import os
import re
import socket
import subprocess

import net
from net import WORK, Ravelind
from policy import scenario
from report import check

KEYS = ["Plain-Key-1", "Quoted: Key #2", "Single 'Key' 3", "Folded-Key-4", "File-Key-5", "Included-Key-6", "Customer-Key-7", "Aliased-Key-8"]
CONF = """router: {name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}
include: KEEP/part.yaml
sets:
  - {name: theirs, prefixes: [203.0.113.0/24, "198.51.100.0/22 ge 23 le 24"]}
  - {name: marks, communities: ["65000:1", "65000:1:2", no-export, "65000:*"]}
policies:
  - name: in
    default: reject
    rules:
      - {name: "1", match: {prefix: theirs}, set: {local-pref: 200, med: 7, community: {add: ["65000:9"], delete: marks}}, action: accept}
      - {name: "true", match: {not: {prefix: theirs}}, action: reject}
ports:
  - {name: eth9, role: access, vrf: vrf-a, address: [192.168.9.1/30], guard: {source: feasible, police: {arp: 77}}}
vrfs:
  - {name: vrf-a-b, table: 11, rd: "65000:2"}
  - name: vrf-a
    table: 10
    rd: "65000:1"
    import: ["65000:1"]
    export: ["65000:1"]
    routes: [{prefix: 10.9.0.0/16, next-hop: 192.168.9.2}]
    neighbors:
      - {address: 192.168.9.2, as: 65109, name: ce, password: Customer-Key-7, max-prefix: 100}
neighbors:
  - {address: 10.0.0.2, as: 65000, families: [vpnv4], name: plain, password: Plain-Key-1}
  - {address: 10.0.0.3, as: 65000, families: [vpnv4], name: double, password: "Quoted: Key #2"}
  - {address: 10.0.0.4, as: 65000, families: [vpnv4], name: single, password: 'Single ''Key'' 3'}
  - address: 10.0.0.5
    as: 65000
    families: [vpnv4]
    name: "on"
    password: >-
      Folded-Key-4
  - {address: 10.0.0.6, as: 65000, families: [vpnv4], name: file, password-file: KEEP/key}
  - {range: 10.0.1.0/24, as: 65000, families: [vpnv4], limit: 3, password: &key Aliased-Key-8}
  - {address: 10.0.0.8, as: 65000, families: [vpnv4], name: "8", password: *key}
"""
PART = "neighbors: [{address: 10.0.0.7, as: 65000, families: [vpnv4], name: part, password: Included-Key-6}]\n"


class Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def get(r, path):
    c = Unix(r.socket)
    c.request("GET", path)
    return c.getresponse().read().decode()


def shows(text, key):
    """Whole, or what is left of it in another notation."""
    return key in text or key.replace("'", "''") in text or key[:8] in text


@scenario
def config(keep):
    """All objects, one, none; as YAML that is read again; without keys."""
    folder = WORK + "/config"
    os.makedirs(folder)
    for name, text in (("part.yaml", PART), ("key", "File-Key-5\n")):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(f"{folder}/{name}", 0o600)
    r = keep(Ravelind(CONF.replace("KEEP", folder)))
    said = [r.ravelin(*words)[1] for words in (["show", "config"], ["-j", "show", "config"], ["show", "config", "neighbors"], ["diff"], ["reload"])]
    code, text, err = r.ravelin("show", "config")
    check("show config", code == 0 and text.startswith("neighbors:\n"), (code, text, err))
    objects = r.ask("config")["objects"]
    paths = [o["path"] for o in objects]
    check("sorted, and what was included is there", paths == sorted(paths) and "neighbors/part" in paths and "vrfs/vrf-a/neighbors/ce" in paths, paths)
    asked = ["/v1/config", "/v1/bgp/neighbors", "/v1/bgp/summary", "/v1/log", "/v1/vrf", "/metrics", "/neighbors"]
    said += [get(r, path) for path in asked] + [r.text()]
    for key in KEYS:
        check(f"no answer and no line of the log shows {key}", not any(shows(s, key) for s in said), [s for s in said if shows(s, key)])
    files = CONF + PART + "File-Key-5"
    check("control: the same look finds every one of them in the files", all(shows(files, key) for key in KEYS))
    check("that there is a key is shown", text.count("password:") == 8 and text.count('"***"') == 8, text)
    parts(r)
    again(r, keep, text, objects)


def parts(r):
    code, text, _ = r.ravelin("show", "config", "vrfs/vrf-a/neighbors/ce")
    check("one object, where it belongs", code == 0 and text.startswith("vrfs:\n  - name: vrf-a\n    neighbors:\n      - name: ce\n        address: 192.168.9.2\n"), text)
    check("a part", [o["path"] for o in r.ask("config", "vrfs/vrf-a")["objects"]] == ["vrfs/vrf-a", "vrfs/vrf-a/neighbors/ce"], r.ask("config", "vrfs/vrf-a"))
    code, _, err = r.ravelin("show", "config", "vrfs/vrf")
    check("nothing of that path", code == 1 and "nothing of that path" in err, (code, err))


def again(r, keep, text, objects):
    """With another key in place of the stars it is the same configuration."""
    path = WORK + "/config/again.yaml"
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    run = subprocess.run([net.BUILD + "/ravelind", "--check", path], capture_output=True, text=True, check=False)
    check("ravelind --check takes what it prints", run.returncode == 0, run.stderr + text)
    wide = [line for line in text.splitlines() if len(line) > 80]
    check("it fits a terminal", not wide, wide)
    r.stop()
    second = keep(Ravelind(re.sub(r"run-dir: .*", "run-dir: RUNDIR", text)))
    got = second.ask("config")["objects"]
    for a, b in zip(objects, got):
        a["settings"].pop("run-dir", None)
        b["settings"].pop("run-dir", None)
    check("what is read again is the same", got == objects, [x for x in zip(objects, got) if x[0] != x[1]])


SCENARIOS = [config]
