"""OpenAPI, command line, pages and documents say of every parameter what its model says; none reads one by itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import typer.main
from starlette.applications import Starlette
from starlette.testclient import TestClient

from geo.cli.main import app as commands
from geo.cli.questions import explain_options
from geo.questions.coverage import (
    CoverageQuestion,
    EquityQuestion,
    GapsQuestion,
    ImpactQuestion,
    WhatIfQuestion,
)
from geo.questions.isochrone import IsochroneQuestion
from geo.questions.matrix import MatrixQuestion
from geo.questions.near import NearQuestion
from geo.questions.question import Parameter, Question, parameters
from geo.questions.services import ServicesQuestion
from geo.questions.siting import SiteQuestion
from geo.questions.works import DistrictsQuestion, ProgressQuestion
from geo.text import translate
from layers.api.document import ANALYSES, query_parameter
from layers.api.server import routes
from tools.parameter_table import TABLES, table

ROOT = Path(__file__).resolve().parents[2]
COMMANDS: dict[str, type[Question]] = {
    "coverage": CoverageQuestion,
    "impact": ImpactQuestion,
    "gaps": GapsQuestion,
    "equity": EquityQuestion,
    "whatif": WhatIfQuestion,
    "site": SiteQuestion,
    "matrix": MatrixQuestion,
    "progress": ProgressQuestion,
    "near": NearQuestion,
    "districts": DistrictsQuestion,
    "isochrone": IsochroneQuestion,
    "services": ServicesQuestion,
}
OWN_WAY = {"scenario", "lon", "lat"}
"""What the command line asks for in its own way: a scenario is a file there, and coordinates are written as one."""
PARAMETERS = [(command, each) for command, model in COMMANDS.items() for each in parameters(model).values()]


def of_command(command: str) -> dict[str, Any]:
    found: Any = typer.main.get_group(commands).get_command(cast("Any", None), command)
    explain_options(found)
    return {each.name: each for each in found.params}


@pytest.mark.parametrize(
    ("command", "parameter"), PARAMETERS, ids=[f"{command}-{each.name}" for command, each in PARAMETERS]
)
def test_the_command_line_says_what_the_model_says(command: str, parameter: Parameter) -> None:
    if parameter.name in OWN_WAY:
        return
    option = of_command(command)[parameter.name]
    is_flag = parameter.choices == ("yes", "no")
    no = "no-" if is_flag and parameter.default == "yes" else ""
    assert f"--{no}{parameter.name.replace('_', '-')}" in option.opts
    assert option.help.startswith(translate(parameter.description, "en").rstrip("."))
    assert option.hidden == parameter.deprecated
    assert option.default in ("", False)  # the default is the model's, which the question fills in
    if parameter.is_number:
        assert parameter.allowed in option.help
        for bound in (parameter.minimum, parameter.maximum):
            assert bound is not None
            assert (f"{bound:.0%}" if "x-percent" in parameter.schema else f"{bound:.12g}") in option.help
    if not is_flag:
        assert (option.show_default or "") == parameter.default


def test_every_parameter_of_a_command_is_the_model_s_or_of_its_output() -> None:
    output = {"form", "file", "by", "limit", "show", "compare", "scenario", "help", "lang", "at", "template"}
    for command, model in COMMANDS.items():
        own = set(of_command(command)) - set(parameters(model))
        assert own <= output, command
        assert set(parameters(model)) - OWN_WAY <= set(of_command(command))


def test_openapi_says_what_the_model_says() -> None:
    client = TestClient(Starlette(routes=routes()), base_url="http://atlas.test")
    paths = client.get("/api/openapi?f=json").json()["paths"]
    seen = 0
    for path, analysis in ANALYSES.items():
        described = {each["name"]: each for each in paths[path]["get"]["parameters"]}
        for model in (analysis.question, analysis.form):
            for name, parameter in parameters(model).items():
                assert described[name] == query_parameter(parameter)
                schema = described[name]["schema"]
                number = schema.get("anyOf", [schema])[0]
                assert described[name]["description"] == translate(parameter.description, "en")
                assert number.get("minimum") == parameter.minimum
                assert number.get("maximum") == parameter.maximum
                assert tuple(number.get("enum", ())) == parameter.choices
                assert number.get("default") == parameter.schema.get("default")
                seen += 1
        assert len(described) == len(parameters(analysis.question)) + len(parameters(analysis.form))
    assert seen > 80


def test_descriptions_are_in_both_languages() -> None:
    for _command, each in PARAMETERS:
        for text in (each.title, each.description):
            assert re.search("[一-鿿]", text), text
            assert not re.search("[一-鿿]", translate(text, "en")), text


def test_the_documents_list_every_parameter_as_its_model_has_it() -> None:
    for name, questions in TABLES.items():
        assert table(questions) in (ROOT / "docs" / name).read_text("utf-8"), (
            "python -m tools.parameter_table"
        )
    for model in (CoverageQuestion, ImpactQuestion, GapsQuestion, WhatIfQuestion):
        assert set(parameters(model)) <= set(parameters(EquityQuestion))


# --- nobody reads a parameter by itself ----------------------------------------------------------------------------------

READS_QUESTIONS = [
    *(
        ROOT / "geo" / "cli" / f"{name}.py"
        for name in ("coverage", "matrix", "near", "services", "whatif", "siting", "questions")
    ),
    *(ROOT / "layers" / "analysis").glob("*.py"),
    ROOT / "layers" / "http.py",
    ROOT / "layers" / "api" / "progress.py",
    ROOT / "layers" / "api" / "near.py",
    ROOT / "layers" / "api" / "document.py",
    ROOT / "geo" / "coverage" / "question.py",
    ROOT / "geo" / "siting" / "question.py",
    ROOT / "pages" / "parts" / "coverage" / "question.py",
    ROOT / "pages" / "parts" / "siting" / "question.py",
    ROOT / "pages" / "parts" / "siting" / "scenarios.py",
    ROOT / "pages" / "parts" / "coverage" / "open_siting.py",
]


def conversions(tree: ast.AST) -> Iterator[str]:
    """Calls that turn a text into a number, a day, or one of some words, outside the models."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if name in ("float", "int", "fromisoformat", "read_day", "isdigit", "literal_eval"):
                yield ast.unparse(node)


