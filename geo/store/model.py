"""What goes into the store and what comes back: plain values, no SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from geo.errors import AccessError
from geo.text import mark as _

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Row = Mapping[str, Any]
MAX_TEXT: Final = 10_000  # characters of one cell, and of a reason


class Role(StrEnum):
    """What someone may do, least first: each may what the ones before may."""

    viewer = "viewer"
    editor = "editor"
    admin = "admin"

    def may(self, needed: Role) -> bool:
        """Whether this role includes ``needed``."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who acts: ``name`` is written beside everything they do."""

    name: str
    role: Role

    def require(self, needed: Role) -> None:
        """``AccessError`` unless this actor's role includes ``needed``."""
        if self.name.strip() and Role(self.role).may(needed):
            return
        raise AccessError(
            _("{name} 的身份是 {role}，这一步需要 {needed}。"),
            hint=_("请以有权限的身份登录，或请管理员授权。"),
            name=self.name.strip() or "—",
            role=str(self.role),
            needed=str(needed),
        )


@dataclass(frozen=True)
class Batch:
    """One import or one edit: all of it is written, or nothing.

    Attributes
    ----------
    reason : str
        Why, in the user's words. Required.
    sources, works, events, facilities : tuple of mappings (facilities: any sequence)
        Rows of the pack's tables of these names: the same columns (missing ones are unknown), values as Python has them
        or as texts. Works and facilities are new ones; known ones change by events. ``lon``, ``lat`` are WGS84.
    plans, plan_items, promises : tuple of mappings
        A new plan, its items, and the works that it promises again.
    lines : mapping of line_id -> shapely line
        WGS84 lines of works that have a ``line_id``.
    facility_events : tuple of mappings
        Rows of the log of facilities, known ones or those of the batch: places, corrections, merges, removals.
    completeness_events : tuple of mappings
        Rows of the log of completeness (:mod:`geo.register.completeness`).
    expected : mapping of id -> int
        The versions of works and facilities that the editor saw; another version now is a ``ConflictError``.
    key : str
        A batch whose key was written before changes nothing.
    """

    reason: str
    sources: tuple[Row, ...] = ()
    works: tuple[Row, ...] = ()
    events: tuple[Row, ...] = ()
    facilities: Sequence[Row] = ()
    facility_events: tuple[Row, ...] = ()
    completeness_events: tuple[Row, ...] = ()
    plans: tuple[Row, ...] = ()
    plan_items: tuple[Row, ...] = ()
    promises: tuple[Row, ...] = ()
    lines: Mapping[str, BaseGeometry] = field(default_factory=dict)
    expected: Mapping[str, int] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """What a batch did: numbers of new rows; ``repeated`` where everything was known already."""

    events: int
    works: int
    facilities: int
    repeated: bool
    revision: int
    batch_id: int
