"""Common Query Language, CQL2 (OGC 21-065r2), Annex A: comparisons, for every queryable of every collection.

The tests on Natural Earth's data are asked of our own register instead, and counted by pandas.
"""

from __future__ import annotations

import json
import random
from datetime import date
from typing import Any, Final

import cql2

from geo.atlas import load_atlas
from layers.api.collections import columns, get_collection, rows
from layers.api.filtering.rows import matching_rows
from layers.api.filtering.text import Filter, read_tree
from layers.api.places import CRS84
from tests.api.conformance.asking import Api
from tests.api.conformance.rows import NAMES, abstract_test

BASIC: Final = "cql2/1.0/conf/basic-cql2"
ADVANCED: Final = "cql2/1.0/conf/advanced-comparison-operators"
CASEI: Final = "cql2/1.0/conf/case-insensitive-comparison"
ACCENTI: Final = "cql2/1.0/conf/accent-insensitive-comparison"
BOTH_SIDES: Final = "cql2/1.0/conf/property-property"
ARITHMETIC: Final = "cql2/1.0/conf/arithmetic"
TEXT: Final = "cql2/1.0/conf/cql2-text"
JSON: Final = "cql2/1.0/conf/cql2-json"
VALUES: Final = {"string": "'foo'", "boolean": "true", "number": "3.14", "date": "DATE('2022-04-14')"}
OPPOSITE: Final = (("=", "<>"), (">", "<="), ("<", ">="))
EACH: Final = [(name, kind) for name in NAMES for kind in VALUES]
WHOLE: Final = ("as_of",)  # of the question, not of a feature: a day that is the same for all


def of_kind(api: Api, name: str, kind: str) -> list[str]:
    """Queryables of a kind; a date is a string with that format."""
    return [
        each
        for each, about in api.queryables(name).items()
        if (about.get("format") or about.get("type")) == kind and each not in WHOLE
    ]


def passing(name: str, text: str) -> set[str]:
    """Ids of what passes a filter, by what answers it in the API: HTTP is left out where each queryable has many."""
    collection = get_collection(name)
    listed = rows(collection, date.today())
    holds = matching_rows(listed, Filter(read_tree(text), CRS84), columns(collection))
    return set(listed.index[holds].astype(str))


def frame(name: str) -> Any:
    return rows(get_collection(name), date.today())


@abstract_test(
    BASIC, "basic-test", "queryables of each collection", "at least one simple one; each has a type", NAMES
)
def basic_test(api: Api, name: str) -> None:
    found = api.queryables(name)
    assert any(about.get("type") in ("string", "number", "boolean") for about in found.values())
    for about in found.values():
        assert about.get("type") in ("string", "number", "boolean") or about["format"].startswith("geometry-")


@abstract_test(
    BASIC, "comparison", "= <> > < >= <= for each queryable", "opposites have no feature in common", EACH
)
def comparison(api: Api, case: tuple[str, str]) -> None:
    name, kind = case
    for each in of_kind(api, name, kind):
        for one, other in OPPOSITE:
            both = [passing(name, f'"{each}" {sign} {VALUES[kind]}') for sign in (one, other)]
            assert not both[0] & both[1]
            assert both[0] | both[1] == passing(name, f'"{each}" IS NOT NULL')


@abstract_test(
    BASIC, "is-null", "IS NULL, is not null for each queryable", "each feature in one of both", NAMES
)
def is_null(api: Api, name: str) -> None:
    everything = passing(name, "true")
    for each in api.queryables(name):
        with_none, with_some = (
            passing(name, f"{each} IS NULL"),
            passing(name, f"{each} is not null"),
        )
        assert not with_none & with_some
        assert with_none | with_some == everything


@abstract_test(BASIC, "boolean", "true, false", "all; none", NAMES)
def boolean(api: Api, name: str) -> None:
    assert api.filtered(name, "true") == api.filtered(name, "TRUE") == api.ids(name)
    assert api.filtered(name, "false") == set()


