"""The tables of parameters in docs/ (of the open API, siting, the matrix, services of places, isochrones), written from the questions' models.

``python -m tools.parameter_table`` writes them anew between their marks; a test compares them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from geo.questions.coverage import EquityQuestion, GapsQuestion
from geo.questions.isochrone import IsochroneQuestion
from geo.questions.matrix import MatrixQuestion
from geo.questions.question import Parameter, Question, parameters
from geo.questions.services import ServicesQuestion
from geo.questions.siting import SiteQuestion
from geo.text import translate

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
TABLES: Final[dict[str, tuple[type[Question], ...]]] = {
    "api.md": (GapsQuestion, EquityQuestion),
    "siting.md": (SiteQuestion,),
    "matrix.md": (MatrixQuestion,),
    "services.md": (ServicesQuestion,),
    "travel.md": (IsochroneQuestion,),
}
BEGIN: Final = "<!-- parameters: python -m tools.parameter_table -->"
END: Final = "<!-- end of parameters -->"


def table(questions: tuple[type[Question], ...]) -> str:
    """The parameters of questions as a Markdown table: name, what is allowed, default, meaning in both languages."""
    every = {
        name: each
        for question in questions
        for name, each in parameters(question).items()
        if not each.deprecated
    }
    head = "| parameter | allowed | default | 含义 | meaning |\n| --- | --- | --- | --- | --- |\n"
    return head + "\n".join(_row(each) for each in every.values())


def _row(parameter: Parameter) -> str:
    cells = (
        f"`{parameter.name}`",
        parameter.allowed.replace("、", ", "),
        parameter.default,
        parameter.description,
        translate(parameter.description, "en"),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> None:
    """Write the tables."""
    for name, questions in TABLES.items():
        path = DOCS / name
        before, rest = path.read_text("utf-8").split(BEGIN)
        after = rest.split(END)[1]
        path.write_text(f"{before}{BEGIN}\n{table(questions)}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
