"""The message that the front page opens with; what Streamlit has sent once it does not send again (.streamlit/config.toml)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from layers.analysis.districts import front_on
from pages.parts.shell import html
from pages.parts.shell.loaders import chosen_plan
from pages.parts.shell.texts import language

if TYPE_CHECKING:
    from geo.report.stories import Story


@dataclass(frozen=True, slots=True)
class _Links:
    """Where the parts of the message lead."""

    day: str

    def outcome(self, outcome: str) -> str:
        """The promises with an outcome."""
        return html.page_address("promise", outcome=outcome, as_of=self.day)

    def work(self, work_id: str) -> str:
        """The card of a work."""
        return html.page_address("./", work=work_id, scope="probable", as_of=self.day)

    def story(self, story: Story) -> str:
        """The page that has more of a story."""
        if story.kind == "work":
            return self.work(story.subject)
        if story.kind == "district":
            return html.page_address("district", d=story.subject, as_of=self.day)
        return html.page_address("promise", item=story.subject, as_of=self.day)


def show_message(as_of: date) -> None:
    """What has become of the promises, what changed lately, and three stories."""
    html.show(
        "message.html",
        front=front_on(as_of, language(), chosen_plan()),
        links=_Links(as_of.isoformat()),
        files=html.chart_files("promises", as_of=as_of.isoformat()),
    )
