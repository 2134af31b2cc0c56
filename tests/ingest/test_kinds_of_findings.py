"""What many rows get is one line, with their number; nothing is left out or joined with what differs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geo.ingest.cells.findings import ALIKE_FROM, LEVELS, Finding, by_kind

FINDINGS = st.lists(
    st.builds(
        Finding,
        row=st.none() | st.integers(2, 40),
        field=st.sampled_from(["lon", "status"]),
        level=st.sampled_from(LEVELS),
        message=st.sampled_from(["误差 {metres} 米。", "没有名称。"]),
        params=st.sampled_from([{"metres": "900"}, {"metres": "1800"}]),
        column=st.sampled_from(["经度", "状态"]),
    ),
    max_size=40,
)


@given(FINDINGS)
def test_each_finding_is_in_one_line_and_alike_ones_are_together(findings: list[Finding]) -> None:
    kinds = by_kind(findings)
    assert sorted(id(one) for alike in kinds for one in alike) == sorted(map(id, findings))
    for alike in kinds:
        assert len({(one.level, one.field, one.column, one.text()) for one in alike}) == 1
        assert len(alike) == 1 or (len(alike) >= ALIKE_FROM and alike[0].level == "warning")
    remarks = [alike[0] for alike in kinds if len(alike) > 1]
    for one in findings:
        same = [
            other
            for other in findings
            if (other.field, other.column, other.text()) == (one.field, one.column, one.text())
            and other.level == one.level == "warning"
            and None not in {other.row, one.row}
        ]
        shown = sum(
            each.text() == one.text() and each.field == one.field and each.column == one.column
            for each in remarks
        )
        assert shown == (len(same) >= ALIKE_FROM) or one.level != "warning" or one.row is None
