"""Options of the command line, made from the parameters of a question: names, help, bounds and defaults."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from geo.cli.shared import atlas
from geo.questions.question import Parameter, Question, parameters
from geo.text import translate

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from geo.coverage.answer import Coverage
    from geo.coverage.demand import Demand
    from geo.coverage.equity import Equity
    from geo.coverage.isochrone import Isochrones
    from geo.coverage.matrix import Matrix
    from geo.kernels.network import StreetNetwork
    from geo.questions.coverage import ReachQuestion
    from geo.questions.isochrone import IsochroneQuestion
    from geo.questions.matrix import MatrixQuestion
    from geo.questions.services import ServicesQuestion

Given = dict[str, str]
"""Parameters of a question as they were typed, without the empty ones."""
_SHORT: Final = {"k": ("-k",)}
_DECLARED: Final = "declared"
"""Attribute of a command made by :func:`question_options`: the parameters by name."""


def question_options(
    question: type[Question], *, without: tuple[str, ...] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command one option for each parameter of ``question``; the command takes them together as ``given``.

    Parameters
    ----------
    question : type of Question
        Declares the parameters; a value is refused when the question is read, not here.
    without : tuple of str
        Parameters that the command asks for in its own way.
    """
    declared = {name: each for name, each in parameters(question).items() if name not in without}

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command, eval_str=True)
        own = [each for each in signature.parameters.values() if each.name != "given"]
        options = [_option(each) for each in declared.values()]

        def run(**values: Any) -> None:
            typed = {name: _typed(each, values.pop(name)) for name, each in declared.items()}
            command(given={name: value for name, value in typed.items() if value}, **values)

        run.__name__, run.__doc__ = command.__name__, command.__doc__
        in_order = sorted([*options, *own], key=lambda each: each.default is not inspect.Parameter.empty)
        keyword = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in in_order]
        run.__signature__ = signature.replace(parameters=keyword)  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in keyword}
        run.__dict__[_DECLARED] = declared
        return run

    return with_options


def explain_options(command: Any) -> None:
    """Give the options of a command that :func:`question_options` made their help: it needs the catalogue, which takes long to read."""
    declared: dict[str, Parameter] = getattr(command.callback, _DECLARED, {})
    for each in command.params:
        if each.name in declared:
            each.help = _help(declared[each.name])


def _help(parameter: Parameter) -> str:
    text = translate(parameter.description, "en")
    return f"{text.rstrip('.')}: {parameter.allowed}." if parameter.is_number else text


def _is_flag(parameter: Parameter) -> bool:
    return parameter.choices == ("yes", "no")


def _typed(parameter: Parameter, value: Any) -> str:
    """What was typed, as the question reads it: a flag says the opposite of the default."""
    if not _is_flag(parameter):
        return str(value)
    return "" if not value else "no" if parameter.default == "yes" else "yes"


def _option(parameter: Parameter) -> inspect.Parameter:
    flag = f"--{'no-' if parameter.default == 'yes' else ''}{parameter.name.replace('_', '-')}"
    option = typer.Option(
        flag,
        *_SHORT.get(parameter.name, ()),
        show_default=parameter.default if parameter.default and not _is_flag(parameter) else False,
        hidden=parameter.deprecated,
    )
    annotation = Annotated[bool, option] if _is_flag(parameter) else Annotated[str, option]
    default: Any = False if _is_flag(parameter) else ""
    return inspect.Parameter(
        parameter.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


def streets_of(
    question: ReachQuestion | MatrixQuestion | ServicesQuestion | IsochroneQuestion,
) -> StreetNetwork | None:
    """The streets that a question names: a file, or a saved data set; None for none."""
    if not question.streets:
        return None
    from pathlib import Path

    from geo.coverage.saved_data import is_token, saved_streets
    from geo.kernels.street_file import read_streets

    token = is_token(question.streets)
    if token:
        return saved_streets(atlas(), question.streets)
    return read_streets(Path(question.streets), atlas().city.projected_crs)


def shapes_of(named: str, kind: str) -> GeoDataFrame:
    """Zones, places, parcels or exclusions that a question names: a data set that was saved, or a file.

    Parameters
    ----------
    named : str
        A token of :mod:`geo.coverage.saved_data`, or a path.
    kind : {"zones", "places", "parcels", "exclusions"}

    Returns
    -------
    GeoDataFrame
    """
    from pathlib import Path

    from geo.coverage.saved_data import is_token, saved_shapes
    from geo.coverage.zone_file import read_zones

    return saved_shapes(named, kind) if is_token(named) else read_zones(Path(named))


def demand_of(question: ReachQuestion | MatrixQuestion) -> Demand:
    """The demand that a question names; it may be a file."""
    from geo.coverage.question import demand_of as find

    return find(atlas(), question.demand, files=True)


def print_notes(answer: Coverage | Equity | Isochrones | Matrix) -> None:
    """What a reader must know, in both languages, to standard error."""
    for line, english in zip(answer.messages(), answer.messages("en"), strict=True):
        typer.echo(f"{line} / {english}", err=True)
