"""The configuration is read anew while sessions are up: FRR sees no more of it than it must."""

import json
import os
import random
import select
import signal
import subprocess
import time

import net
from net import Frr, Ravelind, wait
from policy import frr, scenario
from report import check

HEAD = "router: {name: rs, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}\n"
ANNOUNCES = "  network 203.0.113.0/24\n  network 198.51.100.0/24\n"


def policy(*prefixes):
    return (f"sets: [{{name: theirs, prefixes: [{', '.join(prefixes)}]}}]\n"
            "policies: [{name: in, default: reject, rules: [{name: theirs, match: {prefix: theirs}, action: accept}]}]\n")


def client(last, asn, name, extra=""):
    return (f"  - {{address: 10.0.0.{last}, local-address: 10.0.0.1, as: {asn}, families: [ipv4-unicast], name: {name}, "
            f"route-server-client: true, export: accept-all, connect-retry: 1, import: in{extra}}}\n")


def write(r, text):
    """As an editor does: the old file or the new one, nothing between."""
    with open(r.conf + ".new", "w") as f:
        f.write(text.replace("RUNDIR", os.path.dirname(r.socket)))
    os.rename(r.conf + ".new", r.conf)


def prefixes(r):
    return sorted(x["prefix"] for x in r.ask("bgp", "ipv4")["routes"] if x["best"])


def sessions(r, name):
    return r.peer(name)["counters"]["established"]


def reload(r, text, want=0):
    write(r, text)
    code, out, err = r.ravelin("reload")
    check(f"reload: exit status {want}", code == want, (code, out, err))
    return out + err


@scenario
def reloads(keep):
    """Policies, errors, neighbors that come and go, another key."""
    both, one = policy("203.0.113.0/24", "198.51.100.0/24"), policy("203.0.113.0/24")
    me = client(2, 65001, "frr")
    r = keep(Ravelind(HEAD + one + "neighbors:\n" + me))
    f = keep(Frr(frr(65001, ipv4=ANNOUNCES)))
    check("session", wait(lambda: r.state("frr") == "Established" and prefixes(r) == ["203.0.113.0/24"], 15), r.text())
    said = reload(r, HEAD + one + "neighbors:\n" + me)
    check("nothing differs", said.startswith("unchanged"), said)
    told(r, HEAD + policy("198.51.100.0/24") + "neighbors:\n" + me, HEAD + one + "neighbors:\n" + me)
    write(r, HEAD + both + "neighbors:\n" + me)
    code, said, _ = r.ravelin("diff")
    check("diff shows the settings as they are and as they would be", code == 0 and said.splitlines() == [
        "~ sets/theirs", '    - {"name": "theirs", "prefixes": ["203.0.113.0/24"]}',
        '    + {"name": "theirs", "prefixes": ["203.0.113.0/24", "198.51.100.0/24"]}'], said)
    check("... and changes nothing", prefixes(r) == ["203.0.113.0/24"], prefixes(r))
    said = reload(r, HEAD + both + "neighbors:\n" + me)
    check("it says what differs", said == "~ sets/theirs\n", said)
    check("a wider policy takes in what was rejected before",
          wait(lambda: prefixes(r) == ["198.51.100.0/24", "203.0.113.0/24"], 5), prefixes(r))
    said = reload(r, HEAD + one + "neighbors:\n" + me.replace("as: 65001", "as: 0"), want=1)
    check("an error names file, line and column", "conf.yaml:5:" in said and "AS 0 is reserved" in said, said)
    said = reload(r, (HEAD + one).replace("name: rs", "name: other") + "neighbors:\n" + me, want=1)
    check("what only a restart can change is refused whole", "only a restart can change router" in said and len(prefixes(r)) == 2, said)
    write(r, HEAD + one + "neighbors:\n" + me)
    r.process.send_signal(signal.SIGHUP)
    check("SIGHUP does the same", wait(lambda: prefixes(r) == ["203.0.113.0/24"], 5), prefixes(r))
    check("the session saw nothing of it", sessions(r, "frr") == 1 and f.neighbor()["connectionsEstablished"] == 1, f.neighbor())
    comes_and_goes(r, f, HEAD + one, me)


def told(r, other, last):
    """Who monitors hears of a reload; the first may come before it does."""
    with subprocess.Popen([net.BUILD + "/ravelin", "-s", r.socket, "monitor"], stdout=subprocess.PIPE) as monitor:
        for _ in range(5):
            reload(r, other)
            reload(r, last)
            if select.select([monitor.stdout], [], [], 1)[0]:
                break
        monitor.terminate()
        events = [json.loads(line) for line in monitor.stdout]
    check("a reload is an event like others, of now", any(e["event"] == "reloaded" and e["time"] > "2020" for e in events), events)


