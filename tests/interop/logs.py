"""The log under a flood, the log of both processes, and the security log: written, killed, rotated, out of room, tampered with."""

import hashlib
import json
import os
import re
import signal
import subprocess

import net
from net import PE, Ravelind, sh, wait
from raw import Speaker
from report import check

CONF = """
router: {name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}
log: LOG
neighbors:
  - {address: 10.0.0.3, as: 65003, families: [ipv4-unicast], import: accept-all, export: accept-all, name: raw, passive: true}
"""
ATTEMPTS = 200


def conf(log):
    return CONF.replace("LOG", log)


def refused(r):
    return [line for line in r.text().splitlines() if "event=accept_refused" in line]


def suppressed(r):
    return sum(int(n) for n in re.findall(r"event=log_suppressed what=accept_refused vrf=- count=(\d+)", r.text()))


def strangers(n):
    """Connections of an address that is no neighbour, each refused before the next one."""
    done = 0
    for _ in range(n):
        s = net.peer_socket("10.0.0.8")
        s.connect((PE, 179))
        try:
            done += s.recv(1) == b""
        except ConnectionResetError:
            done += 1
        s.close()
    return done


def flood():
    """What a stranger causes takes a few lines, and none of it is left uncounted; without a limit it takes as many as he likes."""
    for log, bounded in (("{rate: 60, burst: 5}", True), ("{rate: 0}", False)):
        r = Ravelind(conf(log))
        check(f"{log}: all are refused", strangers(ATTEMPTS) == ATTEMPTS)
        check(f"{log}: each is a line or counted", wait(lambda: len(refused(r)) + suppressed(r) == ATTEMPTS, 10),
              (len(refused(r)), suppressed(r)))
        check(f"{log}: {'few lines' if bounded else 'as many lines'}", (len(refused(r)) < ATTEMPTS / 4) == bounded, len(refused(r)))
        r.stop()


def show():
    """One log of two processes, in order of time; from a level on, of one process; and a bgpd that died is in it."""
    r = Ravelind(conf("{burst: 1000}"))
    _, out, _ = r.ravelin("show", "log")
    lines = out.splitlines()
    check("mplsfwd's lines, of before and after the fork", "proc=mplsfwd event=forwarding_ready" in out and wait(
        lambda: "event=bgpd_started" in r.ravelin("show", "log")[1], 5), out)
    check("... and bgpd's", "proc=bgpd event=privileges_dropped" in out, out)
    check("in order", [line[:24] for line in lines] == sorted(line[:24] for line in lines), out)
    strangers(1)
    check("warnings alone", wait(lambda: "accept_refused" in r.ravelin("show", "log", "warn")[1], 5))
    check("... are all there is", all(re.search("level=(warn|error) ", line) for line in r.ravelin("show", "log", "warn")[1].splitlines()))
    check("no such level", r.ravelin("show", "log", "loud")[0] == 2)
    (bgpd,) = r.children()
    os.kill(bgpd, signal.SIGKILL)
    check("the next bgpd says how the last one ended", wait(lambda: "event=bgpd_died signal=9" in r.ravelin("show", "log", "error")[1], 10),
          r.text())
    r.stop()


def whole(text):
    """The chain as the manual describes it, computed by somebody else: (lines, head)."""
    head = n = 0
    for n, line in enumerate(text.splitlines(), 1):
        body, digits = line[:-70], line[-64:]
        if n == 1:
            head = re.search(" prev=([0-9a-f]{64})", body)[1]
        if hashlib.sha256((head + body).encode()).hexdigest() != digits or not body.startswith("seq="):
            return None
        head = digits
    return n, head


