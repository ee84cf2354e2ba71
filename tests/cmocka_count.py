"""What the test programs printed, by meson's log of them: cmocka's own counts where there are any, else one per program."""
import json
import re

PASSED = re.compile(r"^\[  PASSED  \] (\d+) test", re.M)
FAILED_NAMES = re.compile(r"^\[  FAILED  \] (\d+) test", re.M)


def count(path):
    """How many tests passed and failed, and what the programs printed that failed."""
    passed = failed = 0
    told = []
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
            told.append(f"{row['name']} {row['result']}\n{text[-8000:]}")
        passed += p
        failed += f
    if not lines:
        return 0, 1, ["no test ran\n"]
    return passed, failed, told
