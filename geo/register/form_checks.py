"""The checks of a form: every fault names its field, and all of them are raised at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from geo.errors import AtlasError, ParameterError
from geo.text import mark as _
from geo.values import is_unknown, read_number

MAX_TEXT: Final = 2000


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field of a form: its name in the register, and an error that says it."""

    field: str
    error: AtlasError


class FormError(ParameterError):
    """A form with faults. ``faults`` has every one of them."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(_("有 {n} 个字段需要改正。"), n=len(faults))
        self.faults = tuple(faults)


class Checks:
    """Collects the faults of a form, to raise them once."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def fault(self, field: str, message: str, hint: str = "", **params: object) -> None:
        """Note a fault of ``field``.

        Parameters
        ----------
        field : str
            Name of the field.
        message : str
            Message id.
        hint : str
            Message id of the remedy.
        **params : any
            Values of the fields of both texts.
        """
        self._faults.append(Fault(field, ParameterError(message, hint=hint, **params)))

    def text(self, field: str, value: object, *, required: bool = False, limit: int = MAX_TEXT) -> str:
        """A text as it is stored: trimmed, without NUL, not too long.

        Parameters
        ----------
        field : str
            Name of the field.
        value : any
            As typed.
        required : bool
            Whether an empty value is a fault.
        limit : int
            Characters at most.

        Returns
        -------
        str
        """
        text = "" if is_unknown(value) else str(value).strip()
        if required and not text:
            self.fault(field, _("必填。"))
        if len(text) > limit:
            self.fault(field, _("太长：{n} 个字，最多 {limit} 个。"), n=len(text), limit=limit)
        if "\x00" in text:
            self.fault(field, _("含有空字符（NUL）。"), _("请删去后再试。"))
        return text

    def number(
        self, field: str, value: object, *, low: float = 0.0, high: float = math.inf, required: bool = False
    ) -> float | None:
        """A number within bounds; None for an empty one.

        Parameters
        ----------
        field : str
            Name of the field.
        value : any
            As typed.
        low : float
            Smallest allowed.
        high : float
            Largest allowed.
        required : bool
            Whether an empty value is a fault.

        Returns
        -------
        float or None
        """
        if is_unknown(value) or str(value).strip() == "":
            if required:
                self.fault(field, _("必填。"))
            return None
        try:
            number = read_number(str(value).strip())
        except ValueError:
            self.fault(
                field, _("“{value}”不是数。"), _("请用阿拉伯数字，如 1200 或 12.5。"), value=str(value)[:40]
            )
            return None
        if not low <= number <= high:  # also false for NaN
            self.fault(
                field,
                _("{value} 超出范围。"),
                _("应在 {low} 到 {high} 之间。"),
                value=str(value)[:40],
                low=low,
                high=high,
            )
            return None
        return number

    def choice(self, field: str, value: object, allowed: tuple[str, ...]) -> str:
        """One of the known words.

        Parameters
        ----------
        field : str
            Name of the field.
        value : any
            As typed.
        allowed : tuple of str
            Allowed values.

        Returns
        -------
        str
        """
        if value not in allowed:
            self.fault(field, _("请选择一项。"))
        return str(value)

    def done(self) -> None:
        """Raise :class:`FormError` if anything was noted."""
        if self._faults:
            raise FormError(self._faults)
