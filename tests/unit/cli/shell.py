#!/usr/bin/python3
"""`ravelin` at its prompt, on a terminal of its own: what is typed, what Tab and ? show, ^C, the history, and a daemon that is not
there or does not answer."""

import os
import pty
import select
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time

RAVELIN = os.path.abspath(os.path.join(os.environ.get("RAVELIN_BUILDDIR", "."), "ravelin"))
PROMPT = "ravelin> "
SECONDS = 20

passed = failed = 0


def check(what, ok, seen=""):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print(f"FAIL {what}: {seen!r}")


class Prompt:
    """It reads what this types, and this reads what it shows."""

    def __init__(self, directory, sock):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # libedit does not free the names of keys' functions
            suppressed = os.path.join(directory, "suppressed")
            with open(suppressed, "w", encoding="utf-8") as f:
                f.write("leak:wcsdup\n")
            env = {**os.environ, "LSAN_OPTIONS": "print_suppressions=0:suppressions=" + suppressed, "XDG_STATE_HOME": directory + "/state", "HOME": directory, "TERM": "vt100", "NO_COLOR": "1"}
            os.execve(RAVELIN, [RAVELIN, "-s", sock], env)
        self.text = ""

    def wait(self, *what):
        """What came until all of these have, in this order; it is then forgotten. None: they do not come."""
        end = time.monotonic() + SECONDS
        while True:
            at = 0
            for one in what:
                found = self.text.find(one, at)
                at = found + len(one) if found >= 0 else -1
                if at < 0:
                    break
            if at >= 0:
                seen, self.text = self.text[:at], self.text[at:]
                return seen
            ready, _, _ = select.select([self.fd], [], [], max(0, end - time.monotonic()))
            try:
                more = os.read(self.fd, 65536) if ready else b""
            except OSError:
                more = b""
            if not more:
                return None
            self.text += more.decode(errors="replace")

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        self.type("\x03exit\n")
        deadline = time.monotonic() + SECONDS
        while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                return False
            select.select([self.fd], [], [], 0.05)
            try:
                self.text += os.read(self.fd, 65536).decode(errors="replace")
            except OSError:
                pass
        return True


def without_a_daemon(directory):
    sock = directory + "/nobody.sock"
    p = Prompt(directory, sock)
    said = p.wait(PROMPT)
    check("no daemon: said before anything is typed, once", said and said.count("no ravelind is running") == 1, said or p.text)
    p.type("help lab li\t")
    check("Tab puts in what is certain", p.wait("lab li", "st "), p.text)
    p.type("\n")
    check("... and it is run", p.wait("networks that are up", PROMPT), p.text)
    p.type("show mpls ?")
    check("? shows what can follow, and the line stays", p.wait("path", "show mpls "), p.text)
    p.type("nonsense\x03help report keygen\n")
    seen = p.wait("a key to sign reports with", PROMPT)
    check("^C takes back what was typed", seen and "unknown word" not in seen, seen or p.text)
    p.type("show vrf\n")
    check("a command that needs a daemon says so", p.wait("no ravelind is running", PROMPT), p.text)
    check("exit", p.end(), p.text)
    file = directory + "/state/ravelin/history"
    check("the history is kept, for nobody else", os.path.exists(file) and stat.S_IMODE(os.stat(file).st_mode) == 0o600)
    check("... and nothing beside it", os.listdir(directory + "/state/ravelin") == ["history"], os.listdir(directory + "/state/ravelin"))
    p = Prompt(directory, sock)
    p.wait(PROMPT)
    p.type("\x10\x10\n")
    check("the lines before are there again", p.wait("a key to sign reports with", PROMPT), p.text)
    p.end()


def with_one_that_says_nothing(directory):
    """It takes connections and never answers."""
    sock = directory + "/silent.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(sock)
        listener.listen(16)
        p = Prompt(directory, sock)
        check("a silent daemon is said", p.wait(sock, PROMPT), p.text)
        p.type("neighbor \t")
        p.type("\x03show version\n")
        p.wait("show version\r\n")
        # only when it waits for the answer is there a command to be ended: the third connection is its
        for _ in range(3):
            select.select([listener], [], [], SECONDS)
            listener.accept()
        p.type("\x03")
        check("^C ends a command, not the prompt", p.wait(PROMPT), p.text)
        p.type("help lab list\n")
        check("... which goes on", p.wait("networks that are up", PROMPT), p.text)
        p.end()
        begin = time.monotonic()
        done = subprocess.run([RAVELIN, "--complete", "-s", sock, "neighbor", ""], capture_output=True, text=True, check=False)
        took = time.monotonic() - begin
        check("completion does not wait for it, and is silent", took < 5 and not done.stdout and not done.stderr, (took, done))


def main():
    if subprocess.run(["grep", "-q", "el_gets", RAVELIN], check=False).returncode:
        print("SKIP: built without libedit\n0 passed, 0 failed, 1 skipped")
        return 0
    with tempfile.TemporaryDirectory() as directory:
        without_a_daemon(directory)
        with_one_that_says_nothing(directory)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return failed != 0


sys.exit(main())
