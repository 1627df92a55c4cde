"""The findings as a JUnit file, so that a pipeline that knows tests can hold an archive to its rules."""

import xml.etree.ElementTree as ET
from typing import Any

from copilot.replay.report.names import NOT_JUDGED, said
from copilot.replay.report.summary import SEVERITY_ORDER
from copilot.replay.report.text import clean, cut, quote
from copilot.replay.totals import Totals

_EXAMPLES = 5


def junit(totals: Totals, fail_on: str | None) -> str:
    """One test case per rule; it fails when the rule found something of severity ``fail_on`` or graver.

    Without a gate (null) nothing fails. A rule that could never be judged and found nothing counts as skipped.
    """
    gate = SEVERITY_ORDER[: SEVERITY_ORDER.index(fail_on) + 1] if fail_on in SEVERITY_ORDER else ()
    known = sorted({*totals.run.get("rules", ()), *totals.rules, *totals.not_judged})
    suite = ET.Element("testsuite", name=clean(totals.run.get("pack") or "policy"))
    failures = skipped = 0
    for rule in known:
        about = totals.catalogue.get(rule, {})
        family = str(about.get("family") or rule.partition(".")[0])
        case = ET.SubElement(suite, "testcase", classname=clean(family), name=clean(rule))
        counts = totals.rules.get(rule, {})
        grave = sum(counts.get(severity, 0) for severity in gate)
        if grave:
            failures += 1
            _fail(case, totals, rule, grave, about)
        elif any(counts.values()):
            ET.SubElement(case, "system-out").text = _sum(counts)
        elif rule in totals.not_judged:
            skipped += 1
            whys = ", ".join(sorted(said(NOT_JUDGED, why, "en") for why in totals.not_judged[rule]))
            ET.SubElement(case, "skipped", message=clean(whys))
    for key, number in (("tests", len(known)), ("failures", failures), ("errors", 0), ("skipped", skipped)):
        suite.set(key, str(number))
    ET.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suite, encoding="unicode") + "\n"


def _sum(counts: dict[str, int]) -> str:
    parts = [f"{counts[severity]} {severity}" for severity in SEVERITY_ORDER if counts.get(severity)]
    return f"{', '.join(parts)} in {counts.get('messages', 0)} messages"


def _fail(case: ET.Element, totals: Totals, rule: str, grave: int, about: dict[str, Any]) -> None:
    reason = cut(about.get("reason", {}).get("en", ""))
    failure = ET.SubElement(case, "failure", type="policy", message=f"{grave} findings: {reason}")
    lines = [_sum(totals.rules[rule])]
    for sample in totals.samples[rule].listed()[:_EXAMPLES] if rule in totals.samples else []:
        found = quote(sample)
        place = f"{clean(sample.get('archive', ''))}:{sample.get('line', '')}"
        lines.append(f"{place}: {found.before}[{found.hit}]{found.after}")
    failure.text = "\n".join(lines)
