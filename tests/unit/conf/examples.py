#!/usr/bin/python3
"""Every configuration that the manual page and the READMEs show loads, and nothing is said about it."""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile

SRC = os.environ.get("RAVELIN_SRCDIR", ".")
BUILD = os.environ.get("RAVELIN_BUILDDIR", ".")
MAN = os.path.join(SRC, "man/ravelin.yaml.5")

passed = failed = 0


def check(ok, what):
    global passed, failed
    passed += bool(ok)
    failed += not ok
    if not ok:
        print(f"FAIL {what}")


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def top_level(text):
    """{key: its lines}"""
    parts = {}
    for line in text.splitlines(keepends=True):
        if re.match(r"[a-z]", line):
            key = line.split(":")[0]
            parts[key] = ""
        parts[key] += line
    return parts


def complete(fragment, whole):
    """What an example leaves out is as in the first one."""
    parts = top_level(fragment)
    return "".join(v for k, v in whole.items() if k not in parts) + fragment


def verdict(folder, text):
    path = os.path.join(folder, "ravelin.yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    run = subprocess.run(
        [os.path.join(BUILD, "ravelind"), "--check", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return run.returncode, run.stdout.decode()


def check_loads(folder, what, text):
    code, said = verdict(folder, text)
    check(code == 0 and said == f"{folder}/ravelin.yaml: ok\n", f"{what}\n{text}\n{said}")


def check_json(folder, whole):
    """--check --json says the same, an object a line."""
    said = "level", "file", "line", "column", "message", "remedy"
    for text, lines in ((complete("", whole), 0), (complete("guard: {xdp: fast}\nneighbors: [{as: 0}]\n", whole), 3)):
        verdict(folder, text)
        path = os.path.join(folder, "ravelin.yaml")
        plain = subprocess.run([os.path.join(BUILD, "ravelind"), "--check", path], capture_output=True, text=True)
        run = subprocess.run([os.path.join(BUILD, "ravelind"), "--check", path, "--json"], capture_output=True, text=True)
        objects = [json.loads(line) for line in run.stdout.splitlines()]
        again = "".join(f"{o['file']}:{o['line']}:{o['column']}: {o['level']}: {o['message']}" + (f"; {o['remedy']}" if o["remedy"] else "") + "\n"
                        for o in objects)
        check(run.returncode == plain.returncode and run.stderr == "" and len(objects) >= lines and all(set(o) == set(said) for o in objects), run)
        check(again == "".join(line + "\n" for line in plain.stderr.splitlines() if not line.startswith(" ")), f"{again}\n{plain.stderr}")
    run = subprocess.run([os.path.join(BUILD, "ravelind"), "--check", folder + "/none", "--json"], capture_output=True, text=True)
    o = json.loads(run.stdout)
    check(run.returncode == 1 and o["line"] is None and o["file"] == folder + "/none" and "No such file" in o["message"], run)


def main():
    man = read(MAN).replace("\\&", "")
    blocks = re.findall(r"^\.Bd -literal.*\n((?:[^.].*\n|\n)*)\.Ed", man, re.M)
    whole = top_level(blocks[0])
    guards = re.findall(r"^\.Dl (guard: \{.*)$", man, re.M)
    check(len(blocks) >= 3 and len(guards) >= 3, f"{len(blocks)} examples, {len(guards)} guards: are they found?")
    with tempfile.TemporaryDirectory() as folder:
        os.umask(0o077)
        with open(os.path.join(folder, "pe2.key"), "w", encoding="utf-8") as f:
            f.write("CoreSecret\n")
        for i, block in enumerate(blocks):
            check_loads(folder, f"ravelin.yaml(5), example {i + 1}", complete(block, whole))
        for guard in guards:
            port = "ports:\n  - name: eth2\n    role: access\n    vrf: vrf-a\n    address: [192.168.1.1/30]\n    "
            check_loads(folder, "ravelin.yaml(5), GUARD", complete(f"{port}{guard}\n", whole))
        for path in [os.path.join(SRC, "README.md")] + sorted(glob.glob(os.path.join(SRC, "topologies", "**/*.md"), recursive=True)):
            for block in re.findall(r"^```yaml\n(.*?)^```", read(path), re.M | re.S):
                if re.match(r"(router|guard|acls|ports|vrfs|neighbors):", block):
                    check_loads(folder, path, complete(block, whole))
        check_json(folder, whole)
        # the test itself: what is wrong is not taken for right
        check(verdict(folder, complete("guard: {xdp: fast}\n", whole))[0] == 1, "a bad example is let through")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return failed != 0


sys.exit(main())
