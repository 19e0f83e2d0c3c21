"""The management API: who may on which socket, TLS with certificates of clients, and what a client that dawdles costs others."""

import json
import os
import socket
import ssl
import struct
import threading
import time

from net import PE, WORK, Ravelind, sh, wait
from raw import KEEPALIVE, Speaker, attr, message, update, GOOD
from report import check

CONF = """
router: {name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}
neighbors:
  - {address: 10.0.0.3, as: 65003, families: [ipv4-unicast], import: accept-all, export: accept-all, name: raw, passive: true, hold-time: 3}
"""
ROLES = """
api:
  read-only: {users: ["2001"], groups: ["3001", "no-such-group"]}
  read-write: {users: ["2002"], groups: ["3002"]}
"""
DEADLINE_S = 10  # IO_API_ASK_MS
SOCKETS = ("ravelin.sock", "ravelin-ro.sock")


def request(method="GET", path="/v1/version", *headers):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


REFRESH = request("POST", "/v1/bgp/neighbors/enable?name=raw", "X-Ravelin: 1", "Content-Length: 0")


def everything(s):
    """Until the other side closes, or resets."""
    got = b""
    try:
        while piece := s.recv(65536):
            got += piece
    except (ConnectionResetError, BrokenPipeError):
        pass
    return got


def status(octets):
    """Of the answer; 0: there is none."""
    return int(octets.split()[1]) if octets.startswith(b"HTTP/1.1 ") else 0


def connect(path, seconds=5):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(seconds)
    s.connect(path)
    return s


def say(path, octets):
    """The answer to it on a unix socket."""
    with connect(path) as s:
        s.sendall(octets)
        return everything(s)


