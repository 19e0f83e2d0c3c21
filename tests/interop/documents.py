"""What README.md, docs/ and the manuals tell a reader to type is run as it stands there, or it is said who else runs it; a command that
is neither is an error, and so is one that nobody tells any more."""

import glob
import json
import os
import re
import signal
import subprocess
import urllib.request

import net
from net import WORK, Ravelind, sh, wait
from policy import scenario
from recipes import commands, configurations, of_manual
from report import check, skip
from speak import Talker

SOURCE = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
HERE = WORK + "/reader"  # where the reader stands
MRT = "/var/lib/mrt"

# The router of README.md's examples: a PE that is a route server as well.
CONF = """
router: {name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}
ports:
  - {name: wire0, role: core}
  - {name: eth2, role: access, vrf: vrf-a, address: [192.168.1.1/30]}
vrfs:
  - {name: vrf-a, table: 1001, rd: "65000:11", import: ["65000:101"], export: ["65000:101"], redistribute: [connected], neighbors: [
       {address: 192.168.1.2, as: 65101, name: ce-a1}]}
neighbors:
  - {address: 10.0.0.3, as: 65000, families: [vpnv4], name: pe2, passive: true}
  - {address: 10.0.0.4, as: 65101, families: [ipv4-unicast], name: c1, passive: true, route-server-client: true, import: accept-all,
     export: accept-all, selective: true}
  - {address: 10.0.0.5, as: 65102, families: [ipv4-unicast], name: c2, passive: true, route-server-client: true, hygiene: true, import: accept-all,
     export: accept-all, selective: true, keep-rejected: true}
rpki: {caches: [{name: routinator, address: 10.0.0.9}]}
"""

# What of a configuration a piece of one does not say: by the key that it lacks.
FRAME = {
    "router": "router: {name: pe1, as: 65000, id: 10.255.0.1}\n",
    "vrfs": 'vrfs: [{name: vrf-a, table: 1001, rd: "65000:11", import: ["65000:101"], export: ["65000:101"]}]\n',
    "policies": "policies: []\n",
}
RS = """
neighbors:
  - {address: 192.0.2.1, as: 65101, families: [ipv4-unicast], name: client-a, import: from-client, export: accept-all, password: secret}
"""

def relayed():
    """What a scraper gets of the loopback's socket."""
    with urllib.request.urlopen("http://127.0.0.1:9341/metrics", timeout=5) as answer:
        return b"# EOF" in answer.read()


def written():
    """Files of updates."""
    return any(os.path.getsize(f"{MRT}/{n}") for n in os.listdir(MRT))


# Run here, as they stand: the status, and what the output has to match. A status of None: it has no end, and is ended when that has come, or
# when a function says so.
RUN = {
    "ravelind --probe": ((0, 1), r"(?i)mpls"),
    "ravelind --check pe1.yaml": (0, ""),
    "ravelind --print-defaults": (0, r"(?m)^#.*router"),
    "ravelin show bgp summary": (0, r"(?m)^pe2 "),
    "ravelin mrt dump table.mrt": (0, ""),
    "ravelin mrt updates --rotate 15m /var/lib/mrt": (None, written),
    "ravelin explain 172.16.2.0/24 vrf vrf-a": (0, "172.16.2.0/24"),
    "ravelin explain 198.51.100.0/24": (0, "(?s)c1.*c2"),
    "ravelin neighbor ce-a1 reset": (0, ""),
    "ravelin diff": (0, ""),
    "ravelin reload": (0, ""),
    "ravelin reload --confirm-within 60s": (0, ""),
    "curl -s --unix-socket /run/ravelin/ravelin-ro.sock http://ravelin/metrics": (0, r"# EOF\n$"),
    "socat TCP-LISTEN:9341,bind=127.0.0.1,fork,reuseaddr UNIX-CONNECT:/run/ravelin/ravelin-ro.sock": (None, relayed),
    "ravelin confirm": (1, ""),  # nothing waits for it: nothing differed
    "ravelin show config": (0, r'"router"|router:'),
    "ravelin web": (None, r"http://127\.0\.0\.1:\d+"),
    "ravelin monitor": (None, r'^{.*"c1"'),
    "ravelin audit --of-host": ((0, 4), r"^ +EXPLAINED +FLAGGED +BY\n"),
    "ravelin show bgp rejected": (0, "10.66.0.0/16"),
    "ravelin show guard": (0, "eth2"),
    "ravelin show rpki 198.51.100.0/24": (0, "198.51.100.0/24"),
    "ravelin show version": (0, r"\d+\.\d+"),
    'ravelin policy test rs.yaml client-a --route "198.51.100.0/24 as-path 65101 174 rpki valid"': (4, "rejected by policy"),
}

