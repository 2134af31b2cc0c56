"""Where to build: the best sites for served demand, the fewest for a share, the shortest ways; with proof.

``choose_sites`` answers for facilities, demand and candidates of your own; ``answer_sites`` for a question in words.
"""

from geo.questions.siting import SiteQuestion
from geo.siting.answer import Setting, choose_sites
from geo.siting.candidates import Candidates, grid_candidates, planned_candidates
from geo.siting.given_candidates import layer_candidates
from geo.siting.question import Land, answer_sites, land_of, read_site_question
from geo.siting.result import SitesEffect, Siting
from geo.siting.task import Plan, Task

__all__ = [
    "Candidates",
    "Land",
    "Plan",
    "Setting",
    "SiteQuestion",
    "SitesEffect",
    "Siting",
    "Task",
    "answer_sites",
    "choose_sites",
    "grid_candidates",
    "land_of",
    "layer_candidates",
    "planned_candidates",
    "read_site_question",
]
