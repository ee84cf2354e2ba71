#!/usr/bin/env python3
"""The closing line of ./test, and its exit code."""
import sys
import time

rows = [tuple(map(int, line.split())) for line in open(sys.argv[1], encoding="ascii")]
passed, failed = sum(p for p, _ in rows), sum(f for _, f in rows)
print(f"# {time.time() - int(sys.argv[2]):.0f} s")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
