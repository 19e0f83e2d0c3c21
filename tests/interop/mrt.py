"""Dumps of the table (MRT, RFC 6396) as others read them: bgpdump, and OpenBGPD's bgpctl for what bgpdump does not know."""

import os
import shutil
import subprocess
import time

import net
from net import WORK, Ravelind, wait
from report import check, skip
from speak import Talker, capability

CONF = """
router: {name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}
sets:
  - {name: unwanted, communities: ["65004:666"]}
policies:
  - name: wanted
    rules: [{name: no, match: {community: unwanted}, action: reject}]
    default: accept
ports:
  - {name: acc0, role: access, vrf: vrf-a, address: [192.168.1.1/30]}
vrfs:
  - {name: vrf-a, table: 1001, rd: "65000:11", import: ["65000:101"], export: ["65000:101"], redistribute: [connected]}
neighbors:
  - {address: 10.0.0.3, as: 65003, families: [ipv4-unicast], import: accept-all, export: accept-all, name: a, passive: true}
  - {address: 10.0.0.4, as: 4200000004, families: [ipv4-unicast], import: wanted, keep-rejected: true, export: accept-all, name: b, passive: true}
  - {address: 10.0.0.5, as: 65000, families: [vpnv4], name: pe2, passive: true}
  - {address: 10.0.0.6, as: 65000, families: [ipv4-unicast], add-path: {receive: true}, name: many, passive: true}
"""
FIELDS = ("kind", "time", "mark", "peer", "as", "prefix", "path", "origin", "next_hop", "local_pref", "med", "communities", "atomic",
          "aggregator")
ORIGINS = ("IGP", "EGP", "INCOMPLETE")
ROUTES = 300


def dumped(file):
    """(one dict a path as bgpdump says it, what it complains about)"""
    done = subprocess.run(["bgpdump", "-m", "-v", file], capture_output=True, text=True)
    return [dict(zip(FIELDS, line.split("|"))) for line in done.stdout.splitlines()], done.stderr


def told(talker, r):
    """A route as it was announced, as bgpdump should say it."""
    return (talker.local, str(talker.asn), r["prefix"], " ".join(map(str, r["as_path"])), ORIGINS[r.get("origin", 0)],
            r.get("next_hop", talker.local), str(r.get("local_pref", 0)), str(r.get("med", 0)), " ".join(r.get("communities", [])))


def said(d):
    return tuple(d[k] for k in ("peer", "as", "prefix", "path", "origin", "next_hop", "local_pref", "med", "communities"))


def routes_of(asn, first):
    """Each with attributes of its own."""
    out = []
    for i in range(first, first + ROUTES):
        r = {"prefix": f"20.{i // 256}.{i % 256}.0/{24 if i % 3 else 25}", "as_path": [asn, 64000 + i, 4200000000 + i], "origin": i % 3}
        if i % 2:
            r["med"] = i
        if i % 5 == 0:
            r["communities"] = [f"{asn % 65536}:{i}", "65000:7"]
        out.append(r)
    return out


def differs(want, got):
    return f"missing {sorted(set(want) - set(got))[:3]}, not announced {sorted(set(got) - set(want))[:3]}, {len(want)} and {len(got)}"


def dump(r, name, *options):
    file = f"{WORK}/{name}.mrt"
    code, out, err = r.ravelin("mrt", "dump", *options, file)
    return file, code, out + err


