"""JUnit: one test case per file with findings, and one for the run, so that a clean run is not a run without tests."""

from __future__ import annotations

from xml.etree import ElementTree

from mi_lint.report.model import Report, sentence, what_to_do


def render(report: Report) -> str:
    by_file: dict[str, list[str]] = {}
    for finding in report.findings:
        place = finding.place
        what = f"{sentence(finding.message)} {what_to_do(finding)}".rstrip()
        text = report.redactor.prose(f"{place.line}:{place.column}: {finding.rule} {what}")
        by_file.setdefault(place.path, []).append(text)
    errors = [report.redactor.prose(error) for error in report.errors]
    counts = {"tests": str(len(by_file) + 1), "failures": str(len(by_file)), "errors": str(1 if errors else 0)}
    root = ElementTree.Element("testsuites", counts)
    suite = ElementTree.SubElement(root, "testsuite", {"name": "mi-lint", **counts, "skipped": "0"})
    run = ElementTree.SubElement(suite, "testcase", {"classname": "mi-lint", "name": "scan", "time": "0"})
    if errors:
        ElementTree.SubElement(run, "error", {"message": _plain(errors[0])}).text = _plain("\n".join(errors))
    for path, lines in by_file.items():
        case = ElementTree.SubElement(suite, "testcase", {"classname": "mi-lint", "name": _plain(path), "time": "0"})
        message = f"{len(lines)} finding{'s' if len(lines) > 1 else ''}"
        ElementTree.SubElement(case, "failure", {"message": message}).text = _plain("\n".join(lines))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _plain(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(
        c if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "?" for c in text
    )
