"""The daemon's page in Chromium, over `ravelin web`: what a person finds, follows and sees move. Started by tests/page/run.

usage: main.py BUILDDIR [SHOTS]
"""
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(sys.argv[1]).resolve()
sys.path[:0] = [str(TOP / "tests/interop"), str(TOP / "tests/support")]
import report  # noqa: E402
from browser import CONTRAST, SIZES, Browser  # noqa: E402
from net import sh, wait  # noqa: E402
from report import check  # noqa: E402

HOSTILE = "<img src=x onerror=alert(1)><b>gone</b>"
MANY = 600
VIEWS = {"overview": "", "sessions": "sessions", "session": "sessions/rr1", "vrfs": "vrfs", "vrf": "vrfs/vrf-a", "routes": "routes?table=vrf+vrf-a",
         "route": "route?prefix=172.16.2.0%2F24&vrf=vrf-a", "guard": "guard", "port": "guard/core", "topology": "topology", "events": "events"}
# of each view, what is there when it has been filled
FILLED = {"overview": ".card .big", "sessions": "tbody tr", "session": ".facts dd", "vrfs": "tbody tr", "vrf": ".facts dd", "routes": "tbody tr",
          "route": ".step", "guard": "tbody tr", "port": ".facts dd", "topology": ".drawing .node", "events": ".log:not(:empty)"}

MARKUP = r"""
(() => {
  const bad = [], all = s => [...document.querySelectorAll(s)], ids = all('[id]').map(e => e.id);
  ids.forEach((id, i) => { if (ids.indexOf(id) !== i) bad.push('two of id ' + id); });
  for (const s of ['header', 'main', 'nav[aria-label]', 'footer', 'h1', 'html[lang]', 'meta[name=viewport]'])
    if (all(s).length !== 1) bad.push(s + ': ' + all(s).length);
  all('th').forEach(t => { if (!t.scope) bad.push('th without scope: ' + t.textContent); });
  all('table').forEach(t => { if (!t.caption?.textContent) bad.push('table without caption'); });
  all('input, select').forEach(i => { if (!i.labels.length) bad.push('no label: ' + i.id); });
  all('a, button').forEach(a => { if (!(a.textContent.trim() || a.getAttribute('aria-label'))) bad.push('nameless: ' + a.outerHTML); });
  all('svg').forEach(s => { if (!s.querySelector('title')) bad.push('nameless svg'); });
  all('[aria-labelledby]').forEach(e => e.getAttribute('aria-labelledby').split(' ').forEach(i => { if (!document.getElementById(i)) bad.push('no label ' + i); }));
  all('[style]').forEach(e => bad.push('style within: ' + e.tagName));
  return bad;
})()
"""


class Guest:
    """The router, and the neighbours that it has, in user-mode Linux behind a wire of ours."""

    def __init__(self, directory):
        sh("ip", "link", "set", "lo", "up")
        sh("ip", "tuntap", "add", "tap0", "mode", "tap")
        sh("ip", "addr", "add", "10.99.0.1/24", "dev", "tap0")
        sh("ip", "link", "set", "tap0", "up")
        self.log = open(directory / "guest", "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [TOP / "tests/kernel/uml-run", "-t", "240", TOP / "tests/page/guest.sh", f"SRC={TOP}", f"BUILD={BUILD}",
             "vec0:transport=tap,ifname=tap0,depth=64,gro=0"], stdout=self.log, stderr=self.log)
        self.control = wait(lambda: socket.create_connection(("10.99.0.2", 8081), 1), 60)
        if not self.control:
            raise RuntimeError("the guest does not answer")
        self.control.settimeout(60)
        self.file = self.control.makefile("rw")

    def order(self, words):
        self.file.write(words + "\n")
        self.file.flush()
        answer = self.file.readline().strip()
        if answer != "done":
            raise RuntimeError(f"guest: {words}: {answer}")

    def quit(self):
        self.file.write("quit\n")
        self.file.flush()
        self.process.wait(30)


