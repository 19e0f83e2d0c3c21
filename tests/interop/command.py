"""ravelind and ravelin as commands: exit statuses, privileges, the end."""

import os
import subprocess

import net
from report import check, skip

CONF = """
router: {name: rr1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}
neighbors:
  - {address: 10.0.0.2, local-address: 10.0.0.1, as: 65000, families: [vpnv4], password: CoreSecret, name: silent}
"""


def exits():
    """Exit statuses say what happened."""
    def code(*words):
        return subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode

    daemon, cli = net.BUILD + "/ravelind", net.BUILD + "/ravelin"
    r = net.Ravelind(CONF)
    for want, *words in [
        (2, daemon),
        (2, daemon, "-f", r.conf, "-d", "loud"),
        (1, daemon, "--check", "/nosuchfile"),
        (0, daemon, "--check", r.conf),
        (0, daemon, "--help"),
        (1, daemon, "--probe") if not os.path.exists("/proc/sys/net/mpls") else (0, daemon, "--version"),
        (3, cli, "-s", "/nosuchsocket", "show", "version"),
        (2, cli, "show", "bpg"),
        (2, cli),
        (0, cli, "help"),
        (0, cli, "-s", r.socket, "show", "version"),
        (1, cli, "-s", r.socket, "show", "vrf", "nosuchvrf"),
        (1, cli, "-s", r.socket, "show", "bgp", "neighbors", "nosuchpeer"),
        (0, cli, "-s", r.socket, "show", "bgp", "neighbors", "silent"),
        (0, cli, "-s", r.socket, "show", "bgp", "summary", "-j"),
    ]:
        got = code(*words)
        check(f"exit of {' '.join(words)}", got == want, f"{got}, not {want}")
    _, _, err = r.ravelin("show", "bgp", "sumary")
    check("did you mean", 'did you mean "summary"' in err, err)
    first = net.sh(daemon, "-f", r.conf, "--no-fib", check=False)
    check("one daemon to a run directory", "start_failed" in first or "in_use" in first or "level=error" in first, first)
    r.stop()


def unprivileged():
    """Without CAP_NET_ADMIN it says what is missing and how to get it."""
    with open(net.WORK + "/u.yaml", "w") as f:
        f.write(CONF.replace("RUNDIR", net.WORK + "/u"))
    os.chmod(net.WORK + "/u.yaml", 0o644)
    done = subprocess.run(
        ["setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-all", net.BUILD + "/ravelind", "-f",
         net.WORK + "/u.yaml", "--no-fib"], capture_output=True, text=True)
    check("missing privilege: exit", done.returncode == 3, done.returncode)
    check("missing privilege: remedy", "net_admin" in done.stderr and "--cap-add" in done.stderr, done.stderr)


def sandbox():
    """What bgpd has left, as the kernel tells it from outside."""
    r = net.Ravelind(CONF)
    (child,) = r.children()
    with open(f"/proc/{child}/status") as f:
        status = dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)
    for row in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        check(f"bgpd {row}", int(status[row], 16) == 0, status[row])
    check("bgpd no_new_privs", status["NoNewPrivs"] == "1")
    check("bgpd uid", set(status["Uid"].split()) != {"0"} and "0" not in status["Uid"].split(), status["Uid"])
    check("bgpd groups", status["Groups"].strip() == "", status["Groups"])
    check("bgpd root", os.listdir(f"/proc/{child}/root") == [], os.listdir(f"/proc/{child}/root"))
    with open(f"/proc/{child}/limits") as f:
        limits = f.read()
    check("bgpd processes", "Max processes             0 " in limits, limits)
    with open(f"/proc/{r.process.pid}/status") as f:
        parent = dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)
    check("mplsfwd keeps only what it needs", bin(int(parent["CapEff"], 16)).count("1") <= 8, parent["CapEff"])
    with open(net.BUILD + "/ravelind", "rb") as f:
        sanitized = b"__asan_init" in f.read()
    if sanitized:
        skip("the key is not in bgpd's memory", "a sanitizer's allocator keeps what was freed")
    else:
        check("the key is not in bgpd's memory", not has_key(child, b"CoreSecret"))
    check("the key is in mplsfwd's memory", has_key(r.process.pid, b"CoreSecret"), "the search finds nothing anywhere")
    took, code = r.stop()
    check("stops in 2 s", took < 2 and code == 0, f"{took:.1f} s, exit {code}")
    check("nothing is left in the run directory", not os.path.exists(r.socket))


def has_key(pid, key):
    """Whether a process has these octets in writable memory."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as mem:
        for line in maps:
            span, flags = line.split()[:2]
            begin, end = (int(x, 16) for x in span.split("-"))
            if "w" not in flags or end - begin > 1 << 28:
                continue
            try:
                mem.seek(begin)
                if key in mem.read(end - begin):
                    return True
            except (OSError, ValueError):
                continue
    return False


def restart():
    """A bgpd that dies is started again and serves again."""
    r = net.Ravelind(CONF)
    (child,) = r.children()
    os.kill(child, 9)
    again = net.wait(lambda: [p for p in r.children() if p != child] and r.ask("version"), 5)
    check("bgpd is started again", again)
    took, code = r.stop()
    check("... and stops", took < 2 and code == 0, f"{took:.1f} s, exit {code}")


SCENARIOS = [exits, unprivileged, sandbox, restart]