def verify(*words):
    done = subprocess.run([net.BUILD + "/ravelin", "-j", "log", "verify", *words], capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def events(path):
    with open(path, errors="replace") as f:
        return [(re.search(" proc=([^ ]+)", line) or " ?")[1] + " " + (re.search(" event=([^ ]+)", line) or " ?")[1] for line in f]


def security():
    """Sessions, orders and refusals of both processes are in it; what is done to the file afterwards shows."""
    path = net.WORK + "/security.log"
    r = Ravelind(conf(f"{{security: {path}}}"))
    s = Speaker()
    check("session", s.session() and wait(lambda: r.state("raw") == "Established", 5), r.text())
    check("an order", r.ravelin("neighbor", "raw", "reset", "new keys")[0] == 0)
    strangers(1)
    check("all of that is in it", wait(lambda: {"mplsfwd security_log_begun", "mplsfwd forwarding_ready", "bgpd privileges_dropped", "bgpd session_up",
          "bgpd session_down", "bgpd api_order", "bgpd ordered", "bgpd accept_refused"} <= set(events(path)), 5), events(path))
    check("who ordered it is told", 'event=api_order uid=0 path="/v1/bgp/neighbors/reset?' in r.text(), r.text())
    check("nobody else may read it", os.stat(path).st_mode & 0o777 == 0o600)
    s.close()
    r.stop()
    with open(path) as f:
        text = f.read()
    code, seen = verify(path)
    check("untouched, it is whole", code == 0 and seen["closed"] and not seen["faults"], seen)
    check("... by another's computation, too", whole(text) == (seen["lines"], seen["head"]), seen)
    check("its head is in the log", f"event=security_log_head seq={seen['last_seq']} hash={seen['head']}" in r.text(), r.text())
    tampered(text, seen["head"])


def tampered(text, head):
    lines = text.splitlines(keepends=True)
    path = net.WORK + "/tampered.log"
    at = next(i for i, line in enumerate(lines) if "event=session_up" in line)
    begun = [lines[0]]
    fate = {"a word changed": (at + 1, lines[:at] + [lines[at].replace("session_up", "session_ub")] + lines[at + 1:]),
            "a line removed": (at + 1, lines[:at] + lines[at + 1:]),
            "two in the other order": (at + 1, lines[:at] + [lines[at + 1], lines[at]] + lines[at + 2:]),
            "a line twice": (at + 2, lines[:at + 1] + lines[at:]),
            "a line between": (at + 1, lines[:at] + ["seq=1 event=nothing\n"] + lines[at:]),
            "the begin cut off": (1, lines[2:]),
            "the last line cut in two": (len(lines), lines[:-1] + [lines[-1][:40]])}
    for what, (line, now) in fate.items():
        with open(path, "w") as f:
            f.writelines(now)
        code, seen = verify(path)
        check(f"{what}: said, with the line", code == 4 and seen["faults"][0]["line"] == line, (code, seen))
    with open(path, "w") as f:
        f.writelines(begun + lines[1:-3])
    code, seen = verify(path)
    check("lines off the end: not seen by itself", code == 0 and not seen["closed"], seen)
    code, seen = verify("--head", head, path)
    check("... but by a head that is known", code == 4 and seen["pinned_seq"] is None, seen)
    with open(path, "w") as f:
        f.write(text)
    code, seen = verify("--head", head, path)
    check("... which is in the whole one", code == 0 and seen["pinned_seq"] == seen["last_seq"], seen)
    check("no file", verify(path + ".none")[0] == 1)
    check("no hash", verify("--head", "abc", path)[0] == 2)


def torn():
    """kill -9, a line that was torn, a file that was tampered with: the next run goes on, and says what it found."""
    path = net.WORK + "/killed.log"
    r = Ravelind(conf(f"{{security: {path}}}"))
    children = r.children()
    for pid in [r.process.pid, *children]:
        os.kill(pid, signal.SIGKILL)
    r.process.wait()
    with open(path, "a") as f:
        f.write("seq=5 time=2026-01-01T0")
    n = len(events(path))
    check("by itself a torn line is a fault", verify(path)[0] == 4)
    r = Ravelind(conf(f"{{security: {path}}}"))
    code, seen = verify(path)
    check("the next run speaks of it, and goes on", code == 0 and seen["torn"] == 1 and seen["lines"] > n, (code, seen))
    r.stop()
    with open(path) as f:
        text = f.read()
    with open(path, "w") as f:
        f.write(text.replace("event=stopping", "event=stepping"))
    r = Ravelind(conf(f"{{security: {path}}}"))
    check("a broken one is said", "event=security_log_broken" in r.text(), r.text())
    code, seen = verify(path)
    check("... and stays broken there alone", code == 4 and len(seen["faults"]) == 2, (code, seen))
    r.stop()
    r = Ravelind(conf(f"{{security: {path}}}"))
    check("... which is said once", "event=security_log_broken" not in r.text() and verify(path)[1]["n_faults"] == 2, r.text())
    r.stop()


def rotated():
    """A file that is taken away is gone on with in another one, tied to the first."""
    path = net.WORK + "/rotated.log"
    r = Ravelind(conf(f"{{security: {path}}}"))
    os.rename(path, path + ".1")
    r.process.send_signal(signal.SIGHUP)
    check("a new one begins", wait(lambda: "event=security_log_begun" in open(path).read(), 5), r.text())
    strangers(1)
    check("... and is written to", wait(lambda: "bgpd accept_refused" in events(path), 5))
    r.stop()
    check("each by itself", verify(path + ".1")[0] == verify(path)[0] == 0, verify(path))
    code, seen = verify(path + ".1", path)
    check("both together", code == 0 and seen["first_seq"] == 1, seen)
    check("not in the other order", verify(path, path + ".1")[0] == 4)


def disk_full():
    """The router runs on; when there is room again the log says how much is missing."""
    folder = net.WORK + "/small"
    os.makedirs(folder)
    sh("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder)
    path = folder + "/security.log"
    r = Ravelind(conf(f"{{security: {path}, burst: 1000}}"))
    with open(folder + "/filler", "wb", buffering=0) as f:
        try:
            while True:
                f.write(b"x" * 512)
        except OSError:
            pass
    strangers(100)
    check("said", wait(lambda: "event=security_log_failed" in r.text(), 5), r.text())
    check("the router runs on", r.ask("version"))
    os.unlink(folder + "/filler")
    strangers(1)
    check("the gap is in the log", wait(lambda: "mplsfwd security_log_gap" in events(path), 5), events(path))
    r.stop()
    code, seen = verify(path)
    check("... which is whole, and counts", code == 0 and seen["gaps"] == 1 and seen["lost"] > 0, (code, seen))
    lines = open(path).read().count("accept_refused")
    check("... to the line", lines + seen["lost"] == 101, (lines, seen))
    sh("umount", folder)


def unusable():
    """What others could write to is not taken for a security log: then there is no start."""
    path = net.WORK + "/open.log"
    with open(path, "w"):
        os.chmod(path, 0o644)
    with open(net.WORK + "/open.yaml", "w") as f:
        f.write(conf(f"{{security: {path}}}").replace("RUNDIR", net.WORK + "/open-run"))
    done = subprocess.run([net.BUILD + "/ravelind", "-f", net.WORK + "/open.yaml", "--no-fib"], capture_output=True, text=True, check=False, timeout=20)
    check("refused", done.returncode == 1 and "event=security_log_refused" in done.stderr and "0600" in done.stderr, done.stderr)


SCENARIOS = [flood, show, security, torn, rotated, disk_full, unusable]