COUNTED: Final = (
    (BASIC, "district_code = '320213'", lambda f: f["district_code"] == "320213"),
    (BASIC, "accuracy_m >= 1000", lambda f: f["accuracy_m"] >= 1000),
    (BASIC, "accuracy_m <> 1000", lambda f: f["accuracy_m"].notna() & (f["accuracy_m"] != 1000)),
    (BASIC, "placed = true AND NOT done = true", lambda f: f["placed"] & ~f["done"]),
    (BASIC, "status_date < DATE('2021-12-31')", lambda f: f["status_date"].map(lambda d: isinstance(d, date) and d < date(2021, 12, 31))),
    (ADVANCED, "name_zh LIKE '%路%'", lambda f: f["name_zh"].str.contains("路")),
    (ADVANCED, "name_zh LIKE '___'", lambda f: f["name_zh"].str.len() == 3),
    (ADVANCED, "category NOT LIKE 'm_tro'", lambda f: f["category"] != "metro"),
    (ADVANCED, "accuracy_m BETWEEN 100 AND 1000", lambda f: f["accuracy_m"].between(100, 1000)),
    (ADVANCED, "accuracy_m not between 100 and 1000", lambda f: f["accuracy_m"].notna() & ~f["accuracy_m"].between(100, 1000)),
    (ADVANCED, "category IN ('metro','park')", lambda f: f["category"].isin(["metro", "park"])),
    (ADVANCED, "accuracy_m not in (100, 1200)", lambda f: f["accuracy_m"].notna() & ~f["accuracy_m"].isin([100, 1200])),
    (CASEI, "CASEI(name_en) LIKE casei('METRO%')", lambda f: f["name_en"].str.lower().str.startswith("metro").fillna(False)),
    (CASEI, "CASEI(status) IN (casei('Completed'), casei('CANCELLED'))", lambda f: f["status"].isin(["completed", "cancelled"])),
    (ACCENTI, "ACCENTI(category) = accenti('métro')", lambda f: f["category"] == "metro"),
    (BOTH_SIDES, "'completed' = status", lambda f: f["status"] == "completed"),
    (BOTH_SIDES, "lon > lat", lambda f: f["lon"] > f["lat"]),
    (BOTH_SIDES, "'abc' LIKE 'a_c'", lambda f: f["status"].notna()),
    (ARITHMETIC, "accuracy_m = 1000 + 8 * 25", lambda f: f["accuracy_m"] == 1200),
    (ARITHMETIC, "accuracy_m / 2 >= 2^9 - 12", lambda f: f["accuracy_m"] >= 1000),
    (ARITHMETIC, "accuracy_m % 7 = 3 AND accuracy_m div 1000 = 1", lambda f: (f["accuracy_m"] % 7 == 3) & (f["accuracy_m"] // 1000 == 1)),
    (ARITHMETIC, "1 / (accuracy_m - accuracy_m) > 0", lambda f: f["lon"] > 1000),
)  # fmt: skip


def _on_our_own(conformance_class: str) -> None:
    cases = [(text, wanted) for one, text, wanted in COUNTED if one == conformance_class]

    @abstract_test(
        conformance_class, "test-data", "predicates on our own works", "the works that pandas finds", cases
    )
    def test_data(api: Api, case: tuple[str, Any]) -> None:
        text, wanted = case
        works = frame("works")
        assert (
            passing("works", text)
            == api.filtered("works", text)
            == set(works.index[wanted(works).fillna(False).astype(bool)])
        )


def _combined(conformance_class: str, texts: tuple[str, ...]) -> None:
    @abstract_test(
        conformance_class,
        "logical",
        "ten combinations with AND, OR, NOT",
        "what sets of ids give",
        ("works",),
    )
    def logical(api: Api, name: str) -> None:
        chance = random.Random(conformance_class)
        passing = {text: (api.filtered(name, text), api.filtered(name, f"NOT ({text})")) for text in texts}
        everything = api.ids(name)
        for _each in range(10):
            p1, p2, p3, p4 = (chance.choice(texts) for _word in range(4))
            text = f"((NOT ({p1}) AND {p2}) OR ({p3} and NOT ({p4})) or not ({p1} AND {p4}))"
            (_y1, n1), (y2, _n2), (y3, _n3), (_y4, n4) = (passing[one] for one in (p1, p2, p3, p4))
            assert api.filtered(name, text) == (n1 & y2) | (y3 & n4) | (n1 | n4)
        assert all(yes | no <= everything for yes, no in passing.values())


for _class in (BASIC, ADVANCED, CASEI, ACCENTI, BOTH_SIDES, ARITHMETIC):
    _on_our_own(_class)
    _combined(_class, tuple(text for one, text, _wanted in COUNTED if one in (BASIC, _class)))


@abstract_test(
    ADVANCED,
    "like",
    "LIKE with % _ '' %% and escapes, for each text",
    "'_%' and '' are apart, '%' is '%%'",
    NAMES,
)
def like(api: Api, name: str) -> None:
    for each in of_kind(api, name, "string"):
        some, none = passing(name, f"\"{each}\" like '_%'"), passing(name, f"\"{each}\" like ''")
        assert not some & none
        assert some | none == passing(name, f"\"{each}\" LIKE '%'") == passing(name, f"\"{each}\" like '%%'")
        passing(name, f"\"{each}\" like '\\%\\_'")


@abstract_test(ADVANCED, "between", "BETWEEN for each number, also reversed", "reversed has none", NAMES)
def between(api: Api, name: str) -> None:
    for each in of_kind(api, name, "number"):
        passing(name, f'"{each}" BETWEEN 0 AND 100')
        assert passing(name, f'"{each}" between 100.0 and 1.0') == set()


LISTS: Final = {
    "number": "(1, 2, 3)", "string": "('foo', 'bar')", "boolean": "(true)", "date": "('2022-04-14', '2022-04-15')",
}  # fmt: skip


@abstract_test(ADVANCED, "in", "IN for each queryable", "as = of one or the other", EACH)
def is_in(api: Api, case: tuple[str, str]) -> None:
    name, kind = case
    for each in of_kind(api, name, kind):
        parts = [part.strip() for part in LISTS[kind].strip("()").split(",")]
        told = passing(name, f'"{each}" IN {LISTS[kind]}')
        assert told == set().union(*(passing(name, f'"{each}" = {part}') for part in parts))


@abstract_test(
    CASEI, "casei", "CASEI on both sides, for each text", "= and <> have no feature in common", NAMES
)
def casei(api: Api, name: str) -> None:
    for each in of_kind(api, name, "string"):
        same = passing(name, f"CASEI(\"{each}\") = casei('foo')")
        assert not same & passing(name, f"CASEI(\"{each}\") <> casei('FOO')")


@abstract_test(
    CASEI, "casei-like", "CASEI with LIKE, for each text", "the case of the pattern changes nothing", NAMES
)
def casei_like(api: Api, name: str) -> None:
    for each in of_kind(api, name, "string"):
        lower = passing(name, f"CASEI(\"{each}\") LIKE casei('m%')")
        assert lower == passing(name, f"CASEI(\"{each}\") LIKE casei('M%')")


@abstract_test(
    ACCENTI, "accenti", "ACCENTI on both sides, for each text", "= and <> have no feature in common", NAMES
)
def accenti(api: Api, name: str) -> None:
    for each in of_kind(api, name, "string"):
        same = passing(name, f"ACCENTI(\"{each}\") = accenti('äöüéáí')")
        assert same == passing(name, f"ACCENTI(\"{each}\") = accenti('aoueai')")
        assert not same & passing(name, f"ACCENTI(\"{each}\") <> accenti('äöüéáí')")


@abstract_test(ACCENTI, "accenti-like", "ACCENTI with LIKE", "accents of the pattern change nothing", NAMES)
def accenti_like(api: Api, name: str) -> None:
    for each in of_kind(api, name, "string"):
        told = passing(name, f"ACCENTI(\"{each}\") LIKE accenti('é%')")
        assert told == passing(name, f"ACCENTI(\"{each}\") LIKE accenti('e%')")


@abstract_test(
    BOTH_SIDES, "comparison-value-property", "a value before each queryable", "the mirrored comparison", EACH
)
def value_property(api: Api, case: tuple[str, str]) -> None:
    name, kind = case
    mirrored = {"=": "=", "<>": "<>", ">": "<", "<": ">", ">=": "<=", "<=": ">="}
    for each in of_kind(api, name, kind):
        for sign, other in mirrored.items():
            told = passing(name, f'{VALUES[kind]} {sign} "{each}"')
            assert told == passing(name, f'"{each}" {other} {VALUES[kind]}')


@abstract_test(
    BOTH_SIDES,
    "comparison-property-property",
    "each queryable with itself",
    "= >= <= alike, <> < > none",
    EACH,
)
def property_property(api: Api, case: tuple[str, str]) -> None:
    name, kind = case
    for each in of_kind(api, name, kind):
        same = passing(name, f'"{each}" IS NOT NULL')
        for sign in ("=", ">=", "<="):
            assert passing(name, f'"{each}" {sign} "{each}"') == same
        for sign in ("<>", "<", ">"):
            assert passing(name, f'"{each}" {sign} "{each}"') == set()


CONSTANTS: Final = ("'foo'", "true", "3.14", "1", "TIMESTAMP('2022-04-14T14:48:46Z')", "DATE('2022-04-14')")


@abstract_test(
    BOTH_SIDES, "comparison-value-value", "a value with itself", "= >= <= all, <> < > none", CONSTANTS
)
def value_value(api: Api, value: str) -> None:
    for sign in ("=", ">=", "<="):
        assert api.filtered("works", f"{value} {sign} {value}") == api.ids("works")
    for sign in ("<>", "<", ">"):
        assert api.filtered("works", f"{value} {sign} {value}") == set()


@abstract_test(ARITHMETIC, "arithmetic", "sums with each number", "200, as the plain comparison", NAMES)
def arithmetic(api: Api, name: str) -> None:
    for each in of_kind(api, name, "number"):
        plain = passing(name, f'"{each}" > 1')
        assert passing(name, f'"{each}" + 1 > 2') == passing(name, f'"{each}" * 2 - 1 > 3 - 2^1') == plain


@abstract_test(
    TEXT,
    "validate",
    "every predicate of the other classes",
    "what the other language gives",
    [text for _c, text, _w in COUNTED],
)
def validate_text(api: Api, text: str) -> None:
    assert api.filtered("works", text) == _as_json(api, text)


@abstract_test(
    JSON,
    "validate",
    "every predicate of the other classes, as JSON",
    "what the other language gives",
    [text for _c, text, _w in COUNTED],
)
def validate_json(api: Api, text: str) -> None:
    assert _as_json(api, text) == api.ids("works", {"filter": text})


def _as_json(api: Api, text: str) -> set[str]:
    return api.ids(
        "works", {"filter": json.dumps(cql2.parse_text(text).to_json()), "filter-lang": "cql2-json"}
    )


@abstract_test(
    TEXT, "escaping", "quotes and control characters in texts", "they are read as the characters they are"
)
def escaping(api: Api, _case: str) -> None:
    names = load_atlas().pack.works["name_en"].dropna()
    quoted = names[names.str.contains("'")]
    for key, name in quoted.head(5).items():
        assert key in api.filtered("works", "name_en = '" + name.replace("'", "''") + "'")
    for letter in ("''", "\\'", "\a", "\b", "\t", "\n", "\v", "\f", "\r"):
        assert api.filtered("works", f"name_en = 'a{letter}b'") == set()
        assert api.filtered("works", f"'a{letter}b' = 'a{letter}b'") == api.ids("works")
