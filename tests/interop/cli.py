"""The command line against a daemon with a neighbor: what it asks, what happens while it looks, what it completes."""

import json
import os
import signal
import subprocess

import frr
import net
from net import Frr, Ravelind, wait
from report import check

VPN = " neighbor 10.0.0.1 activate\n neighbor 10.0.0.1 route-map out out\n network 172.16.2.0/24 rd 65000:22 label 80"


class Monitor:
    """`ravelin monitor` while it runs."""

    def __init__(self, r, *what):
        self.process = subprocess.Popen([net.BUILD + "/ravelin", "-s", r.socket, "monitor", *what], stdout=subprocess.PIPE)
        os.set_blocking(self.process.stdout.fileno(), False)
        self.text, self.events = "", []

    def seen(self, **want):
        """An event with these members, so far."""
        self.text += (self.process.stdout.read() or b"").decode()
        *lines, self.text = self.text.split("\n")
        self.events += [json.loads(line) for line in lines]
        return [e for e in self.events if all(e.get(k) == v for k, v in want.items())]

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(5)


def monitor():
    """Sessions, best paths and nothing of another kind, as they happen; a daemon that ends ends it."""
    r = Ravelind(frr.ravelin())
    sessions, routes = Monitor(r, "neighbors"), Monitor(r, "rou")
    everything = Monitor(r)
    check("three of them are served", wait(lambda: reading(r, 3), 5))
    f = Frr(frr.frr(vpn=VPN))
    check("session", wait(lambda: r.state("frr") == "Established", 10), r.text())
    check("session_up is told", wait(lambda: sessions.seen(event="session_up", peer="frr", **{"as": 65000}), 5), sessions.events)
    check("its route in the VPN", wait(lambda: routes.seen(event="route_best", prefix="172.16.2.0/24", vrf=None, rd="65000:22"), 10), routes.events)
    check("... and in the VRF", wait(lambda: routes.seen(event="route_best", prefix="172.16.2.0/24", vrf="vrf-a", **{"from": "frr"}), 5), routes.events)
    r.ravelin("neighbor", "frr", "shutdown", "that's all")
    check("session_down is told", wait(lambda: sessions.seen(event="session_down", peer="frr"), 5), sessions.events)
    check("its route is gone", wait(lambda: routes.seen(event="route_gone", prefix="172.16.2.0/24", vrf="vrf-a"), 5), routes.events)
    gone = (routes.seen(event="route_gone", prefix="172.16.2.0/24", vrf="vrf-a") or [{}])[-1]
    check("... with what it was", (gone.get("was") or {}).get("next_hop") == "10.0.0.2", gone)
    check("nothing of another kind", not [e for e in routes.events if not e["event"].startswith("route_")], routes.events)
    check("... nor there", not [e for e in sessions.events if "peer" not in e], sessions.events)
    check("all is both", wait(lambda: everything.seen(event="session_down") and everything.seen(event="route_gone"), 5), everything.events)
    check("each has its time", all(e["time"].endswith("Z") for e in everything.events))
    sessions.end()
    routes.end()
    check("a reader that has gone is forgotten", wait(lambda: reading(r, 1), 10))
    bounded(r)
    r.stop()
    check("the end of the daemon is its end", everything.process.wait(5) == 1, everything.process.returncode)
    f.stop()


def reading(r, n):
    """So many connections of clients are open at the daemon."""
    inodes = subprocess.run(["ss", "-xH"], capture_output=True, text=True, check=False).stdout
    return inodes.count("ravelin.sock") == n


def bounded(r):
    """Eight may read; the ninth is told so, and questions are still answered."""
    more = [Monitor(r) for _ in range(7)]
    check("eight are served", wait(lambda: reading(r, 8), 5))
    code, _, err = r.ravelin("monitor")
    check("the ninth is not", code == 1 and "503" in err, (code, err))
    check("... and questions are answered", r.ask("version"))
    for m in more:
        m.end()


