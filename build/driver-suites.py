"""Compares two runs of a driver's suite, test by test: driver-suites.py SUITE DIRECT GATEWAY, both directories.

Prints how many tests came out the same, and each difference under the documented reason that its message names
(docs/drivers.md). Fails if a difference has none.
"""

import collections
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

# What the gateway refuses or does otherwise, by the words of the test's failure, or by the test where its failure has none.
REASONS = []


def reason(name, *patterns):
    REASONS.append((name, re.compile("|".join(patterns))))


reason("LISTEN and NOTIFY", "(LISTEN|NOTIFY) is not allowed here", "notice-tests.js: emits", r"test_pgconn\.test_notify ")
reason("LOCK", "LOCK is not allowed here")
reason("two-phase commit", "a prepared transaction is not allowed here", "PREPARE TRANSACTION")
reason("INSERT … ON CONFLICT DO UPDATE", "an insert must not change the row that it runs into")
reason("passwords of roles", "ALTER ROLE is not allowed here")
reason("COPY … FROM STDIN in the extended protocol", "COPY FROM STDIN is not allowed in the extended protocol")
reason("large objects", "the function-call protocol is not allowed here", "Large objects are not offered", "LargeObjectManagerTest")
reason("text that runs as SQL", "a function that runs a text as SQL is not allowed here")
reason("start-up values", "the start-up parameter .* is not allowed here", "only client_encoding UTF8 is allowed here", r"SchemaTest\.currentSchema")
reason("settings that stay", "must not change in a session", r"test_escap\w+\.test_escape_\w+\[off\]", r"test_(error_message_)?encoding ")
reason("details of violated constraints", "LogServerMessagePropertyTest")
reason("time limits", r"(?s)connection-pool/idle-timeout-tests\.js.*Connection terminated")
reason("answers in pieces", r"test_pipeline\.test_errors_raised_on_commit")


def junit(directory):
    """The outcome and the message of each test of JUnit's files: keys are classes and names, in their order."""
    found, seen = {}, collections.Counter()
    for file in sorted(pathlib.Path(directory).glob("TEST-*.xml")):
        for case in ElementTree.parse(file).getroot().iter("testcase"):
            name = "%s.%s" % (case.get("classname"), case.get("name"))
            seen[name] += 1
            key = "%s #%d" % (name, seen[name])
            failures = [e for e in case if e.tag in ("failure", "error")]
            if failures:
                found[key] = ("fail", "\n".join((e.get("message") or "") + "\n" + (e.text or "") for e in failures))
            else:
                found[key] = ("skip" if case.find("skipped") is not None else "pass", "")
    return found


def node(directory):
    """A file counts as a test too. What follows a failed test's line, up to the next test, is its message."""
    found, file, said, failed = {}, "", [], None
    for line in (pathlib.Path(directory) / "node.log").read_text(errors="replace").splitlines():
        if line.startswith("FILE "):
            file, said, failed = line[len("FILE test/integration/"):], [], None
            continue
        ended = re.match(r"EXIT (\d+)$", line)
        test = re.match(r"  (.*?) (✔|FAILED!|\? - SKIPPED)", line)
        if ended:
            found[file] = ("pass" if ended[1] == "0" else "fail", "\n".join(said))
        elif test:
            outcome = {"✔": "pass", "FAILED!": "fail"}.get(test[2], "skip")
            key = "%s: %s" % (file, test[1])
            found[key] = (outcome, line)
            failed = key if outcome == "fail" else None
        elif failed:
            found[failed] = ("fail", found[failed][1] + "\n" + line)
        said.append(line)
    return found


def main(suite, direct, gateway):
    read = node if suite == "node-postgres" else junit
    straight, through = read(direct), read(gateway)
    same, only, differences = collections.Counter(), [], collections.defaultdict(list)
    for test, (outcome, message) in sorted(straight.items()):
        if test not in through:
            only.append(test)
            continue
        other, said = through[test]
        if outcome == other:
            same[outcome] += 1
        else:
            text = said or message
            name = next((name for name, pattern in REASONS if pattern.search(test + "\n" + text)), "")
            differences[name].append((test, outcome, other, text))
    print("%s: %d tests, the same: %d passed, %d failed, %d skipped; different: %d; in one run only: %d" % (
        suite, len(straight), same["pass"], same["fail"], same["skip"],
        sum(map(len, differences.values())), len(only) + len(set(through) - set(straight))))
    for name, tests in sorted(differences.items()):
        print("\n%4d  %s" % (len(tests), name or "NO REASON"))
        for test, outcome, other, text in tests:
            first = next((line for line in text.splitlines() if re.search(r"ERROR|FATAL|rror", line)), text[:160])
            print("      %s: %s, through the gateway %s%s" % (
                test, outcome, other, "" if name else "\n          " + first.strip()[:300]))
    return 1 if "" in differences else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
