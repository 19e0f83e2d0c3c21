"""`ravelin mrt updates`: what neighbours say, as MRT while they say it: octet for octet what was sent, and as bgpdump reads it."""

import glob
import os
import shutil
import signal
import socket
import struct
import subprocess
import time

import net
from net import WORK, Ravelind, wait
from report import check, skip
from speak import Talker, capability

CONF = """
router: {name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}
ports:
  - {name: acc0, role: access, vrf: vrf-a, address: [192.168.1.1/30]}
vrfs:
  - {name: vrf-a, table: 1001, rd: "65000:11", import: ["65000:101"], export: ["65000:101"]}
neighbors:
  - {address: 10.0.0.3, as: 4200000003, families: [ipv4-unicast], import: accept-all, export: accept-all, name: a, passive: true}
  - {address: 10.0.0.4, as: 65000, families: [vpnv4], name: pe2, passive: true}
  - {address: 10.0.0.5, as: 65000, families: [ipv4-unicast, vpnv4], add-path: {receive: true}, name: many, passive: true}
"""
UPDATE = 2
MESSAGE_AS4, STATE, LOCAL, ADDPATH = 4, 5, 7, 9


class Noted(Talker):
    """Remembers what it sent, message by message."""

    def __init__(self, *a, **how):
        self.sent = []
        super().__init__(*a, **how)

    def send(self, octets):
        at = 0
        while at < len(octets):
            n = struct.unpack("!H", octets[at + 16:at + 18])[0]
            self.sent.append(octets[at:at + n])
            at += n
        super().send(octets)


def records(octets):
    """(time, subtype, peer, what follows the addresses) of each; they must end where the file does."""
    out, at = [], 0
    while at < len(octets):
        seconds, kind, subtype, n, us, peer_as, _, _, af = struct.unpack("!IHHIIIIHH", octets[at:at + 28])
        assert kind == 17 and af == 1 and us < 1000000, octets[at:at + 28]
        body = octets[at + 16:at + 12 + n]
        assert len(body) == n - 4
        out.append((seconds + us / 1e6, subtype, socket.inet_ntoa(body[12:16]), peer_as, body[20:]))
        at += 12 + n
    return out


class Listener:
    """`ravelin mrt updates` as it runs."""

    def __init__(self, r, name, *options):
        self.file = WORK + "/" + name
        self.errors = open(self.file + ".err", "w")
        self.process = subprocess.Popen([net.BUILD + "/ravelin", "-s", r.socket, "mrt", "updates", *options, self.file], stderr=self.errors)

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        code = self.process.wait(10)
        self.errors.close()
        return code

    def read(self):
        with open(self.file, "rb") as f:
            return f.read()


def session(*a, **how):
    """A session, as soon as the router takes one: after one has ended it waits a while."""
    made = []

    def attempt():
        try:
            made.append(Noted(*a, **how))
        except OSError:
            return False
        return True

    if not wait(attempt, 30):
        raise ConnectionError(f"no session from {a[0]}")
    return made[0]


def listen(r, n):
    """So many have begun since the router was."""
    return wait(lambda: r.text().count("updates_begin") == n, 10)


