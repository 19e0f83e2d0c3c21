"""Chromium without a screen, driven over two pipes (--remote-debugging-pipe), and what is asked of any page that it shows."""
import base64
import json
import os
import select
import subprocess
import time

SIZES = {"phone": (390, 844), "narrow": (360, 740), "desk": (1280, 900)}


class Browser:
    """Messages of JSON, each ended by a NUL. Nothing is waited for longer than `patience` seconds."""

    def __init__(self, profile, patience=60):
        to_r, self.to = os.pipe()
        self.back, back_w = os.pipe()
        self.patience = patience

        def pipes():
            # dup2 makes them survive exec; first out of the way of 3 and 4
            a, b = os.dup(to_r), os.dup(back_w)
            os.dup2(a, 3)
            os.dup2(b, 4)

        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                   "--disable-extensions", "--disable-background-networking", "--remote-debugging-pipe",
                   f"--user-data-dir={profile}", "about:blank"]
        self.process = subprocess.Popen(command, preexec_fn=pipes, close_fds=False, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        os.close(to_r)
        os.close(back_w)
        self.rest, self.number, self.session, self.events = b"", 0, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def receive(self, end):
        while b"\0" not in self.rest:
            if not select.select([self.back], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError("chromium does not answer")
            more = os.read(self.back, 1 << 20)
            if not more:
                raise RuntimeError("chromium ended")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + self.patience
        while True:
            answer = self.receive(end)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        end = time.monotonic() + self.patience
        while True:
            for i, event in enumerate(self.events):
                if event["method"] == method:
                    return self.events.pop(i)
            self.events.append(self.receive(end))

    def ask(self, expression):
        r = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in r:
            raise RuntimeError(f"{expression}: {r['exceptionDetails']}")
        return r["result"].get("value")

    def until(self, condition, seconds=10):
        """The first true value of an expression, looked at whenever the page paints; None if there is none within the time."""
        return self.ask("new Promise(done => { const end = performance.now() + " + str(1000 * seconds) + "; const look = () => { let v = null;"
                        " try { v = (" + condition + "); } catch { } if (v || performance.now() > end) done(v || null);"
                        " else setTimeout(look, 20); }; look(); })")

    def open(self, url):
        self.events.clear()
        self.call("Page.navigate", url=url)
        self.wait("Page.loadEventFired")

    def press(self, key, **more):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, **more)

    def write(self, text):
        """As a person types, into what has the focus."""
        for c in text:
            self.call("Input.dispatchKeyEvent", type="keyDown", key=c, text=c)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=c)

    def size(self, width, height, dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def complaints(self, ours=("file:", "data:")):
        """What went to the console, and what was asked of anybody else."""
        bad = []
        for e in self.events:
            p = e.get("params", {})
            if e["method"] == "Runtime.exceptionThrown":
                bad.append(p["exceptionDetails"].get("exception", {}).get("description") or p["exceptionDetails"].get("text"))
            elif e["method"] == "Log.entryAdded" and p["entry"]["level"] in ("error", "warning"):
                bad.append(p["entry"]["text"] + " " + p["entry"].get("url", ""))
            elif e["method"] == "Runtime.consoleAPICalled":
                bad.append(str(p["args"]))
            elif e["method"] == "Network.requestWillBeSent" and not p["request"]["url"].startswith(tuple(ours)):
                bad.append("asked for " + p["request"]["url"])
        return bad

    def shot(self, file, whole):
        if whole:
            c = self.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"clip": dict(x=0, y=0, width=c["width"], height=c["height"], scale=1), "captureBeyondViewport": True}
        else:
            clip = {}
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", **clip)["data"]))

    def close(self):
        self.session = None
        self.call("Browser.close")
        self.process.wait(timeout=20)


# Of text that is seen: colour against what is behind it, WCAG 2 contrast. Links inside drawings and text over a fill of its own are looked at in
# the drawings' own way: the nearest <rect> before it.
CONTRAST = r"""
(() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = c => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const lum = c => { const f = c.slice(0, 3).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
  const ratio = (a, b) => { const x = lum(a), y = lum(b); return (Math.max(x, y) + .05) / (Math.min(x, y) + .05); };
  const page = rgb(getComputedStyle(document.body).backgroundColor);
  const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] > 250) return c; } return page; };
  const boxes = t => {
    const at = t.getBoundingClientRect(), x = at.x + at.width / 2, y = at.y + at.height / 2;
    let found = null;
    for (const r of t.ownerSVGElement.querySelectorAll('rect')) {
      if (t.compareDocumentPosition(r) & Node.DOCUMENT_POSITION_FOLLOWING) break;
      const b = r.getBoundingClientRect(), fill = getComputedStyle(r).fill;
      if (fill !== 'none' && x >= b.left && x <= b.right && y >= b.top && y <= b.bottom) found = rgb(fill);
    }
    return found;
  };
  const bad = new Set();
  const look = (e, colour, back, text) => {
    const r = ratio(rgb(colour), back);
    if (r < 4.5) bad.add(r.toFixed(2) + ' ' + e.tagName + '.' + (e.getAttribute('class') || '') + ' ' + text.slice(0, 30));
  };
  document.querySelectorAll('svg text').forEach(t => { if (!t.getClientRects().length) return; const b = boxes(t); look(t, getComputedStyle(t).fill, b && b[3] > 250 ? b : behind(t.closest('div, figure, body')), t.textContent); });
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = walk.nextNode());) {
    const e = n.parentElement;
    if (!n.data.trim() || e.closest('svg, script, style, .hid') || !e.getClientRects().length) continue;
    look(e, getComputedStyle(e).color, behind(e), n.data.trim());
  }
  return [...bad];
})()
"""
