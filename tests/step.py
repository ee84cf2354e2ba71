#!/usr/bin/env python3
"""Runs one command as one named check with its output kept; used by ./test.

usage: step.py NAME LOG COUNTS COMMAND...   The command may print lines "ok ..." and "not ok ..." (TAP) that are counted.
"""
import re
import subprocess
import sys
import time


def main():
    name, log, counts, command = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
    began = time.monotonic()
    with open(log, "w", encoding="utf-8") as out:
        try:
            code = subprocess.call(command, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        except OSError as why:  # the program itself is not there
            out.write(f"{why}\n")
            code = 127
    text = open(log, encoding="utf-8", errors="replace").read()
    passed = len(re.findall(r"^ok\b", text, re.M))
    failed = len(re.findall(r"^not ok\b", text, re.M))
    if code == 0 and passed == 0:
        passed = 1
    if code != 0 and failed == 0:
        failed = 1
    if failed:
        print(f"---- {name} (exit {code}) ----")
        print(text[-12000:])
    print(f"{name}: {passed} passed, {failed} failed ({time.monotonic() - began:.0f} s)")
    with open(counts, "a", encoding="ascii") as out:
        out.write(f"{passed} {failed}\n")


main()
