#!/usr/bin/env python3
"""Adds up what the test programs printed: cmocka's own counts where there are any, else one per program.

usage: tally.py NAME testlog.json   prints "NAME: P passed, F failed" and the output of what failed.
"""
import json
import re
import sys

PASSED = re.compile(r"^\[  PASSED  \] (\d+) test", re.M)
FAILED = re.compile(r"^\[  FAILED  \] \S+: (\d+) test", re.M)
FAILED_NAMES = re.compile(r"^\[  FAILED  \] (\d+) test", re.M)


def main():
    name, path = sys.argv[1], sys.argv[2]
    passed = failed = 0
    try:
        lines = open(path, encoding="utf-8", errors="replace").read().splitlines()
    except OSError:
        lines = []
    for line in lines:
        row = json.loads(line)
        text = row.get("stdout", "") + "\n" + row.get("stderr", "")
        p = sum(map(int, PASSED.findall(text)))
        f = sum(map(int, FAILED_NAMES.findall(text)))
        is_ok = row["result"] in ("OK", "EXPECTEDFAIL")
        if is_ok and p + f == 0:
            p = 1
        if not is_ok:
            f = max(f, 1)  # a crash prints no count
            print(f"---- {name}: {row['name']} {row['result']} ----")
            print(text[-8000:])
        passed += p
        failed += f
    if not lines:
        failed = 1
        print(f"---- {name}: no test ran ----")
    print(f"{name}: {passed} passed, {failed} failed")
    with open(sys.argv[3], "a", encoding="ascii") as out:
        out.write(f"{passed} {failed}\n")


main()