def octet_for_octet(r):
    everything, only = Listener(r, "all.mrt"), Listener(r, "one.mrt", "-n", "pe2", "--sent")
    check("both listen", listen(r, 2))
    a = session("10.0.0.3", 4200000003)
    pe2 = session("10.0.0.4", 65000, ("vpnv4",))
    many = session("10.0.0.5", 65000, more=(capability(69, b"\0\1\1\2"),), add_path=True)
    a.announce({"prefix": "198.51.100.0/24", "as_path": [4200000003, 64500], "med": 7, "communities": ["65003:1"]},
               {"prefix": "203.0.113.0/24", "as_path": [4200000003]})
    a.withdraw({"prefix": "203.0.113.0/24"})
    pe2.announce({"prefix": "172.16.2.0/24", "rd": "65000:21", "label": 80, "as_path": [65101], "local_pref": 100, "ext": ["rt:65000:101"]})
    many.announce(*({"prefix": "192.0.2.0/24", "path_id": i, "as_path": [65100 + i], "local_pref": 100} for i in (1, 2)))
    check("the routes are here", wait(lambda: r.route("172.16.2.0/24") and len(r.ask("bgp", "ipv4", "192.0.2.0/24")["routes"]) == 2, 10))
    check("... and the withdrawal", wait(lambda: not (r.ask("bgp", "ipv4", "203.0.113.0/24") or {"routes": []})["routes"], 10))
    for t in (a, pe2, many):
        t.close()
    check("sessions end", wait(lambda: all(r.state(n) != "Established" for n in ("a", "pe2", "many")), 10))
    check("both end well when they are told to", (everything.stop(), only.stop(signal.SIGINT)) == (0, 0))
    return everything, only, {"10.0.0.3": a, "10.0.0.4": pe2, "10.0.0.5": many}


def exact(everything, only, talkers, begin):
    got = records(everything.read())
    for peer, t in talkers.items():
        heard = [body for _, subtype, who, _, body in got if who == peer and subtype != STATE]
        check(f"every message of {peer} is there, octet for octet", heard[-len(t.sent):] == t.sent, (len(heard), len(t.sent)))
        asn = {x[3] for x in got if x[2] == peer and x[1] != STATE and x[4][18] == UPDATE}
        check("... with its AS number", asn == {t.asn}, asn)
    ups = [x[4] for x in got if x[1] == STATE and x[2] == "10.0.0.4"]
    states = [struct.unpack("!HH", s) for s in ups]
    check("the session's states are a chain up to Established and out of it again",
          any(s[1] == 6 for s in states) and states[-1][0] == 6 and all(x[1] == y[0] for x, y in zip(states, states[1:])), states)
    check("an UPDATE with path identifiers says so",
          {x[1] for x in got if x[2] == "10.0.0.5" and x[1] != STATE and x[4][18] == UPDATE} == {ADDPATH})
    check("... one without does not", {x[1] for x in got if x[2] == "10.0.0.3" and x[1] != STATE} == {MESSAGE_AS4})
    check("what we send is in nothing that did not ask for it", LOCAL not in {x[1] for x in got})
    check("each is of now, and none before the one before it", all(begin <= x[0] <= time.time() + 1 for x in got) and
          [x[0] for x in got] == sorted(x[0] for x in got))
    one = records(only.read())
    check("who asked for one neighbour has no other", {x[2] for x in one} == {"10.0.0.4"})
    check("... with what it is told", any(x[1] == LOCAL and x[4][18] == 1 for x in one))


def as_bgpdump(everything):
    done = subprocess.run(["bgpdump", "-m", "-v", everything.file], capture_output=True, text=True)
    lines = [line.split("|") for line in done.stdout.splitlines()]
    said = [line[2:] for line in lines]
    check("bgpdump shows the announcement, whole",
          ["A", "10.0.0.3", "4200000003", "198.51.100.0/24", "4200000003 64500", "IGP", "10.0.0.3", "0", "7", "65003:1", "NAG", "", ""] in
          said, done.stdout)
    check("... the withdrawal", ["W", "10.0.0.3", "4200000003", "203.0.113.0/24"] in said, done.stdout)
    check("... the states", any(x[0] == "STATE" and x[1] == "10.0.0.3" and x[-1] == "6" for x in said), done.stdout)
    check("... the VPN neighbour's states", any(x[0] == "STATE" and x[1] == "10.0.0.4" and x[-1] == "6" for x in said), done.stdout)
    check("... microseconds", all(x[0] in ("BGP4MP_ET", "BGP4MP_ET_AP") and "." in x[1] for x in lines), lines)


