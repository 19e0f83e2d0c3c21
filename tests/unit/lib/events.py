#!/usr/bin/python3
"""The events of the sources are those of man/ravelin-events.7 (tools/events); and a name, a key, a level or a mark that is wrong there is found."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SRC = pathlib.Path(os.environ.get("RAVELIN_SRCDIR", "."))
MAN = "man/ravelin-events.7"

passed = failed = 0


def check(what, ok, seen):
    global passed, failed
    passed += bool(ok)
    failed += not ok
    if not ok:
        print(f"FAIL {what}: {seen}")


def events(root):
    done = subprocess.run([sys.executable, SRC / "tools/events", root], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


code, said = events(SRC)
check("the manual has them all", code == 0 and not said, said)

with tempfile.TemporaryDirectory() as directory:
    copy = pathlib.Path(directory)
    for room in ("bgpd", "mplsfwd", "lib", "man"):
        shutil.copytree(SRC / room, copy / room, ignore=lambda d, names: [n for n in names if n.endswith((".o", ".a", ".bpf.c"))])
    text = (copy / MAN).read_text()
    for what, was, now, want in (
        ("an event that nobody logs", ".It Sy session_up ", ".It Sy session_upp ", "session_upp"),
        ("a key that is not there", ".Li as hold_s peer range", ".Li as hold_s peer", "session_up: keys"),
        ("another level", ".It Sy session_down Pq warn", ".It Sy session_down Pq info", "session_down: levels"),
        ("a mark that is missing", ".It Sy session_down Pq warn , security", ".It Sy session_down Pq warn", "session_down: for the security log"),
    ):
        check(f"{what}: it can be changed", was in text, was)
        (copy / MAN).write_text(text.replace(was, now, 1))
        code, said = events(copy)
        check(f"{what}: it is found", code == 1 and want in said, (code, said))
    (copy / MAN).write_text(text)
    source = copy / "bgpd/core/session.c"
    source.write_text(source.read_text().replace('"session_down"', '"session_gone"'))
    code, said = events(copy)
    check("an event that was renamed", code == 1 and "session_gone is not there" in said and "no source logs session_down" in said, (code, said))

print(f"{passed} passed, {failed} failed, 0 skipped")
sys.exit(failed != 0)
