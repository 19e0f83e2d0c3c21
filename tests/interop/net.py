"""Namespaces, processes and waiting: the ground that the scenarios stand on."""

import contextlib
import ctypes
import json
import os
import signal
import socket
import struct
import subprocess
import time

from report import check

BUILD = "."
PE, PEER = "10.0.0.1", "10.0.0.2"  # ravelind's end of the wire; the first address of the other end
WORK = "/run/work"
SPEAKERS = "peer"  # the namespace of peer_socket()
RUNNING = []  # daemons that a scenario has started and not stopped
_libc = ctypes.CDLL(None, use_errno=True)


def sh(*words, check=True):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stdout}")
    return done.stdout


def wait(fn, seconds):
    """The first true value of fn() within the time; None if there was none. Exceptions of fn count as not yet."""
    end = time.monotonic() + seconds
    while True:
        try:
            got = fn()
        except (OSError, ValueError, KeyError, IndexError, TypeError, subprocess.SubprocessError):
            got = None
        if got or time.monotonic() > end:
            return got
        time.sleep(0.05)


def end_running():
    """What a scenario that fell over has left: the next one needs its addresses and files."""
    while RUNNING:
        with contextlib.suppress(OSError):  # killed by the scenario
            RUNNING[-1].stop()


def start():
    """Two namespaces and a wire between them. Ours is already private: see tests/interop/run."""
    for at in ("/run", "/tmp", "/var/tmp"):
        if BUILD.startswith(at + "/"):
            continue
        sh("mount", "-t", "tmpfs", "tmpfs", at)
    os.makedirs("/run/frr")
    sh("chown", "frr:frr", "/run/frr")
    os.makedirs(WORK)
    os.chmod(WORK, 0o755)
    sh("ip", "netns", "add", "peer")
    sh("ip", "link", "set", "lo", "up")
    sh("ip", "link", "add", "wire0", "type", "veth", "peer", "name", "wire1", "netns", "peer")
    sh("ip", "addr", "add", PE + "/24", "dev", "wire0")
    sh("ip", "link", "set", "wire0", "up")
    for last in range(2, 10):
        sh("ip", "-n", "peer", "addr", "add", f"10.0.0.{last}/24", "dev", "wire1")
    sh("ip", "-n", "peer", "link", "set", "wire1", "up")
    sh("ip", "-n", "peer", "link", "set", "lo", "up")


def start_three():
    """start(), with the other addresses in a third namespace, whose bridge is the wire: nobody's own address is a neighbour's."""
    global SPEAKERS
    start()
    SPEAKERS = "speakers"
    sh("ip", "link", "del", "wire0")
    sh("ip", "netns", "add", SPEAKERS)
    sh("ip", "-n", SPEAKERS, "link", "set", "lo", "up")
    sh("ip", "-n", SPEAKERS, "link", "add", "hub", "type", "bridge", "forward_delay", "0")
    for near, far, name in (("port0", "wire0", None), ("port1", "wire1", "peer")):
        sh("ip", "-n", SPEAKERS, "link", "add", near, "type", "veth", "peer", "name", far, "netns", name or str(os.getpid()))
        sh("ip", "-n", SPEAKERS, "link", "set", near, "master", "hub", "up")
        at = ["-n", name] if name else []
        sh("ip", *at, "addr", "add", (PEER if name else PE) + "/24", "dev", far)
        sh("ip", *at, "link", "set", far, "up")
    for last in range(3, 10):
        sh("ip", "-n", SPEAKERS, "addr", "add", f"10.0.0.{last}/24", "dev", "hub")
    sh("ip", "-n", SPEAKERS, "link", "set", "hub", "up")


def counter(name, path="/proc/net/netstat"):
    """A TcpExt counter of ravelind's namespace, or of that whose file this is."""
    with open(path) as f:
        lines = [line.split() for line in f if line.startswith("TcpExt:")]
    return dict(zip(lines[0][1:], map(int, lines[1][1:])))[name]


def peer_socket(local, port=0):
    """A TCP socket that lives in the peer's namespace, bound to one of its addresses."""
    home, away = os.open("/proc/thread-self/ns/net", os.O_RDONLY), os.open("/run/netns/" + SPEAKERS, os.O_RDONLY)
    try:
        if _libc.setns(away, 0):
            raise OSError(ctypes.get_errno(), "setns")
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((local, port))
    finally:
        _libc.setns(home, 0)
        os.close(home)
        os.close(away)
    s.settimeout(5)
    return s


def set_md5(s, addr, key):
    """TCP_MD5SIG (RFC 2385) for the connection to addr."""
    sa = struct.pack("=HH4s120x", socket.AF_INET, 0, socket.inet_aton(addr))
    s.setsockopt(socket.IPPROTO_TCP, 14, sa + struct.pack("=BBHi80s", 0, 0, len(key), 0, key.encode()))


class Folder:
    """Whoever has files of his own: in self.dir."""

    def put(self, name, text, mode=0o644):
        path = f"{self.dir}/{name}"
        with open(path, "w") as f:
            f.write(text)
        os.chmod(path, mode)
        return path