# Run elsewhere: the beginning of the command, and by whom.
ELSEWHERE = {
    "./quickstart check": "tests/everything",
    "./quickstart build": "tests/everything",
    "./quickstart lab": "tests/lab/run",
    "apt-get build-dep ./ && dpkg-buildpackage -us -uc -b": "tests/container/run",
    "systemctl enable --now ravelin": "tests/container/systemd",
    "./quickstart attack": "tests/lab/attack",
    "build/ravelin lab ": "tests/lab/run",
    "ravelin lab attack": "tests/lab/attack",
    "ravelin lab": "tests/lab/run",
    "ravelin report ": "tests/lab/attack",
    "ravelin audit": "tests/kernel/run",
    "podman build ": "tests/container/run",
    "docker build ": "tests/container/run",
    "curl ": "tests/interop/api.py",
    "openssl ": "tests/interop/api.py",
    "journalctl ": "tests/container/systemd",
    "ravelin log verify": "tests/interop/logs.py",
    "ravelind -f pe1.yaml": "tests/interop/documents.py",  # is what answers all the others
}

# In the running text: the words of a command that is run with others behind them, or without what the reader puts there.
SPOKEN = {
    "ravelin neighbor WHO reset | shutdown | enable | refresh | graceful-shutdown on",
    "ravelin mrt dump",
    "ravelin monitor",
    "ravelin policy test",
    "ravelind --check",
}


def documents():
    """{name: text as Markdown}"""
    names = ["README.md", *sorted(glob.glob("docs/*.md", root_dir=SOURCE)), *sorted(glob.glob("man/*", root_dir=SOURCE))]
    out = {}
    for name in names:
        with open(f"{SOURCE}/{name}") as f:
            text = f.read()
        out[name] = of_manual(text) if name.startswith("man/") and name != "man/local.mk" else text
    return out


def elsewhere(command):
    return next((by for begin, by in ELSEWHERE.items() if command.startswith(begin)), None)


def unknown(texts):
    """Commands that nobody runs: [(document, line, command)]"""
    out = []
    for name, text in texts.items():
        for line, command, *_ in commands(text):
            if command not in RUN and command not in SPOKEN and not elsewhere(command) and not command.startswith("make "):
                out.append((name, line, command))
    return out


def settled(r, c1):
    c1.announce({"prefix": "198.51.100.0/24"})
    check("sessions", wait(lambda: all(r.state(n) == "Established" for n in ("pe2", "c1", "c2")), 10), r.text())
    check("routes", wait(lambda: r.route("172.16.2.0/24") and r.ask("bgp", "rejected")["routes"] and
                         r.ask("bgp", "ipv4")["routes"], 10), r.text())


