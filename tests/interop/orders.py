"""`ravelin neighbor`: what an operator orders at run time, and what FRR sees of it."""

import os
import shutil
import subprocess

import frr
import net
from net import Frr, Ravelind, wait
from report import check

GRACEFUL = "65535:0"


def last_end(f):
    """Why FRR thinks that the last session ended, with the text that came along."""
    n = f.neighbor()
    return f"{n.get('lastNotificationReason', '')} {n.get('lastShutdownDescription', '')}"


def orders():
    """reset, shutdown, enable, refresh and graceful-shutdown, each seen from the other side."""
    record = net.WORK + "/orders.run"
    r = Ravelind(frr.ravelin(peer_as=65000), "--record", record)
    f = Frr(frr.frr(vpn=" neighbor 10.0.0.1 activate"))
    check("session", wait(lambda: r.state("frr") == "Established" and len(frr.frr_vpn_routes(f)) == 2, 10), r.text())
    refused(r)
    ended(r, f)
    refreshed(r, f)
    graceful(r, f)
    r.stop()
    f.stop()
    replayed(r, record)


def replayed(r, record):
    """Orders are events like any other: the run, played again, has the same effects."""
    folder = r.dir + "/replay"
    os.makedirs(folder)
    shutil.copy(r.conf, folder + "/config.yaml")
    shutil.copy(record, folder + "/run")
    with open(record) as f:
        text = f.read()
    check("orders are recorded", " admin peer=0 action=reset text=6e6577206b6579" in text and "action=graceful-on" in text)
    done = subprocess.run([net.BUILD + "/tests/replay/replay_test", folder], capture_output=True, text=True)
    check("... and the run can be replayed", done.returncode == 0, done.stdout[-500:] + done.stderr[-500:])


def refused(r):
    for want, *words in [(2, "frr"), (2, "frr", "explode"), (1, "nobody", "reset"), (1, "frr", "enable"),
                         (1, "frr", "graceful-shutdown", "off"), (2, "frr", "reset", "x" * 256),
                         (2, "frr", "refresh", "evpn"), (1, "frr", "refresh", "rt-constraint")]:
        code, _, err = r.ravelin("neighbor", *words)
        check(f"refused: {' '.join(words)[:30]}", code == want and err.startswith("ravelin: "), (code, err))
    as_nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
    os.chmod(os.path.dirname(r.socket), 0o755)
    os.chmod(r.socket, 0o666)  # so that not the file's mode refuses it
    done = subprocess.run([*as_nobody, net.BUILD + "/ravelin", "-s", r.socket, "neighbor", "all", "reset"],
                          capture_output=True, text=True)
    check("refused: a stranger's order", done.returncode in (1, 3), (done.returncode, done.stderr))
    check("... all of which did nothing", r.peer("frr")["counters"]["established"] == 1)


def ended(r, f):
    r.ravelin("neighbor", "frr", "reset", "new key")
    check("reset: FRR has the Cease and its text",
          wait(lambda: "Administrative Reset" in last_end(f) and "new key" in last_end(f), 5), last_end(f))
    check("... and the session is there again",
          wait(lambda: r.state("frr") == "Established" and r.peer("frr")["counters"]["established"] == 2, 20), r.text())
    code, _, err = r.ravelin("neighbor", "10.0.0.2", "shutdown", "Umbau, zurück um drei")
    check("shutdown", code == 0, err)
    check("... FRR has the text",
          wait(lambda: "Administrative Shutdown" in last_end(f) and "Umbau, zur" in last_end(f), 5), last_end(f))
    check("... and what it dials is refused", not wait(lambda: r.state("frr") != "Idle", 3), r.text())
    check("... as is a reset", r.ravelin("neighbor", "frr", "reset")[0] == 1)
    r.ravelin("neighbor", "all", "enable")
    check("enable", wait(lambda: r.state("frr") == "Established", 30), r.text())
    check("... with all routes", wait(lambda: len(frr.frr_vpn_routes(f)) == 2, 10))


def refreshed(r, f):
    def stat(key):
        return f.neighbor()["messageStats"][key]

    refreshes, updates = stat("routeRefreshRecv"), stat("updatesRecv")
    r.ravelin("neighbor", "frr", "refresh", "in", "vpnv4")
    check("refresh in: FRR is asked", wait(lambda: stat("routeRefreshRecv") == refreshes + 1, 5))
    r.ravelin("neighbor", "frr", "refresh", "out")
    check("refresh out: FRR is told again", wait(lambda: stat("updatesRecv") > updates, 5))
    check("... and the session stays", r.state("frr") == "Established")


def communities(f):
    """The communities of each of our routes at FRR, by prefix."""
    out = {}
    for rd, routes in f.json("show bgp ipv4 vpn")["routes"]["routeDistinguishers"].items():
        for prefix in routes:
            paths = f.json(f"show bgp ipv4 vpn rd {rd} {prefix}")
            path = next(iter(paths.values()))["paths"][0] if "paths" not in paths else paths["paths"][0]
            out[prefix] = path.get("community", {}).get("string", "")
    return out


def graceful(r, f):
    def all_marked():
        c = communities(f)
        return len(c) == 2 and all("graceful-shutdown" in x or GRACEFUL in x for x in c.values())

    check("before: no community", not any(communities(f).values()), communities(f))
    code, out, err = r.ravelin("neighbor", "all", "graceful-shutdown", "on")
    check("graceful-shutdown on", code == 0 and "frr" in out, out + err)
    check("... is at FRR on every route", wait(all_marked, 5), communities(f))
    r.ravelin("neighbor", "frr", "graceful-shutdown", "off")
    check("graceful-shutdown off", wait(lambda: len(communities(f)) == 2 and not any(communities(f).values()), 5),
          communities(f))
    check("... and the session stays", r.state("frr") == "Established")


SCENARIOS = [orders]
