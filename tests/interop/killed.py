"""bgpd or mplsfwd is killed at any moment of a reload: what comes back is the old configuration or the new one, whole, never a mixture."""

import os
import random
import signal
import subprocess
import time

import net
from net import Ravelind, wait
from policy import scenario
from reload import HEAD, policy, write
from report import check
from speak import Talker

SEED = 2026
ROUNDS, KILLS = 8, 4  # daemons, and how often the bgpd of each is killed: its restarts take longer and longer
FIRST, SECOND = "203.0.113.0/24", "198.51.100.0/24"


def neighbor(last, name, hold, key):
    return (f"  - {{address: 10.0.0.{last}, local-address: 10.0.0.1, as: {65000 + last}, families: [ipv4-unicast], name: {name}, passive: true, "
            f"import: in, export: accept-all, hold-time: {hold}, password: {key}}}\n")


OLD = HEAD + policy(FIRST) + "neighbors:\n" + neighbor(3, "c", 90, "Key-Of-Old") + neighbor(4, "gone", 90, "Key-Of-Old")
NEW = HEAD + policy(SECOND) + "neighbors:\n" + neighbor(3, "c", 30, "Key-Of-New") + neighbor(5, "come", 30, "Key-Of-New")
WHOLE = {  # set of the policy, neighbors, hold time as sent, whose key, what comes in
    "old": (FIRST, ("c", "gone"), 90, "Key-Of-Old", (FIRST,)),
    "new": (SECOND, ("c", "come"), 30, "Key-Of-New", (SECOND,)),
}


def session(key):
    try:
        return Talker("10.0.0.3", 65003, key=key, patience=0.4)
    except OSError:
        return None


def seen(r):
    """What runs, asked in five ways: what it says of itself, and what a neighbor gets."""
    objects = {o["path"]: o["settings"] for o in r.ask("config")["objects"]}
    names = tuple(p["name"] for p in r.ask("bgp", "neighbors")["peers"])
    keys = [(key, t) for key in ("Key-Of-Old", "Key-Of-New") if (t := session(key))]
    if len(keys) != 1:
        return "keys", [key for key, _ in keys]
    key, t = keys[0]
    t.announce({"prefix": FIRST}, {"prefix": SECOND})
    t.eor("ipv4")
    wait(lambda: r.ask("bgp", "ipv4")["routes"], 5)
    got = tuple(sorted({x["prefix"] for x in r.ask("bgp", "ipv4")["routes"]}))
    t.close()
    return objects["sets/theirs"]["prefixes"][0], names, int.from_bytes(t.their_open[3:5], "big"), key, got


def which(r):
    got = None

    def look():
        nonlocal got
        got = seen(r)
        return next((name for name, whole in WHOLE.items() if whole == got), None)
    return wait(look, 6) or f"neither: {got}"


def strike(r, rng, text, who):
    """A reload to this text, and a death meanwhile. Seconds between the two."""
    write(r, text)
    (bgpd,) = r.children()
    asked = subprocess.Popen([net.BUILD + "/ravelin", "-s", r.socket, "reload"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    begin, pause = time.monotonic(), rng.choice((0.006, 0.02, 0.06)) * rng.random()
    while time.monotonic() - begin < pause:
        pass
    os.kill(bgpd if who == "bgpd" else r.process.pid, signal.SIGKILL)
    asked.wait()
    return bgpd, pause


def is_gone(pid):
    """Nobody may have waited for it."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
            return f.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@scenario
def killed_bgpd(keep):
    rng, found = random.Random(SEED), []
    for _ in range(ROUNDS):
        r = Ravelind(OLD)
        for i in range(KILLS):
            bgpd, pause = strike(r, rng, NEW if i % 2 == 0 else OLD, "bgpd")
            back = wait(lambda bgpd=bgpd: is_gone(bgpd) and r.ask("version"), 15)
            kind = which(r) if back else "nobody is back"
            check(f"bgpd killed after {pause * 1000:.1f} ms: {kind}", kind in WHOLE, r.text()[-2000:])
            found.append(kind)
            wait(lambda: r.ravelin("reload")[0] == 0, 10)  # to where the file stands
            check("and a reload brings the rest", which(r) == ("new" if i % 2 == 0 else "old"), r.text()[-2000:])
        r.stop()
    check("both came out: the moments were spread over the whole of it", {"old", "new"} <= set(found), found)


@scenario
def killed_mplsfwd(keep):
    """It takes bgpd with it; the start reads the file, and has nothing of before."""
    rng = random.Random(SEED)
    first = r = Ravelind(OLD)
    for i in range(12):
        bgpd, pause = strike(r, rng, NEW if i % 2 == 0 else OLD, "mplsfwd")
        r.process.wait()
        check(f"bgpd ends with mplsfwd, killed after {pause * 1000:.1f} ms", wait(lambda bgpd=bgpd: is_gone(bgpd), 5), r.text()[-2000:])
        r.stop()
        r = Ravelind(NEW if i % 2 == 0 else OLD, again=first)
        kind = which(r)
        check("the next one runs what the file says", kind == ("new" if i % 2 == 0 else "old"), kind)
    r.stop()


SCENARIOS = [killed_bgpd, killed_mplsfwd]
