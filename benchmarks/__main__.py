"""``make bench``: measures in one run and prints a table; a part whose command fails says so and the rest goes on."""

import sys

from benchmarks.knowledge import answers
from benchmarks.measure import Row, machine, told
from benchmarks.parts import PARTS
from benchmarks.peak import peak
from benchmarks.understanding import accuracy, risks


def line(row: Row) -> str:
    """One line of the table."""
    judged = {None: "", True: "; reached: yes", False: "; reached: no"}[row.reached]
    return f"{row.what:38} {told(row.p50):>10} {told(row.p99):>10} {row.samples:>8}  {row.target}{judged}"


def main(wanted: list[str]) -> int:
    """Measure the parts named in ``wanted`` (all without names); returns 1 when one could not run."""
    broken = 0
    for lines in (risks, accuracy, answers):
        if not wanted or lines.__name__ in wanted or (lines is answers and "knowledge" in wanted):
            print(*lines(), "", sep="\n", flush=True)
    print(f"{'':38} {'p50':>10} {'p99':>10} {'samples':>8}  target")
    print(line(Row("this machine: 2 M squares in Python", machine(), None, 1)))
    for part in PARTS:
        if wanted and part.__name__ not in wanted:
            continue
        try:
            for row in part():
                print(line(row), flush=True)
        except RuntimeError as error:
            broken = 1
            print(f"{part.__name__}: could not run: {error}")
    return broken


if __name__ == "__main__":
    # It takes as long as it is told to, and is no part of the table.
    sys.exit(peak(sys.argv[2:]) if sys.argv[1:2] == ["peak"] else main(sys.argv[1:]))
