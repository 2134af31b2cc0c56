"""The verbs of the command line: those of every module that declares an ``app``, each read when one of its verbs is called.

To read all of them takes longer than most verbs do. Which verbs a module has stands in that module alone: its text is looked
through for the one that was called, and where that names none, every module is read.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import typer
from typer.core import TyperGroup

import geo.cli
from geo.cli.questions import explain_options

APP: Final = "app"
ROOT: Final = "geo.cli.main"
"""The module whose ``app`` is the command line itself."""
_MORE: Final[list[str]] = []


def add_verbs(*modules: str) -> None:
    """Name modules outside of ``geo.cli`` that declare an ``app``; an entry does so, for no part below it may know of them."""
    _MORE.extend(name for name in modules if name not in _MORE)


def modules() -> list[str]:
    """Every module that may declare verbs, by name."""
    own = [f"{geo.cli.__name__}.{info.name}" for info in pkgutil.iter_modules(geo.cli.__path__)]
    return [*(name for name in own if name != ROOT), *_MORE]


def verbs_of(module: str) -> dict[str, Any]:
    """Name -> command of a module's ``app``; nothing for a module without one."""
    app = getattr(import_module(module), APP, None)
    return {} if app is None else dict(typer.main.get_group(app).commands)


def mentions(module: str, verb: str) -> bool:
    """Whether the text of a module declares a verb, as far as a look at it can tell."""
    spec = find_spec(module)
    text = Path(spec.origin).read_text("utf-8") if spec and spec.origin else ""
    return bool(re.search(rf'\bdef {re.escape(verb.replace("-", "_"))}\(|\bname="{re.escape(verb)}"', text))


class Verbs(TyperGroup):
    """The group of all verbs. Its commands are looked up by name, and all are read where they are listed."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 (the library's signature)
        """The command of that name; None where there is none."""
        for module in self._nearest_first(cmd_name):
            if cmd_name in self.commands:
                break
            self.commands.update(verbs_of(module))
        return self.commands.get(cmd_name)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 (the library's signature)
        """The names of all verbs in alphabetical order."""
        for module in modules():
            self.commands.update(verbs_of(module))
        return sorted(self.commands)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As usual; the options' meanings are only worked out for who asks for them."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and any(each in ctx.help_option_names for each in rest):
            explain_options(command)
        return name, command, rest

    @staticmethod
    def _nearest_first(verb: str) -> Iterator[str]:
        yield from (module for module in modules() if mentions(module, verb))
        yield from modules()
