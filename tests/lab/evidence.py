#!/usr/bin/python3
"""A report of attacks, read by others: its schema, JUnit, SARIF, tshark and capinfos, sha256sum and openssl.

usage: evidence.py [DIR]     DIR: a report of a real run; without, one is made (evidence_emit)
"""
import copy
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

TOP = pathlib.Path(os.environ.get("RAVELIN_SRCDIR", pathlib.Path(__file__).resolve().parent.parent.parent)).resolve()
BUILD = pathlib.Path(os.environ.get("RAVELIN_BUILDDIR", TOP / "build")).resolve()
passed = failed = skipped = 0


def check(name, ok, detail=""):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print(f"NOT OK  {name}: {str(detail)[:1500]}")


def skip(name, why):
    global skipped
    skipped += 1
    print(f"skip  {name}: {why}")


def run(*argv, cwd=None):
    env = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
    p = subprocess.run([str(a) for a in argv], cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False)
    return p.returncode, p.stdout, p.stderr


def schema(report):
    try:
        import jsonschema  # pylint: disable=import-outside-toplevel
    except ImportError as e:
        skip("schema", e)
        return
    text = json.loads((TOP / "topologies/attack-report.schema.json").read_text(encoding="utf-8"))
    kind = jsonschema.Draft202012Validator
    kind.check_schema(text)
    validator = kind(text, format_checker=jsonschema.FormatChecker())
    found = [f"{e.json_path}: {e.message[:200]}" for e in validator.iter_errors(report)]
    check("report.json is valid under its schema", not found, found)
    held = next(i for i, a in enumerate(report["attacks"]) if a["verdict"] == "held" and "control" in a)
    # what a reader must be able to rely on
    report = {**report, "run": {k: v for k, v in report["run"].items() if k != "broken"}}
    for name, spoil in {
        "a key of nobody's": lambda r: r.update(extra=1),
        "no totals": lambda r: r.pop("totals"),
        "no PE": lambda r: r["run"].pop("pe"),
        "a verdict that is none": lambda r: r["attacks"][held].update(verdict="passed"),
        "a row without its clause": lambda r: r["attacks"][held].pop("clause"),
        "held, and the control did not succeed": lambda r: r["attacks"][held]["control"].update(ok=False),
        "held, and what is legitimate did not pass": lambda r: r["attacks"][held]["legit"].update(ok=False),
        "held, and a counter is wrong": lambda r: r["attacks"][held]["counters"].append(
            {"source": "guard", "at": "x", "name": "x", "moved": "some", "by": 0, "before": 0, "after": 0, "ok": False}
        ),
        "a capture outside": lambda r: r["attacks"][held].update(pcapng="../x.pcapng"),
        "a key of nobody's in a launch": lambda r: r["attacks"][held]["protected"].update(extra=1),
    }.items():
        broken = copy.deepcopy(report)
        spoil(broken)
        check(f"the schema refuses {name}", not validator.is_valid(broken))


def junit(directory, report):
    suites = ElementTree.parse(directory / "junit.xml").getroot()
    want = {"fell": "failure", "invalid": "error", "skipped": "skipped", "not_yet": "skipped", "held": None}
    attacks = suites.findall("testsuite[@name='attacks']")
    check("JUnit: one suite of attacks", len(attacks) == 1)
    cases = attacks[0].findall("testcase")
    broken = "broken" in report["run"]
    check("JUnit: a case a row", len(cases) == len(report["attacks"]) + broken, len(cases))
    for row, case in zip(report["attacks"], cases):
        is_ = [child.tag for child in case]
        check(f"JUnit: {row['id']}", is_ == ([want[row["verdict"]]] if want[row["verdict"]] else []), is_)
        check(f"JUnit: {row['id']} by its name", case.get("name") == f"{row['id']} {row['title']}", case.get("name"))
    for suite in suites:
        for key, tag in {"failures": "failure", "errors": "error", "skipped": "skipped"}.items():
            check(f"JUnit: {key} of {suite.get('name')}", int(suite.get(key)) == len(suite.findall(f"testcase/{tag}")))
        check(f"JUnit: tests of {suite.get('name')}", int(suite.get("tests")) == len(suite.findall("testcase")))