class Ravelind:
    """One run of the daemon over a configuration given as text."""

    count = 0

    def __init__(self, conf, *options, again=None):
        """Debug level, for the log that is kept when something failed. again: the run whose run-dir this one takes over."""
        Ravelind.count += 1
        self.dir = f"{WORK}/r{Ravelind.count}"
        os.makedirs(self.dir)
        run = (again or self).dir + "/run"
        self.conf, self.log = self.dir + "/conf.yaml", self.dir + "/log"
        with open(self.conf, "w") as f:
            f.write(conf.replace("RUNDIR", run))
        self.out = open(self.log, "w")
        env = dict(os.environ, ASAN_OPTIONS="detect_leaks=0:abort_on_error=1", UBSAN_OPTIONS="print_stacktrace=1")
        self.process = subprocess.Popen(
            [BUILD + "/ravelind", "-f", self.conf, "--no-fib", "-d", "debug", *options], stdout=self.out, stderr=self.out, env=env
        )
        RUNNING.append(self)
        self.socket = run + "/ravelin.sock"
        if not wait(lambda: self.ask("version"), 10):
            raise RuntimeError("ravelind does not answer:\n" + self.text())

    def ravelin(self, *words):
        """(exit status, standard output, standard error)"""
        done = subprocess.run([BUILD + "/ravelin", "-s", self.socket, *words], capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    def ask(self, *words):
        code, out, _ = self.ravelin("-j", "show", *words)
        return json.loads(out) if code == 0 else None

    def told(self, prefix, name):
        """What `ravelin explain` says of a route of the core and this neighbour: "" if it was told, else why not."""
        _, out, _ = self.ravelin("-j", "explain", prefix)
        rows = [n for t in json.loads(out)["tables"] for n in t["neighbors"] if n["neighbor"] == name]
        return "" if rows[0]["told"] else rows[0]["why"]

    def peer(self, name):
        return next(p for p in self.ask("bgp", "neighbors", name)["peers"])

    def state(self, name):
        return self.peer(name)["state"]

    def route(self, prefix, **want):
        """The best VPN-IPv4 route to a prefix with these fields; None."""
        for r in self.ask("bgp", "vpnv4")["routes"]:
            if r["prefix"] == prefix and r["best"] and all(r[k] == v for k, v in want.items()):
                return r
        return None

    def children(self):
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as f:
            return [int(p) for p in f.read().split()]

    def text(self):
        with open(self.log, errors="replace") as f:
            return f.read()

    def stop(self):
        """Seconds from SIGTERM to the exit, and the exit status."""
        begin = time.monotonic()
        if self in RUNNING:
            RUNNING.remove(self)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        took = time.monotonic() - begin
        self.out.close()
        wrong = [w for w in ("Sanitizer", "runtime error:", "internal error") if w in self.text()]
        if wrong:
            check("no report of a sanitizer or of a failed CHECK", False, self.text())
        return took, self.process.returncode


class Frr:
    """FRR's bgpd without zebra in the peer's namespace."""

    def __init__(self, conf, addr=PEER):
        self.conf, self.pid = f"{WORK}/frr.conf", "/run/frr/bgpd.pid"
        with open(self.conf, "w") as f:
            f.write(conf)
        os.chmod(self.conf, 0o644)
        sh("nsenter", "--net=/run/netns/peer", "/usr/lib/frr/bgpd", "-d", "-Z", "-S", "-n", "-P", "0", "-p", "179",
           "-l", addr, "-f", self.conf, "-i", self.pid, "--vty_socket", "/run/frr", "--log", f"file:{WORK}/frr.log")
        RUNNING.append(self)
        if not wait(lambda: "FRRouting" in self.vty("show version"), 10):
            raise RuntimeError("FRR does not answer")

    def vty(self, *commands):
        words = [w for c in commands for w in ("-c", c)]
        return sh("vtysh", "--vty_socket", "/run/frr", *words, check=False)

    def json(self, command):
        return json.loads(self.vty(command + " json"))

    def neighbor(self):
        return self.json(f"show bgp neighbors {PE}")[PE]

    def state(self):
        return self.neighbor()["bgpState"]

    def stop(self):
        if self in RUNNING:
            RUNNING.remove(self)
        with open(self.pid) as f:
            pid = int(f.read())
        os.kill(pid, signal.SIGTERM)
        gone = wait(lambda: not os.path.exists(f"/proc/{pid}") or "Z" in open(f"/proc/{pid}/stat").read().split(")")[1], 10)
        if not gone:
            os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            pass


class Capture:
    """tcpdump of everything on the wire, for tshark afterwards."""

    def __init__(self):
        self.file = f"{WORK}/wire.pcap"
        self.process = subprocess.Popen(
            ["tcpdump", "-i", "wire0", "-U", "-s", "0", "-Z", "root", "-w", self.file, "tcp port 179"],
            stderr=subprocess.PIPE, text=True,
        )
        self.process.stderr.readline()  # "listening on": nothing is missed from here on

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=10)

    def tshark(self, *words):
        return sh("tshark", "-r", self.file, "-o", "tcp.desegment_tcp_streams:TRUE", *words).replace(
            "Running as user \"root\" and group \"root\". This could be dangerous.\n", "")
