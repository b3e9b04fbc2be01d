"""JUnit XML is what a parser of it expects, whatever names stand in it."""

from defusedxml import ElementTree

from engine.report.gates.junit import JUnitCase, junit_document

CASES = (
    JUnitCase("AP at least .5", "passed", "fine"),
    JUnitCase('recall[<b>"\x1b[31m\x00]]>] at least .9', "failure", "under\nit", "under"),
    JUnitCase("APl at least .1", "error", "undefined", "undefined"),
    JUnitCase("f1 at least .7", "skipped", "cannot tell"),
)


def test_a_document_has_a_case_for_each_and_counts_them():
    root = ElementTree.fromstring(junit_document("offdiag report", "a on b", CASES, {"iou": "0.5"}))
    (suite,) = root
    for element in (root, suite):
        counts = [element.get(key) for key in ("tests", "failures", "errors", "skipped")]
        assert counts == ["4", "1", "1", "1"]
    assert (root.tag, root.get("name")) == ("testsuites", "offdiag report")
    assert [(each.get("name"), each.get("value")) for each in suite.iter("property")] == [
        ("iou", "0.5")
    ]
    cases = suite.findall("testcase")
    assert [[child.tag for child in case] for case in cases] == [
        [],
        ["failure"],
        ["error"],
        ["skipped"],
    ]
    assert {case.get("classname") for case in cases} == {"offdiag report"}
    assert cases[1].get("name") == r'recall[<b>"\x1b[31m\x00]]>] at least .9'
    failure = cases[1].find("failure")
    assert (failure.get("type"), failure.get("message")) == ("under", r"under\nit")


def test_the_same_cases_give_the_same_bytes():
    made = [junit_document("a", "b", CASES, {"c": "d"}) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0].endswith(b"\n")