def sarif(directory, report):
    """The fields that SARIF 2.1.0 (3.13, 3.14, 3.19, 3.27, 3.49) requires and GitHub's code scanning wants."""
    log = json.loads((directory / "report.sarif").read_text(encoding="utf-8"))
    check("SARIF: version", log["version"] == "2.1.0" and "sarif" in log["$schema"])
    check("SARIF: one run", len(log["runs"]) == 1)
    one = log["runs"][0]
    rules = one["tool"]["driver"]["rules"]
    check("SARIF: the tool's name", one["tool"]["driver"]["name"] == report["product"]["name"])
    ids = [r["id"] for r in rules]
    check("SARIF: rules once each", len(set(ids)) == len(ids))
    for rule in rules:
        whole = all(rule[k]["text"] for k in ("shortDescription", "fullDescription", "help"))
        check(f"SARIF: rule {rule['id']} has its texts", whole)
    tried = [a for a in report["attacks"] if a["verdict"] != "not_yet"]
    for row in tried:
        check(f"SARIF: rule {row['id']} names its clause", row["clause"] in rules[ids.index(row["id"])]["help"]["text"])
    cases = report.get("malformed", {}).get("cases", [])
    levels = {"fell": "error", "invalid": "warning", "wrong": "error", "death": "error", "needless reset": "warning"}
    want = [(r["id"], levels[r["verdict"]]) for r in tried + cases if r["verdict"] in levels]
    check("SARIF: a result for what did not hold", [(r["ruleId"], r["level"]) for r in one["results"]] == want)
    for result in one["results"]:
        check(f"SARIF: {result['ruleId']} by its index", ids[result["ruleIndex"]] == result["ruleId"])
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        check(f"SARIF: {result['ruleId']} is somewhere", result["message"]["text"] and (directory / uri).is_file(), uri)
    check("SARIF: success", one["invocations"][0]["executionSuccessful"] == ("broken" not in report["run"]))


def captures(directory, report):
    if not shutil.which("tshark") or not shutil.which("capinfos"):
        skip("captures", "no tshark")
        return
    files = {f"pcapng/{f.name}" for f in (directory / "pcapng").iterdir()}
    check("a capture of each that has packets", files == {a["pcapng"] for a in report["attacks"] if "pcapng" in a})
    links = {end for link in report["topology"]["links"] for end in (link["a"], link["b"])}
    seen = [a for a in report["attacks"] if "pcapng" in a]
    rc, out, err = run("capinfos", "-M", *(directory / a["pcapng"] for a in seen))
    missing = [a["id"] for a in seen if f"{a['id']}: {a['title']}" not in out]
    check("capinfos reads all", rc == 0 and not missing and "(lab attack)" in out, (missing, err))
    for row in seen:
        name, path = row["id"], directory / row["pcapng"]
        rc, out, err = run(
            *f"tshark -n -r {path} -T fields -E separator=/t -e frame.comment -e frame.interface_name".split(),
            *"-e frame.packet_flags_direction -e frame.interface_description -e frame.time_epoch".split(),
        )
        err = "\n".join(line for line in err.splitlines() if not line.startswith("Running as user"))
        lines = [line.split("\t") for line in out.splitlines()]
        check(f"{name}: tshark reads all of it", rc == 0 and not err and len(lines) == row["packets"], f"{len(lines)} {err}")
        times = [line[4] for line in lines]
        check(f"{name}: in the order of time", times == sorted(times))
        for comment, port, direction, about, _ in lines:
            into = f"comes into {port}" in comment
            phase = comment.startswith((f"{name}, all protections on: ", f"{name}, positive control"))
            whole = phase and (into or f"leaves {port}" in comment)
            right = int(direction, 16) & 3 == (1 if into else 2) and (port not in links or "other end" in about)
            if not (whole and right):
                check(f"{name}: comment, interface and direction", False, (comment, port, direction, about))
                break
        else:
            check(f"{name}: comments", True)