def run(command):
    done = subprocess.run(["sh", "-c", command], cwd=HERE, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    return done.returncode, done.stdout, done.stderr


def endless(command, want, poke):
    """What has no end: ended when its output is there."""
    with open(HERE + "/out", "w") as f:
        p = subprocess.Popen(["sh", "-c", "exec " + command], cwd=HERE, stdin=subprocess.DEVNULL, stdout=f, stderr=f)

    def came():
        poke()
        with open(HERE + "/out") as f:
            said = want() if callable(want) else re.search(want, f.read(), re.M)
            return said and p.poll() is None

    came = wait(came, 10)
    p.send_signal(signal.SIGINT)
    try:
        p.wait(10)
    except subprocess.TimeoutExpired:
        p.kill()
    with open(HERE + "/out") as f:
        check(command, came, f.read())


def same(shown, out):
    """Lines of the document against what was printed, as far as it shows any."""
    shown = [x.rstrip() for x in shown]
    while shown and not shown[-1]:
        shown.pop()
    return [x.rstrip() for x in out.splitlines()][:len(shown)] == shown


def typed(texts, poke):
    """Each command of RUN that some document has."""
    done = set()
    for name, text in texts.items():
        for line, command, shown, also in commands(text):
            if command not in RUN or (command in done and not shown):
                continue
            done.add(command)
            status, want = RUN[command]
            if status is None:
                endless(command, want, poke)
                continue
            code, out, err = run(command)
            ok = code in (status if isinstance(status, tuple) else (status,)) and re.search(want, out)
            check(f"{name}:{line}: {command}", ok, (code, out, err))
            if shown and not any("[...]" in x for x in shown):
                check(f"{name}:{line}: {command}: what is shown", same(shown, out), out)
            for more in also:
                code, out, err = run(more)
                check(f"{name}:{line}: {more}", code in (0, 1), (code, out, err))  # 1: there may be no session to do it to
    check("no command is run that nobody tells", done == set(RUN), set(RUN) - done)


def networks(texts):
    """Those that the documents and the lessons have a reader bring up: there are such, and they are whole."""
    for path in glob.glob(SOURCE + "/topologies/*/README.md"):
        with open(path) as f:
            texts = {**texts, path: f.read()}
    found = {m for text in texts.values() for _, c, *_ in commands(text)
             for m in re.findall(r"ravelin lab (?:up|run|check) ([a-z0-9-]+(?:/start)?)$", c)}
    for name in sorted(found):
        code, out, err = run(f"cd {SOURCE} && ravelin lab check {name}")
        check(f"network {name}", code == 0, out + err)
    check("there are lessons", len(found) > 8, found)
    check("a network that is not there is found", run(f"cd {SOURCE} && ravelin lab check no-such-network")[0] != 0)


def readable(o):
    """Without what only ECMAScript's expressions have."""
    if "\\p{" in str(o.get("pattern", "")):
        del o["pattern"]
    return o


def topologies(texts):
    """containerlab's files in the documents, under its own schema, which is not ours to carry."""
    schema = os.path.dirname(SOURCE) + "/shared/clab.schema.json"
    try:
        import jsonschema
        import yaml
    except ImportError:
        skip("topologies in the documents", "python3-jsonschema or python3-yaml is not installed")
        return
    if not os.path.exists(schema):
        skip("topologies in the documents", schema + " is not there")
        return
    with open(schema) as f:
        judge = jsonschema.Draft7Validator(json.load(f, object_hook=readable))
    found = [(f"{name}:{line}", yaml.safe_load(piece)) for name in texts if name.startswith("docs/")
             for line, piece in configurations(texts[name], ["name"])]
    check("there are topologies", len(found) > 1, found)
    for where, value in found:
        wrong = [e.message for e in judge.iter_errors(value)]
        check(f"{where}: a topology", wrong == [], wrong)
    check("... and a mistake in one is seen", list(judge.iter_errors({**found[0][1], "topolgy": {}})))


def is_target(name):
    with open(net.BUILD + "/Makefile") as f:
        return re.search(rf"^(?:[\w./-]+ )*{re.escape(name)}(?: [\w./-]+)*:", f.read(), re.M) is not None


def built(texts):
    """`make TARGET` of the documents: that there is such a target. What it does is run by tests/everything."""
    for command in sorted({c for text in texts.values() for _, c, *_ in commands(text) if c.startswith("make ")}):
        check(f"{command}: there is such a target", is_target([w for w in command.split() if "=" not in w][-1]))


def framed(text):
    """A piece of a configuration with what it leaves out."""
    for key, more in FRAME.items():
        if not re.search(rf"^{key}:", text, re.M):
            text += more
    return re.sub(r"(certificate|key|client-ca|password-file): [\w./-]+", r"\1: some.pem", text)


def checked(texts):
    with open(SOURCE + "/conf/ravelin.schema.json") as f:
        keys = sorted(json.load(f)["properties"])
    with open(HERE + "/some.pem", "w") as f:
        f.write("secret\n")
    os.chmod(HERE + "/some.pem", 0o600)
    n = 0
    for name, text in texts.items():
        for line, piece in configurations(text, keys):
            with open(HERE + "/piece.yaml", "w") as f:
                f.write(framed(piece))
            code, out, err = run("ravelind --check piece.yaml")
            check(f"{name}:{line}: a configuration", code == 0, err + framed(piece))
            n += 1
    check("there are pieces of configurations", n > 6, n)
    with open(HERE + "/piece.yaml", "w") as f:
        f.write(framed("guard: {infrastucture: [10.0.0.0/8]}\n"))
    check("... and a mistake in one is seen", run("ravelind --check piece.yaml")[0] == 1)


def mistakes():
    """What a document with a mistake in it is worth."""
    made_up = {"x": "Text.\n\n    ravelin show bgp sumary   # also\n    ravelin reload\n\n`make pancakes`, `ravelin fly`\n\n"
                    "```sh\ncurl -s http://x\n```\n\n    $ ravelind --chek a\n    output\n"}
    found = [c for _, _, c in unknown(made_up)]
    check("a command that nobody knows is found", found == ["ravelin show bgp sumary", "ravelind --chek a", "ravelin fly"], found)
    check("output is compared", same(["a  b", ""], "a  b\nc\n") and not same(["a b"], "a  b\n"))
    check("a target that is not there is found", not is_target("pancakes") and is_target("check"))


def place(texts):
    """The files that the documents speak of."""
    os.makedirs(HERE)
    os.makedirs(MRT, exist_ok=True)
    with open(HERE + "/pe1.yaml", "w") as f:
        f.write(CONF.replace("RUNDIR", "/run/ravelin"))
    pieces = [p for _, p in configurations(texts["README.md"], ["sets", "policies"])]
    with open(HERE + "/rs.yaml", "w") as f:
        f.write(FRAME["router"] + pieces[0] + RS)
    os.environ["PATH"] = net.BUILD + ":" + os.environ["PATH"]


@scenario
def reader(keep):
    texts = documents()
    place(texts)
    keep(Mrt())
    check("each command is run by somebody", unknown(texts) == [], unknown(texts))
    check("... whom there is", all(os.path.exists(f"{SOURCE}/{by}") for by in ELSEWHERE.values()), ELSEWHERE)
    r = keep(Ravelind(CONF))
    os.symlink(os.path.dirname(r.socket), "/run/ravelin")  # where who is told nothing looks
    pe2 = keep(Talker("10.0.0.3", 65000, ("vpnv4",)))
    c1, c2 = keep(Talker("10.0.0.4", 65101)), keep(Talker("10.0.0.5", 65102))
    pe2.announce({"prefix": "172.16.2.0/24", "rd": "65000:21", "label": 80, "as_path": [65101], "local_pref": 100, "ext": ["rt:65000:101"]})
    c2.announce({"prefix": "10.66.0.0/16"})
    settled(r, c1)
    turn = [0]

    def poke():
        turn[0] += 1
        c1.announce({"prefix": "198.51.100.0/24", "med": turn[0]})

    typed(texts, poke)
    check("the dump is one", os.path.getsize(HERE + "/table.mrt") > 50)
    built(texts)
    networks(texts)
    topologies(texts)
    checked(texts)
    mistakes()


class Mrt:
    """/var/lib/mrt, which is the machine's unless it is covered."""

    def __init__(self):
        sh("mount", "-t", "tmpfs", "tmpfs", MRT)

    def stop(self):
        sh("umount", "-l", MRT)


SCENARIOS = [reader]