def as_user(uid, gid, groups, path, octets):
    """The status that this user gets there; -1: no connection."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups(groups)
            os.setresgid(gid, gid, gid)
            os.setresuid(uid, uid, uid)
            got = status(say(path, octets))
        except OSError:
            got = -1
        os.write(theirs, struct.pack("!i", got))
        os._exit(0)
    os.close(theirs)
    got = os.read(ours, 4)
    os.close(ours)
    os.waitpid(pid, 0)
    return struct.unpack("!i", got)[0]


def api_roles():
    """Root, users and groups on both sockets: who may ask, who may order, who neither."""
    r = Ravelind(CONF + ROLES)
    rw, ro = (os.path.join(os.path.dirname(r.socket), s) for s in SOCKETS)
    # user, group, supplementary groups; questions and orders on ravelin.sock, on ravelin-ro.sock
    for what, who, expected in (
            ("root", (0, 0, []), (200, 409, 200, 403)),
            ("a user who may ask", (2001, 9999, []), (200, 403, 200, 403)),
            ("a user who may order", (2002, 9999, []), (200, 409, 200, 403)),
            ("a group that may ask", (9998, 3001, []), (200, 403, 200, 403)),
            ("a supplementary group that may ask", (9998, 9999, [9997, 3001]), (200, 403, 200, 403)),
            ("a supplementary group that may order", (9998, 9999, [3001, 3002]), (200, 409, 200, 403)),
            ("a stranger", (9998, 9999, [9997]), (403, 403, 403, 403))):
        got = tuple(as_user(*who, path, octets) for path in (rw, ro) for octets in (request(), REFRESH))
        check(what, got == expected, f"{got}, not {expected}")
    check("a group that does not exist is said", 'event=api_unknown group="no-such-group"' in r.text(), r.text())
    with open(r.conf) as f:
        text = f.read()
    with open(r.conf, "w") as f:
        f.write(text.replace('"2001"', '"2003"'))
    code, out, err = r.ravelin("reload")
    check("a reload does not change who may", code == 1 and "api" in out + err, out + err)
    no_header = say(rw, request("POST", "/v1/bgp/neighbors/enable?name=raw", "Content-Length: 0"))
    check("an order without the header", status(no_header) == 403 and b"X-Ravelin" in no_header, no_header)
    r.stop()
    r = Ravelind(CONF + "api: {read-only: {users: [\"2001\"]}}\n")
    rw, ro = (os.path.join(os.path.dirname(r.socket), s) for s in SOCKETS)
    check("nobody else may order: the mode keeps them out", as_user(2001, 9999, [], rw, request()) == -1)
    check("... but not of the other", as_user(2001, 9999, [], ro, request()) == 200)
    pid = os.fork()
    if pid == 0:
        os.setgroups([])
        os.setresgid(9999, 9999, 9999)
        os.setresuid(2001, 2001, 2001)
        code, out, _ = r.ravelin("-j", "show", "version")
        refused = r.ravelin("neighbor", "raw", "enable")[0]
        os._exit(0 if code == 0 and "version" in out and refused == 3 else 1)
    check("ravelin asks there, and orders nowhere", os.waitpid(pid, 0)[1] == 0)
    r.stop()


def api_methods():
    """Other methods, bodies, more than one question, headers of answers."""
    r = Ravelind(CONF)
    for method in ("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"):
        got = say(r.socket, request(method, "/v1/version", "Content-Length: 0"))
        check(method, status(got) == 405 and b"Allow: GET, POST" in got, got)
    check("TRACE", status(say(r.socket, request("TRACE"))) in (405, 501))
    got = say(r.socket, request("POST", "/v1/reload/try", "X-Ravelin: 1", "Content-Length: 5") + b"hello")
    check("a body", status(got) in (400, 413), got)
    got = say(r.socket, request() + request())
    check("one answer a connection", got.count(b"HTTP/1.1 200") == 1 and b"Connection: close" in got, got)
    for header in (b"Cache-Control: no-store", b"X-Content-Type-Options: nosniff", b"Content-Security-Policy: default-src 'self'",
                   b"Content-Type: application/json"):
        check(header.decode(), header in got, got)
    with connect(r.socket) as s:
        s.sendall(request("GET", "/v1/events", "Accept: text/event-stream"))
        got = b""
        while b": alive\n\n" not in got:
            got += s.recv(4096)
        r.ravelin("neighbor", "raw", "shutdown")
        while b"\n\n\r\n" not in got.split(b": alive\n\n", 1)[1] or b"event: " not in got:
            got += s.recv(4096)
    check("server-sent events", b"Content-Type: text/event-stream" in got, got)
    event = next(e for e in got.decode().split("event: ")[1:])
    name, data = event.split("\ndata: ", 1)
    check("... name and object", json.loads(data.split("\n\n")[0])["event"] == name, event)
    r.stop()


# --- TLS ---

EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def authority(name):
    sh("openssl", "req", "-x509", *EC, "-days", "2", "-subj", "/CN=" + name, "-keyout", f"{WORK}/{name}.key", "-out", f"{WORK}/{name}.pem")
    return name


def certificate(name, ca, subject, *, extensions="", days="1", key=True):
    """Signed by that authority: (certificate, key)."""
    base = f"{WORK}/{name}"
    sh("openssl", "req", *EC, "-subj", subject, "-keyout", base + ".key", "-out", base + ".csr")
    with open(base + ".ext", "w") as f:
        f.write(extensions)
    sh("openssl", "x509", "-req", "-in", base + ".csr", "-CA", f"{WORK}/{ca}.pem", "-CAkey", f"{WORK}/{ca}.key", "-CAcreateserial",
       "-days", days, "-extfile", base + ".ext", "-out", base + ".pem")
    return base + ".pem", base + ".key"


def tls_socket(pair=None, version=None, port=8443):
    context = ssl.create_default_context(cafile=f"{WORK}/routers.pem")
    if pair:
        context.load_cert_chain(*pair)
    if version:
        context.minimum_version = context.maximum_version = version
    plain = socket.create_connection((PE, port), 5)
    return context.wrap_socket(plain, server_hostname=PE)


def tls(octets, **how):
    """The answer; or the error's name where the handshake ended."""
    try:
        with tls_socket(**how) as s:
            s.sendall(octets)
            got = everything(s)
    except ssl.SSLError as e:
        return e.reason or str(e)
    except OSError as e:
        return str(e)
    return got


def tls_run(more=""):
    authority("routers")
    authority("clients")
    cert, key = certificate("pe1", "routers", "/CN=pe1", extensions=f"subjectAltName=IP:{PE}")
    return Ravelind(CONF + f"""
api:
  tls:
    listen: ["{PE}:8443"]
    certificate: {cert}
    key: {key}
    client-ca: {WORK}/clients.pem
    read-write: [operator, ops.example.net]
""" + more)


