#!/usr/bin/env python3
"""Runs one command as one named check with its output kept; used by ./test. Says how long it took, and what it and all that it waited
for took of the processor: a check that waits costs nobody anything, one that works costs those beside it.

usage: step.py NAME LOG COUNTS [--meson FOLDER] COMMAND...   The command may print lines "ok ..." and "not ok ..." (TAP) that are
counted; with --meson it is a `meson test` of that build folder, and its programs' tests are.
"""
import os
import re
import resource
import subprocess
import sys
import time

import cmocka_count


def count_tap(log, code):
    text = open(log, encoding="utf-8", errors="replace").read()
    passed = len(re.findall(r"^ok\b", text, re.M))
    failed = len(re.findall(r"^not ok\b", text, re.M))
    if code == 0 and passed == 0:
        passed = 1
    if code != 0 and failed == 0:
        failed = 1
    return passed, failed, [f"exit {code}\n{text[-12000:]}"] if failed else []


def run(command, log):
    with open(log, "w", encoding="utf-8") as out:
        try:
            return subprocess.call(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        except OSError as why:  # the program itself is not there
            out.write(f"{why}\n")
            return 127


def main():
    name, log, counts, command = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    testlog = ""
    if command[0] == "--meson":
        testlog = command[1] + "/meson-logs/testlog.json"
        command = command[2:]
        if os.path.exists(testlog):
            os.remove(testlog)
    began = time.monotonic()
    code = run(command, log)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    passed, failed, told = cmocka_count.count(testlog) if testlog else count_tap(log, code)
    for what in told:
        print(f"---- {name}: {what}")
    print(f"{name}: {passed} passed, {failed} failed "
          f"({time.monotonic() - began:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of processor)")
    with open(counts, "a", encoding="ascii") as out:
        out.write(f"{passed} {failed}\n")


main()