def asked():
    """Each question has the exit status that its help says, in text and as JSON; words may be cut; values are completed."""
    r = Ravelind(frr.ravelin())
    f = Frr(frr.frr(vpn=VPN))
    check("session", wait(lambda: r.state("frr") == "Established" and r.route("172.16.2.0/24"), 10), r.text())
    for want, words in [(0, "sh bg sum"), (0, "sh bg n frr"), (1, "sh bg n nobody"), (0, "sh bg vp"), (0, "sh bg vp 172.16.2.0/24"),
                        (1, "sh bg vp 192.0.2.0/24"), (2, "sh bg vp 192.0.2.1"), (1, "sh bg ip"), (0, "sh bg vrf vrf-a ipv4"),
                        (0, "sh bg vrf vrf-a ipv4 172.16.2.0/24"), (1, "sh bg vrf nobody ipv4"), (0, "sh vrf"), (0, "sh vrf vrf-a"),
                        (1, "sh vrf nobody"), (0, "sh mpls"), (0, "sh gu"), (1, "sh gu nobody"), (1, "sh gu drops"), (0, "sh mem"),
                        (0, "sh log"), (0, "sh ver"), (0, "ex 172.16.2.0/24 v vrf-a"), (1, "ex 192.0.2.0/24 v vrf-a"), (1, "ex 192.0.2.0/24 vrf nobody"),
                        (0, "sh mp path 172.16.2.0/24 vrf vrf-a"), (0, "sh mp path 172.16.1.0/24 vrf vrf-a"), (1, "sh mp path 192.0.2.0/24 vrf vrf-a"),
                        (0, "n frr ref i"), (1, "n nobody reset"), (2, "n frr ref foo"), (2, "sh m")]:
        code, out, err = r.ravelin(*words.split())
        check(f"{words}: {want}", code == want, (code, out, err))
        check(f"{words}: fits a terminal", max(map(len, (out or "-").splitlines())) <= 80 or " log" in words, out)
        code, out, err = r.ravelin("-j", *words.split())
        check(f"-j {words}: JSON and nothing else", json.loads(out) and not err, (out, err))
        check(f"-j {words}: no worse", code <= want, code)
    path = ("show", "mpls", "path", "172.16.2.0/24", "vrf", "vrf-a")
    check("the stack of labels", wait(lambda: "on the wire: [80] IPv4" in r.ravelin(*path)[1], 5), r.ravelin(*path)[1] + r.ravelin("-j", *path)[1])
    _, out, _ = r.ravelin("show", "log")
    check("the log has what was logged", "event=session_up peer=frr" in out and "proc=bgpd" in out, out)
    check("... line by line", all(line in r.text() for line in out.splitlines()), out)
    completed(r)
    watched(r)
    r.stop()
    f.stop()


def completed(r):
    def offered(*words):
        done = subprocess.run([net.BUILD + "/ravelin", "--complete", "-s", r.socket, *words], capture_output=True, text=True, check=False)
        return [line.split("\t")[0] for line in done.stdout.splitlines()]

    check("neighbors are completed", offered("neighbor", "") == ["frr"], offered("neighbor", ""))
    check("... what they may be told", "reset" in offered("neighbor", "frr", "r"), offered("neighbor", "frr", "r"))
    check("VRFs", offered("show", "vrf", "v") == ["vrf-a"], offered("show", "vrf", "v"))
    check("ports", "acc0" in offered("show", "guard", ""), offered("show", "guard", ""))


def watched(r):
    """In a pipe one block a period, or one line of JSON."""
    for words, parts in ((("show", "version", "--watch", "1"), lambda text: text.count("ravelind ")),
                         (("-j", "-w1", "show", "version"), lambda text: len([json.loads(line) for line in text.splitlines()]))):
        p = subprocess.Popen([net.BUILD + "/ravelin", "-s", r.socket, *words], stdout=subprocess.PIPE)
        os.set_blocking(p.stdout.fileno(), False)
        text = ""

        def grown():
            nonlocal text
            text += (p.stdout.read() or b"").decode()
            return parts(text) >= 2

        check(f"{' '.join(words)}: again", wait(grown, 10), text)
        p.send_signal(signal.SIGINT)
        p.wait(5)
    kept_in_view(r)
    check("an order is given once", r.ravelin("neighbor", "frr", "refresh", "--watch")[0] == 2)


def kept_in_view(r):
    """The daemon goes: what it said last stays on the terminal, and that it has gone is said below it, once."""
    screen, terminal = os.openpty()
    p = subprocess.Popen([net.BUILD + "/ravelin", "-s", r.socket, "-w1", "--no-pager", "show", "version"], stdout=terminal, stderr=terminal)
    os.close(terminal)
    os.set_blocking(screen, False)
    text = ""

    def seen(what):
        nonlocal text
        try:
            text += os.read(screen, 65536).decode()
        except OSError:
            pass
        return what(text)

    check("watched on a terminal", wait(lambda: seen(lambda t: t.count("\033[2J") >= 2), 10), text)
    away = r.socket + ".away"
    os.rename(r.socket, away)
    check("the daemon is gone: said", wait(lambda: seen(lambda t: "no ravelind is running" in t), 10), text)
    check("... below the last answer", "ravelind " in text[text.rindex("\033[2J"):text.index("ravelin: /")], text)
    pictures = text.count("\033[2J")
    wait(lambda: seen(lambda t: False), 2.5)
    check("... once, and the answer stays", text.count("no ravelind is running") == 1 and text.count("\033[2J") == pictures, text)
    os.rename(away, r.socket)
    check("it is back: seen", wait(lambda: seen(lambda t: t.count("\033[2J") > pictures), 10), text)
    p.send_signal(signal.SIGINT)
    check("^C ends it", p.wait(5) == -signal.SIGINT, p.returncode)
    os.close(screen)


SCENARIOS = [monitor, asked]