def api_tls():
    """A certificate of ours gets in, with its role; without one, with another's, an old one, TLS 1.2 or plain text nobody does."""
    r = tls_run()
    reader = certificate("reader", "clients", "/CN=reader")
    operator = certificate("operator", "clients", "/CN=operator")
    named = certificate("named", "clients", "/CN=somebody", extensions="subjectAltName=DNS:ops.example.net")
    nearly = certificate("nearly", "clients", "/CN=operator2", extensions="subjectAltName=DNS:xops.example.net")
    authority("others")
    for name, pair, order in (("reader", reader, 403), ("operator", operator, 409), ("a DNS name", named, 409), ("nearly", nearly, 403)):
        check(f"{name} asks", status(tls(request(), pair=pair) or b"") == 200)
        check(f"{name} orders", status(tls(REFRESH, pair=pair) or b"") == order)
    got = tls(request("GET", "/v1/bgp/ipv4"), pair=reader)
    check("an answer in pieces is whole", got.endswith(b"\r\n0\r\n\r\n") and b'"routes":[' in got, got)
    got = tls(request("POST", "/v1/bgp/neighbors/enable?name=raw", "Content-Length: 0"), pair=operator)
    check("... not without the header", status(got) == 403 and b"X-Ravelin" in got, got)
    for what, how, reason in (
            ("no certificate", {}, "certificate required"),
            ("of another authority", {"pair": certificate("other", "others", "/CN=operator")}, "unknown CA"),
            ("expired", {"pair": certificate("old", "clients", "/CN=operator", days="-1")}, "certificate expired"),
            ("for servers", {"pair": certificate("server", "clients", "/CN=operator", extensions="extendedKeyUsage=serverAuth")}, "unsupported certificate"),
            ("TLS 1.2", {"pair": operator, "version": ssl.TLSVersion.TLSv1_2}, "protocol version")):
        before = len(r.text())
        got = tls(request(), **how)
        check(what, isinstance(got, str) or got == b"", got)
        check("... and the log says why", wait(lambda: f'reason="{reason}' in r.text()[before:] and "api_tls_refused" in r.text()[before:], 5),
              r.text()[before:])
    with socket.create_connection((PE, 8443), 5) as s:
        s.sendall(request())
        check("plain text", b"HTTP" not in everything(s))
    check("and a good one still gets in", status(tls(request(), pair=reader)) == 200)
    key = f"{WORK}/pe1.key"
    os.chmod(key, 0o644)
    code = sh(os.path.join(os.path.dirname(r.process.args[0]), "ravelind"), "--check", r.conf, check=False)
    check("a key that everybody can read", "can be read by everybody" in code, code)
    os.chmod(key, 0o600)
    r.stop()


# --- limits ---

class Keeping(threading.Thread):
    """A session with a hold time of 3 s: the longest gap between two keepalives of the other side."""

    def __init__(self):
        super().__init__(daemon=True)
        self.peer = Speaker()
        self.up = self.peer.session(hold=3)
        self.gap, self.count, self.over = 0.0, 0, False

    def run(self):
        last = time.monotonic()
        while not self.over:
            self.peer.send(message(KEEPALIVE))
            got = self.peer.until(KEEPALIVE, 3)
            now = time.monotonic()
            self.gap, last = max(self.gap, now - last), now
            self.count += 1
            if got is None:
                self.gap = 99
                return


def fill(keeping, routes=20000):
    """So many routes that an answer with all of them does not fit into the sockets' buffers."""
    marks = attr(0xD0, 8, struct.pack("!HH", 65003, 1) * 200)
    for first in range(0, routes, 100):
        keeping.peer.send(update(GOOD + marks, b"".join(struct.pack("!BBBB", 24, 100 + (i >> 16), i >> 8 & 255, i & 255)
                                                        for i in range(first, first + 100))))


def ends_within(s, seconds):
    """Seconds until the other side has closed; None: it has not."""
    begin = time.monotonic()
    s.settimeout(seconds)
    try:
        everything(s)
    except TimeoutError:
        return None
    return time.monotonic() - begin


def dribble(s, octets, seconds):
    """An octet every second; how long it was let."""
    begin = time.monotonic()
    for octet in octets:
        try:
            s.send(bytes([octet]))
        except OSError:
            return time.monotonic() - begin
        s.settimeout(1)
        try:
            if not s.recv(1):
                return time.monotonic() - begin
        except TimeoutError:
            pass
        except OSError:
            return time.monotonic() - begin
        if time.monotonic() - begin > seconds:
            return None
    return None


