"""What one way of asking refuses, every way refuses, in the same words: Python, command line, HTTP and the pages."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

from geo.atlas import load_atlas
from geo.cli.main import app as commands
from geo.coverage.question import read_question_as
from geo.errors import AtlasError, ParameterError, UnknownIdError
from geo.questions.coverage import (
    CoverageQuestion,
    EquityQuestion,
    GapsQuestion,
    ImpactQuestion,
    ReachQuestion,
    WhatIfQuestion,
)
from geo.questions.question import Question, parameters, read_value
from geo.questions.siting import SiteQuestion
from geo.siting import read_site_question
from geo.whatif.scenario import Scenario
from layers.analysis.questions import parameters_of, question_of
from layers.analysis.siting import site_parameters, start
from layers.api.server import routes
from tests.depth import examples
from tools.serving import PATIENCE_S

BASE = {"kind": "metro_station", "radius": "800", "as_of": "2021-12-31"}
SITES = {"k": "2", "district": "320213"}
ASKED: dict[str, tuple[type[ReachQuestion], dict[str, str], str]] = {
    "coverage": (CoverageQuestion, BASE, "/api/coverage"),
    "whatif": (WhatIfQuestion, BASE, "/api/coverage"),
    "impact": (ImpactQuestion, BASE, "/api/impact"),
    "gaps": (GapsQuestion, BASE, "/api/gaps"),
    "equity": (EquityQuestion, BASE, "/api/equity"),
    "site": (SiteQuestion, BASE | SITES, "/api/site"),
}
"""Command -> its question, parameters that make a good one, and its address."""
NUMBERS = [
    (command, name)
    for command, (question, _base, _path) in ASKED.items()
    for name, each in parameters(question).items()
    if each.is_number
]
CHOICES = [
    (command, name)
    for command, (question, _base, _path) in ASKED.items()
    for name, each in parameters(question).items()
    if each.choices or name in ("kind", "indicator", "as_of", "district", "unit")
]
EVERY = sorted(
    {question for one in Question.__subclasses__() for question in (one, *one.__subclasses__())},
    key=lambda question: question.__name__,
)
LETTERS = st.text("abcxyz一二三！ -,.%", min_size=1, max_size=12)
NO_NUMBER = st.one_of(
    st.sampled_from(
        ["nan", "NaN", "-nan", "inf", "-inf", "Infinity", "1e400", "-1e400", "9" * 400, "0" * 400]
    ),
    st.sampled_from(
        ["true", "True", "yes", "None", "null", "[]", "0x10", "1,5", "1;2", "１２个", "800m", "--", "1e"]
    ),
    st.floats(max_value=-1e-6, allow_infinity=False, allow_nan=False).map(repr),
    st.integers(max_value=-1).map(str),
    st.floats(min_value=1e10, allow_infinity=False, allow_nan=False).map(repr),
    LETTERS.filter(lambda text: text.strip() != ""),
)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(Starlette(routes=routes()), raise_server_exceptions=False)


@pytest.fixture(scope="module", autouse=True)
def _no_rate() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_RATE", "100000/second")
        yield


def in_python(command: str, given: dict[str, str]) -> AtlasError:
    question = ASKED[command][0]
    with pytest.raises(AtlasError) as caught:
        _read(question, given)
    return caught.value


def _read(question: type[ReachQuestion], given: dict[str, str]) -> ReachQuestion:
    if question is SiteQuestion:
        return read_site_question(load_atlas(), given)
    return read_question_as(question, load_atlas(), given)


def on_the_page(command: str, given: dict[str, str]) -> AtlasError:
    """As the pages ask: the answer of the layer below them."""
    with pytest.raises(AtlasError) as caught:
        _answered(command, given)
    return caught.value


def _answered(command: str, given: dict[str, str]) -> object:
    if command == "site":
        return start(site_parameters(given), "zh").result(timeout=PATIENCE_S)
    return question_of(parameters_of(given))


def by_command(command: str, given: dict[str, str], scenario: str) -> str:
    """What the command line says; flags have no value that could be wrong."""
    typed = [part for name, value in given.items() for part in (f"--{name.replace('_', '-')}={value}",)]
    more = ["--scenario", scenario] if command == "whatif" else []
    done = CliRunner().invoke(commands, [command, *typed, *more])
    assert isinstance(done.exception, AtlasError), (done.exit_code, done.output)
    return done.exception.text("zh")


def by_http(client: TestClient, command: str, given: dict[str, str], lang: str, status: int) -> str:
    answer = client.get(ASKED[command][2], params=given | {"lang": lang})
    assert answer.status_code == status, (answer.status_code, answer.text[:300])
    return str(answer.json()["error"])


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("scenario") / "empty.json"
    path.write_text(Scenario().to_json(), "utf-8")
    return str(path)


def check_everywhere(client: TestClient, command: str, name: str, value: str, scenario: str) -> None:
    question, base, _path = ASKED[command]
    given = base | {name: value}
    refusal = in_python(command, given)
    status = 404 if isinstance(refusal, UnknownIdError) else 400
    for lang in ("zh", "en"):
        assert by_http(client, command, given, lang, status) == refusal.text(lang)
    assert refusal.text("en") != refusal.text("zh")
    assert on_the_page(command, given).text() == refusal.text()
    each = parameters(question)[name]
    if each.choices != ("yes", "no"):
        assert by_command(command, given, scenario) == refusal.text()
    if name not in ("kind", "indicator"):  # whose refusals name the value that does not exist
        assert name in refusal.text("zh")
        assert name in refusal.text("en")


WITH_FIXTURES = examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@WITH_FIXTURES
@given(which=st.sampled_from(NUMBERS), value=NO_NUMBER)
@example(which=("site", "share"), value="nan")
@example(which=("site", "cut"), value="-5")
@example(which=("site", "k"), value="2.5")
@example(which=("coverage", "radius"), value="9" * 400)
def test_what_is_no_number_is_refused_by_name_everywhere(
    client: TestClient, scenario: str, which: tuple[str, str], value: str
) -> None:
    command, name = which
    check_everywhere(client, command, name, value, scenario)


@WITH_FIXTURES
@given(which=st.sampled_from(CHOICES), value=st.text("abcxyz", min_size=4, max_size=9))
@example(which=("site", "goal"), value="best")
@example(which=("coverage", "as_of"), value="2021-02-30")
@example(which=("gaps", "district"), value="320299")
def test_unknown_words_are_refused_by_name_everywhere(
    client: TestClient, scenario: str, which: tuple[str, str], value: str
) -> None:
    command, name = which
    check_everywhere(client, command, name, value, scenario)


@pytest.mark.parametrize("command", ASKED)
@pytest.mark.parametrize("name", ["colour", "self", "Radius", "radius_m", "words", "__class__"])
def test_unknown_names_are_refused_everywhere(client: TestClient, command: str, name: str) -> None:
    base = ASKED[command][1]
    assert name in in_python(command, base | {name: "1"}).text()
    assert name in by_http(client, command, base | {name: "1"}, "zh", 400)
    done = CliRunner().invoke(commands, [command, f"--{name}", "1"])
    assert done.exit_code == 2
    assert name in done.output


@pytest.mark.parametrize(("command", "name"), NUMBERS)
def test_empty_values_mean_the_default_and_full_width_digits_are_digits(command: str, name: str) -> None:
    question, base, _path = ASKED[command]
    without = {key: value for key, value in base.items() if key != name}
    if name not in ("radius", "k"):
        assert (
            question.read(base | {name: ""}) == question.read(base | {name: "  "}) == question.read(without)
        )
    assert read_value(question, name, "") is None
    good = "1" if parameters(question)[name].maximum == 1 else "120"
    wide = good.translate({ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"})
    assert wide != good
    assert read_value(question, name, wide) == read_value(question, name, good) == float(good)


@pytest.mark.parametrize("value", [True, False, float("nan"), float("inf"), -1, 10**400, [], "nan"])
@pytest.mark.parametrize("name", ["radius", "speed", "minutes"])
def test_python_values_are_checked_as_texts_are(name: str, value: Any) -> None:
    with pytest.raises(AtlasError, match=name):
        CoverageQuestion.read({"kind": "metro_station", name: value})


@pytest.mark.parametrize(("command", "name"), NUMBERS)
def test_bounds_are_where_the_model_says(command: str, name: str) -> None:
    question = ASKED[command][0]
    each = parameters(question)[name]
    assert each.minimum is not None
    assert each.maximum is not None
    assert read_value(question, name, each.maximum) == each.maximum
    for outside in (each.minimum - 1, each.maximum + 1, *([each.minimum] if "<" in each.allowed else [])):
        with pytest.raises(AtlasError, match=name):
            read_value(question, name, outside)


def test_every_question_says_what_each_parameter_is() -> None:
    models: list[type[Question]] = [question for question, _base, _path in ASKED.values()]
    for model in models:
        for name, each in parameters(model).items():
            assert each.title, name
            assert each.description, name


@pytest.mark.parametrize("question", EVERY)
def test_a_question_without_a_parameter_it_needs_is_refused_by_the_name(question: type[Question]) -> None:
    needed = [name for name, each in parameters(question).items() if each.is_required]
    with (
        pytest.raises(ParameterError, match=rf"（参数 ({'|'.join(needed)})）")
        if needed
        else suppress(ParameterError)
    ):
        question.read({})