def sample(directory):
    """What only the report that is made has."""
    path = directory / "pcapng/LBL-01.pcapng"
    _, out, _ = run("tshark", "-n", "-r", path, "-T", "fields", "-e", "frame.comment", "-e", "frame.len", "-e", "frame.cap_len")
    want = [
        "LBL-01, all protections on: stimulus 1 leaves ce-a1:eth1\t60\t20",
        "LBL-01, all protections on: stimulus 1 comes into pe1:eth2\t60\t20",
        'LBL-01, positive control, off: label guard: stimulus 1 comes into ce-b1:eth1. what a ü > & " does\t9000\t16',
        "LBL-01, positive control, off: label guard: an ICMP error about stimulus 1 leaves ce-b1:eth1\t80\t16",
    ]
    check("comments as they are", [line.rstrip("\n") for line in out.splitlines()] == want, out)
    _, out, _ = run("capinfos", path)
    check("what was missed is said", "3 were missed" in out and "user-mode Linux" in out and "6.1.0" in out, out)


def signature(directory):
    rc, out, err = run("sha256sum", "-c", "--strict", "--quiet", "MANIFEST", cwd=directory)
    check("sha256sum -c MANIFEST", rc == 0, out + err)
    command = "openssl pkeyutl -verify -pubin -inkey key.pub -rawin -in MANIFEST -sigfile MANIFEST.sig"
    if shutil.which("openssl"):
        rc, out, err = run(*command.split(), cwd=directory)
        check("openssl verifies the signature", rc == 0, out + err)
    else:
        skip("openssl", "not installed")
    rc, out, err = run(BUILD / "ravelin", "report", "verify", directory)
    check("ravelin report verify", rc == 0 and "verified" in out, out + err)
    rc, out, _ = run(BUILD / "ravelin", "report", "verify", "--key", directory / "key.pub", directory)
    check("ravelin report verify --key", rc == 0 and "in the directory" not in out, out)


def command(tmp):
    ravelin, key, pub = BUILD / "ravelin", tmp / "key.pem", tmp / "pub.pem"
    rc, out, err = run(ravelin, "report", "keygen", key)
    pub.write_text(out, encoding="ascii")
    check("keygen", rc == 0 and out.startswith("-----BEGIN PUBLIC KEY-----") and "sha256:" in err, out + err)
    check("keygen: for its owner", key.stat().st_mode & 0o777 == 0o600)
    check("keygen does not overwrite", run(ravelin, "report", "keygen", key)[0] == 2)
    check("another's key", run(ravelin, "report", "verify", "--key", pub, tmp / "report")[0] == 4)
    check("no such directory", run(ravelin, "report", "verify", tmp / "nowhere")[0] == 2)
    for words in ([], ["x"], ["verify", "a", "b"], ["verify", "--x"], ["keygen"], ["keygen", "--x"]):
        check(f"not understood: {words}", run(ravelin, "report", *words)[0] == 2)
    check("help", run(ravelin, "report", "help")[0] == 0)


def all_of(directory):
    report = json.loads((directory / "report.json").read_text(encoding="utf-8"))
    schema(report)
    junit(directory, report)
    sarif(directory, report)
    captures(directory, report)
    signature(directory)


with tempfile.TemporaryDirectory() as made:
    if len(sys.argv) > 1:
        all_of(pathlib.Path(sys.argv[1]).resolve())
    else:
        there = pathlib.Path(made) / "report"
        status, said, error = run(BUILD / "tests/lab/evidence_emit", there)
        check("evidence_emit", status == 0, said + error)
        all_of(there)
        if shutil.which("tshark"):
            sample(there)
        command(pathlib.Path(made))
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed else 0)