def rotated(r):
    """A file a period, named when it is finished; nothing is lost at the border."""
    where = WORK + "/rotated"
    os.mkdir(where)
    run = Listener(r, "rotated", "--rotate", "2s")
    check("it listens", listen(r, 3))
    a = session("10.0.0.3", 4200000003)

    def finished():
        return sorted(f for f in os.listdir(where) if len(f) == len("updates.20260701.121500"))

    def more():
        a.announce({"prefix": f"20.0.{len(a.sent) % 256}.0/24"})
        return len(finished()) >= 3

    check("files are finished one by one", wait(more, 20), os.listdir(where))
    a.close()
    check("the session ends", wait(lambda: r.state("a") != "Established", 10))
    check("it ends well", run.stop() == 0)
    check("nothing unfinished is left", all(f in finished() for f in os.listdir(where)), os.listdir(where))
    got = [x for f in finished() for x in records(open(f"{where}/{f}", "rb").read())]
    heard = [x[4] for x in got if x[1] != STATE and x[2] == "10.0.0.3"]
    check("all messages are there, each once, in order", heard == a.sent,
          (len(heard), len(a.sent), [i for i, m in enumerate(a.sent) if m not in heard]))
    check("the names are of the time", finished()[0].startswith(time.strftime("updates.%Y%m%d.", time.gmtime(got[0][0]))), finished())


def slow(r):
    """One does not read, one is killed: the router goes on, and who reads misses nothing."""
    deaf = socket.socket(socket.AF_UNIX)
    deaf.connect(r.socket)
    deaf.sendall(b"GET /v1/mrt/updates HTTP/1.1\r\nHost: x\r\n\r\n")
    check("the stream begins", deaf.recv(15) == b"HTTP/1.1 200 OK")
    reader, victim = Listener(r, "slow.mrt"), Listener(r, "killed.mrt")
    check("three listen", listen(r, 6))
    a = session("10.0.0.3", 4200000003)
    routes = [{"prefix": f"{20 + i // 256}.{i % 256}.{k}.0/24"} for i in range(3) for k in range(256)]
    for i in range(4000):
        a.announce_together([{**x, "med": i} if x is routes[0] else x for x in routes])
        if i == 2000:
            victim.process.kill()
            victim.process.wait()
            victim.errors.close()
    check("who does not read is cut off, and the log says so", wait(lambda: "updates_cut_off" in r.text(), 30), r.text()[-2000:])
    check("the session lives", r.state("a") == "Established")
    last = a.sent[-1]
    check("who reads has all of it", wait(lambda: any(last[-200:] in open(f, "rb").read()[-4096:] for f in glob.glob(reader.file + ".*")
                                                      if not f.endswith(".err")), 30))
    check("... and ends well", reader.stop() == 0)
    heard = [x[4] for x in records(reader.read()) if x[1] != STATE]
    check("... every message, once and in order", heard[-len(a.sent):] == a.sent, (len(heard), len(a.sent)))
    a.close()
    deaf.close()


def refused(r):
    code, _, err = r.ravelin("mrt", "updates", "-n", "nobody", WORK + "/x.mrt")
    check("a neighbour that is not there is said", code == 1 and "no such neighbor" in err and not os.path.exists(WORK + "/x.mrt"), err)
    code, _, err = r.ravelin("mrt", "updates", "--rotate", "15x", WORK)
    check("a time that is none is said", code == 2 and "15x" in err, err)
    code, _, err = r.ravelin("mrt", "updates", WORK + "/one.mrt")
    check("a file that is there is not replaced", code == 1 and "-f" in err, err)


def updates():
    """Nothing that a neighbour says is missing in the stream, and nothing else is in it."""
    if not shutil.which("bgpdump"):
        skip("updates", "bgpdump is not installed")
        return
    r, begin = Ravelind(CONF), time.time()
    everything, only, talkers = octet_for_octet(r)
    exact(everything, only, talkers, begin)
    as_bgpdump(everything)
    refused(r)
    rotated(r)
    slow(r)
    r.stop()


SCENARIOS = [updates]