class Wire:
    """A unix socket here that is the daemon's in the guest; it can be cut."""

    def __init__(self, path):
        self.path, self.whole, self.open = path, True, set()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(32)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            threading.Thread(target=self.relay, args=(near,), daemon=True).start()

    def relay(self, near):
        try:
            if not self.whole:
                return
            far = socket.create_connection(("10.99.0.2", 8080), 5)
            far.settimeout(None)
            self.open |= {near, far}
            back = threading.Thread(target=self.pump, args=(far, near), daemon=True)
            back.start()
            self.pump(near, far)
            back.join()
            self.open -= {near, far}
            far.close()
        except OSError:
            pass
        finally:
            near.close()

    @staticmethod
    def pump(a, b):
        try:
            while got := a.recv(65536):
                b.sendall(got)
            b.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def cut(self):
        self.whole = False
        for s in list(self.open):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def mend(self):
        self.whole = True


class Web:
    """`ravelin web`, as a person starts it."""

    def __init__(self, socket_path):
        self.process = subprocess.Popen([BUILD / "ravelin", "-s", socket_path, "web"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = self.process.stdout.readline().strip()
        self.port = int(self.url.split(":")[2].split("/")[0])
        self.token = self.url.partition("token=")[2]

    def ask(self, target, method="GET", host=None, cookie=None):
        """(status, headers, body)"""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        c.request(method, target, headers={"Host": host or f"127.0.0.1:{self.port}", **({"Cookie": cookie} if cookie else {})})
        answer = c.getresponse()
        out = answer.status, answer.headers, answer.read()
        c.close()
        return out

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(10)


def gate(web):
    """Who is let in."""
    cookie = f"ravelin-{web.port}={web.token}"
    status, headers, _ = web.ask(f"/?token={web.token}")
    set_ = headers["Set-Cookie"] or ""
    check("the address lets in", status == 303 and headers["Location"] == "/" and set_.startswith(cookie + ";"), (status, set_))
    check("... with a cookie for this site's requests only", "HttpOnly" in set_ and "SameSite=Strict" in set_, set_)
    check("the cookie is enough", web.ask("/v1/version", cookie=cookie)[0] == 200)
    check("nothing without it", web.ask("/v1/version")[0] == 403)
    check("... the page neither", web.ask("/")[0] == 403)
    check("nor with another token", web.ask("/?token=" + "0" * 32)[0] == 403)
    check("nor by a name that is not loopback's", web.ask("/v1/version", host=f"evil.example:{web.port}", cookie=cookie)[0] == 403)
    check("by one that is", web.ask("/v1/version", host=f"localhost:{web.port}", cookie=cookie)[0] == 200)
    check("no orders", web.ask("/v1/reload/try", method="POST", cookie=cookie)[0] == 405)
    status, headers, body = web.ask("/", cookie=cookie)
    check("the page", status == 200 and headers["Content-Type"] == "text/html; charset=utf-8" and b"<main" in body, headers)
    check("... may load nothing of others", headers["Content-Security-Policy"].startswith("default-src 'self'"), headers["Content-Security-Policy"])
    check("... with its length", int(headers["Content-Length"]) == len(body))
    check("what is none of its files", web.ask("/page/nothing.js", cookie=cookie)[0] == 404)
    idle = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(11)]
    check("answers while others say nothing", web.ask("/v1/version", cookie=cookie)[0] == 200)
    for s in idle:
        s.close()


class Page:
    def __init__(self, browser, web):
        self.b, self.web = browser, web
        self.base = f"http://127.0.0.1:{web.port}/"

    def go(self, view, filled=None):
        self.b.ask(f"location.hash = '#/{view}'")
        return not filled or self.b.until(f"location.hash === '#/{view}' && !!document.querySelector('main {filled}')")

    def text(self, selector):
        return self.b.ask(f"document.querySelector({selector!r})?.textContent ?? null")

    def texts(self, selector):
        return self.b.ask(f"[...document.querySelectorAll({selector!r})].map(e => e.textContent)")

    def type(self, selector, text):
        self.b.ask(f"(e => {{ e.focus(); e.select(); }})(document.querySelector({selector!r}))")
        self.b.write(text) if text else self.b.press("Delete", windowsVirtualKeyCode=46)


def enter(p):
    p.b.open(p.web.url)
    check("the page knows the router", p.b.until("document.getElementById('router').textContent === 'pe1'"), p.text("body"))
    check("... and that it is connected", p.b.until("document.getElementById('link').textContent === 'connected'"), p.text("#link"))
    check("... and since when it runs", p.b.until("/, up \\d+ (s|min)/.test(document.getElementById('about').textContent)"), p.text("#about"))
    check("the token does not stay in the address", "token" not in p.b.ask("location.href"))
    check("established", p.b.until("document.querySelector('.card .big').textContent === '2 of 4'"), p.text(".card"))
    check("... and who is not", p.b.until("[...document.querySelectorAll('tbody th')].map(e => e.textContent).join() === 'ce-b1,rr2'"), p.texts("tbody th"))


def find_a_route(p):
    p.go("routes", "tbody tr")
    check("a page of many routes", p.b.until("document.querySelectorAll('tbody tr').length === 100"), len(p.texts("tbody tr")))
    check("... says that there are more", p.b.until("document.querySelector('.count').textContent.includes('there are more')"), p.text(".count"))
    first = p.text("tbody tr")
    p.b.ask("[...document.querySelectorAll('main button')].find(b => b.textContent === 'Next').click()")
    check("... the next", p.b.until("/^101 to 200/.test(document.querySelector('.count').textContent)"), p.text(".count"))
    check("... are others", p.text("tbody tr") != first and "page=1" in p.b.ask("location.hash"))
    p.type("#q", "172.16.2.")
    check("a route is found by typing", p.b.until("[...document.querySelectorAll('tbody th')].map(e => e.textContent).join() === '172.16.2.0/24'"), p.texts("tbody th"))
    check("... and can be linked to", p.b.ask("location.hash") == "#/routes?q=172.16.2.", p.b.ask("location.hash"))
    p.b.ask("document.querySelector('tbody th a').click()")
    check("its labels", p.b.until("document.getElementById('wire').textContent === '[10003] [80] IPv4'"), p.text("main"))
    steps = p.texts(".step h3")
    check("... step by step", steps == ["VRF", "VPN route", "VPN label", "Transport label", "Port"], steps)
    check("... as they are pushed", p.texts(".step .packet") == ["IPv4", "80IPv4", "1000380IPv4", "1000380IPv4"] or
          p.texts(".step:nth-last-child(-n+3) .packet") == ["80IPv4", "1000380IPv4", "1000380IPv4"], p.texts(".step .packet"))
    check("... out of the port", "out of core" in (p.text(".step:last-child") or ""), p.text(".step:last-child"))
    check("... who was told", "ce-a1yes" in "".join(p.texts("tbody tr")), p.texts("tbody tr"))
    p.go("route?prefix=172.16.5.0%2F24&vrf=vrf-a", ".step")
    why = "[...document.querySelectorAll('td[data-title=Why]')].map(e => e.textContent).slice(0, 2)"
    check("why one is best and the other not", p.b.ask(why) == ["it is the best", "lost to rr1 at local preference: 50 against 100"], p.b.ask(why))
    p.go("routes?table=vrf+vrf-a", "tbody tr")
    p.type("#q", "172.16.3.77")
    check("a route is found by an address in it", p.b.until("[...document.querySelectorAll('tbody th')].map(e => e.textContent).join() === '172.16.3.0/24'"), p.texts("tbody th"))
    p.type("#q", "203.0.113.0/24")
    check("what is not there is said", p.b.until("document.querySelector('.count').textContent === 'no such route'"), p.text(".count"))
    p.go("routes?table=vrf+vrf-a&from=ce-a1", "tbody tr")
    check("by neighbor", p.b.until("[...document.querySelectorAll('tbody th')].map(e => e.textContent).join() === '172.16.1.0/24'"), p.texts("tbody th"))
    p.go("routes?q=172.16.4.0%2F24", "tbody tr")
    check("one without transport", p.text("tbody .badge.down") == "unreachable", p.texts("tbody td"))


COUNT = "Number([...document.querySelectorAll('tbody tr')].find(r => r.cells[0].textContent === 'label not distributed' && r.cells[1].textContent === 'core')?.cells[3].textContent ?? 0)"
ASKED = "performance.getEntriesByType('resource').filter(e => new URL(e.name).pathname === '/v1/guard').length"


def drops_move(p, guest):
    p.go("guard", "tbody tr")
    p.b.ask("performance.clearResourceTimings()")
    before = p.b.until("(n => n ? n : null)(" + COUNT + ")")
    check("three dropped before", before == 3, before)
    check("it is asked again and again", p.b.until(ASKED + " >= 3"), p.b.ask(ASKED))
    check("without a packet the counter does not move", p.b.ask(COUNT) == before, p.b.ask(COUNT))
    guest.order("labelled 100001")
    check("three packets: it moves by three", p.b.until(f"{COUNT} === {before + 3}"), p.b.ask(COUNT))
    check("... which is shown", p.b.until("document.querySelector('.moved') !== null"))
    check("... and what they were", p.b.until("[...document.querySelectorAll('code')].some(c => c.textContent.includes('label 100001'))"), p.texts("code")[:3])
    p.go("", ".card")
    guest.order("spoof")
    check("the overview counts them", p.b.until("/mpls not enabled/.test(document.querySelector('.cards').textContent)"), p.text(".cards"))


def hostile(p, guest):
    guest.order(f"goodbye {HOSTILE}")
    p.go("sessions", "tbody tr")
    check("a neighbor's words are words", p.b.until(f"[...document.querySelectorAll('tbody td')].some(t => t.textContent.includes({HOSTILE!r}))"), p.texts("tbody tr"))
    check("... and no markup", p.b.ask("document.querySelectorAll('main img, main b').length") == 0)
    p.go("events", ".log")
    check("in the log, too", p.b.until(f"document.querySelector('.log').textContent.includes({HOSTILE!r}) && !document.querySelector('main img, main b')"))
    check("nothing of it ran", not [e for e in p.b.events if e["method"] == "Page.javascriptDialogOpening"])


def sessions_sorted(p):
    p.go("sessions", "tbody tr")
    names = "[...document.querySelectorAll('tbody th')].map(e => e.textContent).join()"
    check("sorted by name", p.b.until(names + " === 'ce-a1,ce-b1,rr1,rr2'"), p.b.ask(names))
    for expected in ("ce-b1,rr2,ce-a1,rr1", "rr1,ce-a1,ce-b1,rr2"):
        p.b.ask("[...document.querySelectorAll('thead button')].find(b => b.textContent === 'Received').click()")
        check("by what was received", p.b.ask(names) == expected, p.b.ask(names))
    p.type("#filter", "established")
    check("filtered", p.b.until(names + " === 'rr1,ce-a1'"), p.b.ask(names))
    p.go("sessions/ce-a1", ".facts")
    p.b.ask("[...document.querySelectorAll('main a')].find(a => a.textContent === 'routes that it is told').click()")
    check("what a neighbor is told", p.b.until("document.querySelectorAll('tbody tr').length === 100 && [...document.querySelectorAll('tbody .up')].every(b => b.textContent === 'sent')"),
          p.text("main"))
    p.go("routes?table=from+rr1&q=172.16.2.0%2F24", "tbody tr")
    check("what one has told", p.texts("tbody th") == ["172.16.2.0/24"], p.text("main"))


def vrfs(p):
    p.go("vrfs", "tbody tr")
    row = "vrf-a65000:1165000:10165000:101100000 installedcace-a1Routes"
    check("a VRF with all that is its own", p.b.until(f"[...document.querySelectorAll('tbody tr')].some(r => r.textContent === {row!r})"), p.texts("tbody tr"))
    p.b.ask("document.querySelector('tbody th a').click()")
    check("... and its routes counted", p.b.until(f"/Prefixes{MANY + 5} /.test(document.querySelector('.facts').textContent)"), p.text(".facts"))


def by_keyboard(p):
    p.go("topology", ".drawing .node")
    p.b.ask("document.querySelector('.drawing .node[href=\"#/sessions/rr1\"]').focus()")
    p.b.press("Enter", text="\r", windowsVirtualKeyCode=13)
    check("from the drawing by keyboard", p.b.until("document.querySelector('h1')?.textContent === 'rr1'"), p.text("h1"))
    check("the view has the focus", p.b.ask("document.activeElement === document.querySelector('main')"))
    check("the title says where", p.b.ask("document.title") == "rr1 – pe1", p.b.ask("document.title"))
    states = "[...document.querySelectorAll('.drawing .node')].map(n => n.getAttribute('aria-label') + ': ' + n.getAttribute('class'))"
    p.go("topology", ".drawing .node")
    said = p.b.ask(states)
    check("states have words and colours", any("rr1: Established" in s and s.endswith("node up") for s in said) and
          any("rr2" in s and s.endswith("node down") for s in said) and "core: port up, guard open: node up" in said, said)
    p.b.press("Tab", windowsVirtualKeyCode=9)
    check("first of all a way past the head", p.b.ask("document.activeElement.closest('a') !== null"))


def unconfirmed(p, guest):
    check("no reload waits", not p.text("#unconfirmed"), p.text("#unconfirmed"))
    guest.order("reload")
    check("one that waits is said", p.b.until("/taken back in 1?\\d\\d s/.test(document.getElementById('unconfirmed').textContent)"), p.text("#unconfirmed"))
    guest.order("confirm")
    check("... until it is confirmed", p.b.until("!document.getElementById('unconfirmed').textContent"), p.text("#unconfirmed"))


def hidden(p):
    """A tab behind others: it looks away, and back."""
    p.go("guard", "tbody tr")
    away = "Object.defineProperty(document, 'hidden', {configurable: true, get: () => %s}); document.dispatchEvent(new Event('visibilitychange'))"
    p.b.ask(away % "true")
    asked = "performance.getEntriesByType('resource').filter(e => e.name.includes('/v1/')).length"
    settled = p.b.until("(n => { const t = performance.now(); if (n !== window.before) { window.before = n; window.since = t; }"
                        " return t - window.since > 2500; })(" + asked + ")")
    check("a page that nobody sees asks nothing", settled)
    p.b.ask(away % "false")
    check("... and goes on", p.b.until(f"{asked} > window.before + 2"))


def looks(p, shots):
    sizes = {**SIZES, "tablet": (800, 1100), "wall": (1920, 1080)}
    for name, view in VIEWS.items():
        p.b.size(*SIZES["desk"])
        check(f"{name}: is filled", p.go(view, FILLED[name]), p.text("main"))
        bad = p.b.ask(MARKUP)
        check(f"{name}: markup", not bad, bad[:6])
        for title, (width, height) in sizes.items():
            p.b.size(width, height)
            p.b.ask("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            wide = p.b.ask("document.documentElement.scrollWidth") - width
            check(f"{name}: {title}: no scrolling sideways", wide <= 0, f"{wide} too wide")
            for tone in ("light", "dark") if title in ("phone", "desk") else ():
                p.b.size(width, height, tone == "dark")
                bad = p.b.ask(CONTRAST)
                check(f"{name}: {title}, {tone}: contrast", not bad, bad[:8])
                if shots:
                    p.b.shot(shots / f"{name}-{title}-{tone}.png", title == "phone")
        if shots:
            p.b.size(*sizes["wall"])
            p.b.shot(shots / f"{name}-wall.png", False)
    p.b.size(*SIZES["desk"])


def cut_off(p, wire):
    p.go("sessions", "tbody tr")
    link = "document.getElementById('link').textContent"
    wire.cut()
    check("a daemon that does not answer is noticed", p.b.until(link + " === 'not connected'", 15), p.b.ask(link))
    wire.mend()
    check("... and that it is back", p.b.until(link + " === 'connected'", 20), p.b.ask(link))


def run(directory, shots):
    browser = Browser(directory / "profile")
    wire = Wire(str(directory / "ravelin.sock"))
    guest = Guest(directory)
    guest.order("begin")
    guest.order(f"routes {MANY}")
    guest.order("goodbye until tomorrow")
    guest.order("labelled 100001")
    web = Web(wire.path)
    report.run("gate", lambda: gate(web))
    p = Page(browser, web)
    browser.size(*SIZES["desk"])
    for name, part in {"enter": lambda: enter(p), "find a route": lambda: find_a_route(p), "drops move": lambda: drops_move(p, guest),
                       "hostile": lambda: hostile(p, guest), "sessions": lambda: sessions_sorted(p), "vrfs": lambda: vrfs(p), "keyboard": lambda: by_keyboard(p),
                       "unconfirmed": lambda: unconfirmed(p, guest), "hidden": lambda: hidden(p),
                       "looks": lambda: looks(p, shots)}.items():
        report.run(name, part)
    bad = browser.complaints((p.base, "data:"))
    check("console and network are silent", not bad, bad[:5])
    asked = [e for e in browser.events if e["method"] == "Network.requestWillBeSent"]
    check("... and were looked at", len(asked) > 50, len(asked))
    report.run("cut off", lambda: cut_off(p, wire))
    browser.close()
    check("^C ends it", web.stop() == 0)
    guest.quit()


def main():
    shots = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as tmp:
        report.run("all", lambda: run(pathlib.Path(tmp), shots))
        if report.failed or os.environ.get("KEEP"):
            print((pathlib.Path(tmp) / "guest").read_text(encoding="utf-8")[-6000:])
    print(f"{time.monotonic() - begin:.1f} s")
    report.end()


main()