def is_of_a_table(call: str) -> bool:
    """A number of an answer or a click, which is no parameter: a row's column, a length, a numpy value."""
    return (
        bool(re.match(r"int\((bit|found|event|counts)|float\((edge|x|y|number)\)", call)) or ".isin(" in call
    )


def test_no_door_reads_a_parameter_by_itself() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {call}"
        for path in READS_QUESTIONS
        for call in conversions(ast.parse(path.read_text("utf-8")))
        if not is_of_a_table(call)
    ]
    assert wrong == []


def test_this_test_can_fail() -> None:
    assert list(conversions(ast.parse("radius = float(given['radius'])"))) == ["float(given['radius'])"]
    assert not is_of_a_table("float(given['radius'])")


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def found(pattern: str, *folders: str) -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for path in sources(*folders)
        if re.search(pattern, path.read_text("utf-8"))
    }


def test_one_place_turns_an_error_into_a_status() -> None:
    assert found(r"status(_code)?=(4|5)\d\d|: (4|5)\d\d,", "layers", "pages") == {"layers/http.py"}


def test_one_function_reads_the_language() -> None:
    assert found(r"""(get\(|\[)["']lang["']""", "layers") == {
        "layers/api/first_answers.py",  # before that one function is read, with the models of all questions
        "layers/http.py",
        "layers/start_page.py",  # a script of the browser, which reads its own address
    }
    assert found(r"in LANGUAGES\b(?! *[:\]}])(?!\n)", "geo", "layers", "pages") <= {
        "geo/text.py",
        "geo/display/fields.py",
        "layers/site/pages.py",
        "layers/site/build.py",
    }


def test_pydantic_s_own_error_is_caught_where_it_arises() -> None:
    """The questions' models catch it once; a scenario, a pack, a draft of a plan and kept systems know their files, and have words of their own."""
    assert found(r"\bValidationError\b", "geo", "layers", "pages") == {
        "geo/places/local_systems.py",
        "geo/plan_text/review.py",
        "geo/questions/question.py",
        "geo/register/city_facts.py",
        "geo/register/residents.py",
        "geo/whatif/scenario.py",
    }