def comes_and_goes(r, f, head, me):
    said = reload(r, head + "neighbors:\n" + client(3, 65003, "other"))
    check("one goes, one comes", said == "- neighbors/frr\n+ neighbors/other\n", said)
    check("who is gone is told so (RFC 4486 3)",
          wait(lambda: "Peer" in f.neighbor().get("lastNotificationReason", "") and f.neighbor()["bgpState"] != "Established", 5),
          f.neighbor())
    check("nothing of it is left", prefixes(r) == [] and [p["name"] for p in r.ask("bgp", "neighbors")["peers"]] == ["other"],
          r.ask("bgp", "neighbors"))
    reload(r, head + "neighbors:\n" + client(3, 65003, "other") + me)
    check("and comes back", wait(lambda: r.state("frr") == "Established" and len(prefixes(r)) == 1, 15), r.text())
    f.vty("configure terminal", "router bgp 65001", "neighbor 10.0.0.1 password Secret-2")
    said = reload(r, head + "neighbors:\n" + client(3, 65003, "other") + client(2, 65001, "frr", ", password: Secret-2"))
    check("another key is named, and not shown", said == "~ neighbors/frr\n~ neighbors/frr: the key\n! neighbors/frr: the session begins anew\n", said)
    check("another key begins the session anew, and it comes up with it",
          wait(lambda: r.state("frr") == "Established" and r.peer("frr")["md5"], 20), r.text())
    f.vty("configure terminal", "router bgp 65001", "neighbor 10.0.0.1 password Secret-3")
    f.vty("clear bgp *")
    check("control: with a key that is not ours it does not", not wait(lambda: r.state("frr") == "Established", 4), r.text())
    f.vty("configure terminal", "router bgp 65001", "no neighbor 10.0.0.1 password")
    reload(r, head + "neighbors:\n" + client(3, 65003, "other") + me)
    check("a key that is taken away is gone from the listener too", wait(lambda: r.state("frr") == "Established", 20), r.text())