def ipv4(r, a, b, begin):
    """Two neighbours' routes, half of the prefixes of both; one is rejected, one withdrawn."""
    of_a, of_b = routes_of(65003, 0), routes_of(4200000004, ROUTES // 2)
    a.announce(*of_a, {"prefix": "198.51.100.0/24"})
    b.announce(*of_b, {"prefix": "198.51.100.0/24"}, {"prefix": "192.0.2.0/24", "communities": ["65004:666"]})
    a.withdraw({"prefix": "198.51.100.0/24"})
    b.withdraw({"prefix": "198.51.100.0/24"})
    check("all are here, the rejected one too", wait(lambda: len(r.ask("bgp", "ipv4")["routes"]) == 2 * ROUTES + 1, 10))
    check("... which is kept", len(r.ask("bgp", "rejected")["routes"]) == 1)
    file, code, said_by = dump(r, "ipv4")
    check("the dump is made, without a word", code == 0 and said_by == "", said_by)
    got, complaints = dumped(file)
    want = [told(a, x) for x in of_a] + [told(b, x) for x in of_b]
    check("bgpdump shows exactly what was announced, not what was rejected or withdrawn",
          sorted(map(said, got)) == sorted(want), differs(want, list(map(said, got))))
    check("bgpdump has nothing to complain about", "not supported" not in complaints and "unknown" not in complaints.lower(), complaints)
    check("each line is of now", all(begin <= int(d["time"]) <= time.time() + 1 for d in got), got[:1])
    return file


def files(r, file):
    with open(file, "rb") as f:
        before = f.read()
    _, code, why = dump(r, "ipv4")
    check("a file that is there is not replaced", code == 1 and "-f" in why, why)
    with open(file, "rb") as f:
        check("... and is as it was", f.read() == before)
    check("unless with -f", dump(r, "ipv4", "-f")[1] == 0)
    left = [n for n in os.listdir(WORK) if n.startswith("ipv4.mrt") and n != "ipv4.mrt"]
    check("nothing is left beside it", left == [], left)
    done = subprocess.run([net.BUILD + "/ravelin", "-s", r.socket, "mrt", "dump", "-"], capture_output=True)
    check("- is standard output", done.returncode == 0 and done.stdout[4:8] == b"\0\x0d\0\x01", done.stderr)
    code, _, why = r.ravelin("mrt", "dump", WORK + "/no/such/dir")
    check("a directory that is not there is said", code == 1 and "No such file" in why, why)


def paths(r, many):
    """ADD-PATH: several paths of one neighbour to one prefix (RFC 8050)."""
    for i in (1, 2, 3):
        many.announce({"prefix": "203.0.113.0/24", "path_id": i, "as_path": [65100 + i], "local_pref": 100 + i})
    check("three paths", wait(lambda: len(r.ask("bgp", "ipv4", "203.0.113.0/24")["routes"]) == 3, 10))
    got, _ = dumped(dump(r, "paths")[0])
    mine = sorted(tuple(d.values())[5:11] for d in got if d["prefix"] == "203.0.113.0/24")
    want = [("203.0.113.0/24", str(i), f"{65100 + i}", "IGP", "10.0.0.6", f"{100 + i}") for i in (1, 2, 3)]
    check("bgpdump shows each of them, with its identifier", mine == want, mine)


def vpnv4(r, pe2):
    """RIB_GENERIC: bgpdump does not know it."""
    if not shutil.which("bgpctl"):
        skip("mrt of vpnv4", "bgpctl is not installed")
        return
    pe2.announce({"prefix": "172.16.2.0/24", "rd": "65000:21", "label": 80, "as_path": [65101], "local_pref": 100, "ext": ["rt:65000:101"]},
                 {"prefix": "172.16.3.0/24", "rd": "65000:21", "label": 81, "as_path": [65102], "local_pref": 100, "ext": ["rt:65000:101"]})
    check("VPN routes are here", wait(lambda: r.route("172.16.3.0/24"), 10))
    file, code, why = dump(r, "vpnv4")
    check("the dump with VPN routes is made", code == 0, why)
    check("bgpdump passes the VPN routes over", len(dumped(file)[0]) == 2 * ROUTES + 3)
    done = subprocess.run(["bgpctl", "show", "mrt", "detail", "file", file], capture_output=True, text=True)
    for i in (2, 3):
        entry = (f"BGP routing table entry for rd 65000:21 172.16.{i}.0/24\n    {65099 + i}\n"
                 "    Nexthop rd 0:0 10.0.0.5 (via rd 0:0 10.0.0.5) Neighbor 10.0.0.5 (10.0.0.5)\n"
                 "    Origin IGP, metric 0, localpref 100,")
        check(f"bgpctl shows 172.16.{i}.0/24", entry in done.stdout, done.stdout + done.stderr)
    own = "rd 65000:11 192.168.1.0/30\n    Nexthop rd 0:0 10.0.0.1 (via rd 0:0 10.0.0.1) Neighbor 0.0.0.0 (10.0.0.1)"
    check("... and what a VRF of ours exports, from ourselves", own in done.stdout, done.stdout)
    check("... and route targets", done.stdout.count("Ext. Communities: rt 65000:101") == 3, done.stdout)
    check("... and the paths of IPv4 by their identifiers", all(f"(10.0.0.6) Path-Id: {i}\n" in done.stdout for i in (1, 2, 3)), done.stdout)


def mrt():
    """Nothing of the table is missing in a dump, and nothing else is there."""
    if not shutil.which("bgpdump"):
        skip("mrt", "bgpdump is not installed")
        return
    r, begin = Ravelind(CONF), int(time.time())
    a, b, pe2 = Talker("10.0.0.3", 65003), Talker("10.0.0.4", 4200000004), Talker("10.0.0.5", 65000, ("vpnv4",))
    many = Talker("10.0.0.6", 65000, more=(capability(69, b"\0\1\1\2"),), add_path=True)
    file = ipv4(r, a, b, begin)
    files(r, file)
    paths(r, many)
    vpnv4(r, pe2)
    for t in (a, b, pe2, many):
        t.close()
    r.stop()


SCENARIOS = [mrt]