def strangers_crowd(path):
    """As a stranger: how many of 12 connections are still there after a moment."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setgroups([])
        os.setresgid(2001, 2001, 2001)
        os.setresuid(2001, 2001, 2001)
        all_of_them = [connect(path) for _ in range(12)]
        wait(lambda: left(all_of_them) <= 8, 3)
        os.write(theirs, bytes([left(all_of_them)]))
        os._exit(0)
    os.close(theirs)
    got = os.read(ours, 1)
    os.close(ours)
    os.waitpid(pid, 0)
    return got[0]


def left(crowd):
    """How many of these connections are still there."""
    n = 0
    for s in crowd:
        s.setblocking(False)
        try:
            n += s.recv(1) != b""
        except (BlockingIOError, ssl.SSLWantReadError):
            n += 1
        except OSError:
            pass
    return n


def certificate_crowd(pair, other):
    """One certificate has 8 connections, whatever it tries, and leaves room for another one."""
    crowd = [tls_socket(pair) for _ in range(11)]
    check("TLS: 8 connections of one certificate", wait(lambda: left(crowd) == 8, 3), left(crowd))
    check("... another one gets in", status(tls(request(), pair=other) or b"") == 200)
    for s in crowd:
        s.close()


def api_limits():
    """Dawdlers, crowds and clients that do not read: dropped in time, and neither sessions nor other clients notice."""
    r = tls_run("  read-only: {users: [\"2001\"]}\n")
    reader = certificate("reader2", "clients", "/CN=reader")
    ro = os.path.join(os.path.dirname(r.socket), SOCKETS[1])
    keeping = Keeping()
    check("session", keeping.up)
    fill(keeping)
    keeping.start()
    check("routes", wait(lambda: r.peer("raw")["prefixes_received"] == 20000, 30))

    big = connect(r.socket)
    big.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 5000 + b"\r\n\r\n")
    check("headers of 5000 octets", status(everything(big)) in (0, 400, 413))
    fits = say(r.socket, request("GET", "/v1/version", "X: " + "x" * 3500))
    check("... of 3500 pass", status(fits) == 200, fits)

    check("8 connections of one user", strangers_crowd(ro) == 8)
    certificate_crowd(reader, certificate("reader3", "clients", "/CN=reader"))

    dawdlers = {"headers": connect(r.socket), "handshake": socket.create_connection((PE, 8443), 5)}
    crowd = [connect(ro) for _ in range(16)]
    mute = connect(r.socket)
    mute.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    mute.sendall(request("GET", "/v1/bgp/ipv4"))
    slow = {}
    threads = [threading.Thread(target=lambda n=n, s=s, o=o: slow.update({n: dribble(s, o, DEADLINE_S + 5)}))
               for n, s, o in (("headers", dawdlers["headers"], request("GET", "/v1/version", "X: " + "x" * 50)),
                               ("handshake", dawdlers["handshake"], b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 50))]
    for t in threads:
        t.start()
    check("others are answered on the first socket", status(say(r.socket, request())) == 200)
    check("... and over TLS", status(tls(request(), pair=reader) or b"") == 200)
    check("idle ones are gone in time", (ends_within(crowd[0], 8) or 99) < 7)
    check("... and make room", status(say(ro, request())) == 200)
    for t in threads:
        t.join()
    for name, took in slow.items():
        check(f"an octet a second of {name}", took is not None and DEADLINE_S - 2 < took < DEADLINE_S + 3, took)
    check("who takes nothing is dropped", (ends_within(mute, 15) or 99) < 15)
    got = say(r.socket, request("GET", "/v1/bgp/ipv4"))
    check("who takes it has all of it", got.count(b'"prefix":') == 20000, got.count(b'"prefix":'))

    narrow = tls_socket(reader)
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    narrow.sendall(request("GET", "/v1/openapi.json"))
    whole = say(r.socket, request("GET", "/v1/openapi.json")).split(b"\r\n\r\n", 1)[1]
    check("TLS: an answer in one piece is whole", len(whole) > 90000 and everything(narrow).split(b"\r\n\r\n", 1)[1] == whole)
    tls_mute = tls_socket(reader)
    tls_mute.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    tls_mute.sendall(request("GET", "/v1/bgp/ipv4"))
    check("TLS: all of it", tls(request("GET", "/v1/bgp/ipv4"), pair=reader).count(b'"prefix":') == 20000)
    check("TLS: who takes nothing is dropped", wait(lambda: not established(8443), 15), established(8443))
    tls_mute.close()
    keeping.over = True
    keeping.join(5)
    check("keepalives came all the time", keeping.count > 10 and keeping.gap < 2, f"{keeping.count}, at most {keeping.gap:.2f} s apart")
    check("in one session", r.peer("raw")["counters"]["established"] == 1)
    r.stop()


def established(port):
    """Connections of the daemon's side with that port."""
    return sh("ss", "-Htn", "state", "established", f"( sport = :{port} )")


SCENARIOS = [api_roles, api_methods, api_tls, api_limits]