@scenario
def reload_killed(keep):
    """bgpd is killed at any moment of a reload: what stands then is the old configuration or the new one."""
    old = HEAD + policy("203.0.113.0/24") + "neighbors:\n" + client(2, 65001, "a")
    new = HEAD + policy("198.51.100.0/24") + "neighbors:\n" + client(2, 65001, "a", ", hold-time: 30") + client(3, 65003, "b")
    r = keep(Ravelind(old, "--log-format", "json"))
    rng, kinds, seen = random.Random(7), {("a", 90): "old", ("a", 30, "b", 90): "new"}, set()
    for i in range(4):
        write(r, new if i % 2 == 0 else old)
        asked = subprocess.Popen([net.BUILD + "/ravelin", "-s", r.socket, "reload"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        begin, pause = time.monotonic(), rng.random() * 0.03
        while time.monotonic() - begin < pause:
            pass
        for child in r.children():
            os.kill(child, signal.SIGKILL)
        asked.wait()
        if not wait(lambda: r.ask("bgp", "neighbors"), 15):
            check("bgpd is back", False, r.text())
            return
        got = tuple(x for p in r.ask("bgp", "neighbors")["peers"] for x in (p["name"], p["timers"]["hold_s"]))
        check(f"killed after {pause * 1000:.0f} ms: {kinds.get(got, 'neither')}", got in kinds, got)
        seen.add(kinds.get(got))
        reload(r, old)
        reload(r, new)
        reload(r, old)
    logged(r)
    check("both were seen", seen == {"old", "new"} or len(seen) == 1, seen)


PE_HEAD = "router: {name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}\n"
PE2 = "neighbors:\n  - {address: 10.0.0.2, local-address: 10.0.0.1, as: 65000, families: [vpnv4], name: frr, connect-retry: 1}\n"


def vrf(name, n, targets="65000:101", routes=1):
    statics = ", ".join(f"{{prefix: 172.16.{n}{i}.0/24, next-hop: 192.168.{n}.2}}" for i in range(routes))
    return (f"  - {{name: {name}, table: 100{n}, rd: \"65000:{n}\", import: [\"{targets}\"], export: [\"{targets}\"], "
            f"redistribute: [static], routes: [{statics}]}}\n")


def vpn(*names):
    """The head, ports of these VRFs, and what follows are their settings."""
    ports = "".join(f"  - {{name: acc{n}, role: access, vrf: {name}, address: [192.168.{n}.1/30]}}\n" for name, n in names)
    return PE_HEAD + "ports:\n" + ports + "vrfs:\n"


def told_vpn(f):
    """By RD and prefix: label and extended communities."""
    rds = f.json("show bgp ipv4 vpn").get("routes", {}).get("routeDistinguishers", {})
    return {rd + " " + prefix for rd, prefixes in rds.items() for prefix in prefixes}


def targets_of(f, rd, prefix):
    return f.json(f"show bgp ipv4 vpn rd {rd} {prefix}")


@scenario
def reload_vrfs(keep):
    """VRFs come, change and go; a PE sees of it what it must, in its one session."""
    a, b = ("vrf-a", 1), ("vrf-b", 2)
    r = keep(Ravelind(vpn(a) + vrf(*a) + PE2))
    f = keep(Frr(frr(65000, vpn="  neighbor 10.0.0.1 activate\n")))
    check("session, and the route of the VRF", wait(lambda: told_vpn(f) == {"65000:1 172.16.10.0/24"}, 15), told_vpn(f))
    said = reload(r, vpn(a, b) + vrf(*a, routes=2) + vrf(*b) + PE2)
    check("it says what differs", said == "+ ports/acc2\n~ vrfs/vrf-a\n+ vrfs/vrf-b\n", said)
    three = {"65000:1 172.16.10.0/24", "65000:1 172.16.11.0/24", "65000:2 172.16.20.0/24"}
    check("a VRF, its label and a route more", wait(lambda: told_vpn(f) == three, 10), told_vpn(f))
    labels = {x["vrf"]: x["label"] for x in r.ask("mpls")["labels"] if x["vrf"]}
    reload(r, vpn(a, b) + vrf(*a, targets="65000:102") + vrf(*b) + PE2)
    check("other targets are told, and a route less",
          wait(lambda: told_vpn(f) == three - {"65000:1 172.16.11.0/24"} and
               "RT:65000:102" in str(targets_of(f, "65000:1", "172.16.10.0/24")), 10), targets_of(f, "65000:1", "172.16.10.0/24"))
    reload(r, vpn(b) + vrf(*b) + PE2)
    check("a VRF that goes is withdrawn", wait(lambda: told_vpn(f) == {"65000:2 172.16.20.0/24"}, 10), told_vpn(f))
    rests = [x["label"] for x in r.ask("mpls")["labels"] if x["state"] == "quarantine"]
    check("its label rests", rests == [labels["vrf-a"]], (rests, labels))
    check("and nobody speaks of it", [v["name"] for v in r.ask("vrf")["vrfs"]] == ["vrf-b"], r.ask("vrf"))
    reload(r, vpn(a, b) + vrf(*a) + vrf(*b) + PE2)
    check("it comes back, with another label",
          wait(lambda: told_vpn(f) == three - {"65000:1 172.16.11.0/24"}, 10) and
          labels["vrf-a"] not in [x["label"] for x in r.ask("mpls")["labels"] if x["vrf"]], r.ask("mpls"))
    reload(r, vpn(a, b) + vrf(*a).replace("65000:1\"", "65000:7\"", 1) + vrf(*b) + PE2)
    check("with another RD it is another one",
          wait(lambda: told_vpn(f) == {"65000:7 172.16.10.0/24", "65000:2 172.16.20.0/24"}, 10), told_vpn(f))
    check("the session saw nothing of it", sessions(r, "frr") == 1 and f.neighbor()["connectionsEstablished"] == 1, f.neighbor())


def logged(r):
    """Every line is an object, with its time, level, process and event."""
    lines = r.text().splitlines()
    while lines and not lines[0].startswith("{"):
        lines.pop(0)  # what there is to say of the file, before there is a log
    objects = [json.loads(line) for line in lines if line.startswith("{")]
    whole = [o for o in objects if {"time", "level", "proc", "event"} <= set(o)]
    check("the log is JSON, line by line", len(objects) == len(lines) == len(whole) > 50, (len(lines), len(objects), len(whole)))
    check("... with numbers as numbers", any(o["event"] == "reloaded" and isinstance(o["new"], int) for o in objects))


def linked(ports, *vrfs):
    """ports: name, VRF, third number of its link."""
    text = "".join(f"  - {{name: {p}, role: access, vrf: {v}, address: [192.168.{n}.1/30]}}\n" for p, v, n in ports)
    return PE_HEAD + "ports:\n" + text + "vrfs:\n" + "".join(vrf(*v).replace("[static]", "[connected]") for v in vrfs) + PE2


@scenario
def reload_links(keep):
    """Without a forwarding plane too, links of VRFs whose ports come, move and go are told and taken back."""
    a, b, c = ("vrf-a", 1), ("vrf-b", 2), ("vrf-c", 3)
    one = ("acc0", "vrf-a", 1)
    r = keep(Ravelind(linked([one], a)))
    f = keep(Frr(frr(65000, vpn="  neighbor 10.0.0.1 activate\n")))

    def links(*want):
        want = {f"65000:{rd} 192.168.{n}.0/30" for rd, n in want}
        check(f"FRR has {sorted(want)}", wait(lambda: told_vpn(f) == want, 15), told_vpn(f))

    def again(text):
        write(r, text)
        check("taken", wait(lambda: r.ravelin("reload")[0] == 0, 10), r.text())

    links((1, 1))
    again(linked([one, ("acc1", "vrf-b", 2)], a, b))
    links((1, 1), (2, 2))
    again(linked([one, ("acc1", "vrf-b", 4)], a, b))
    links((1, 1), (2, 4))
    again(linked([one, ("acc1", "vrf-c", 4)], a, b, c))
    links((1, 1), (3, 4))
    again(linked([one], a))
    links((1, 1))
    check("all in one session", sessions(r, "frr") == 1, sessions(r, "frr"))


SCENARIOS = [reloads, reload_vrfs, reload_links, reload_killed]
