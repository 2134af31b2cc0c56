"""Whom to credit for the register, and its licence."""

from typing import Final

CREDITS: Final = (
    "Facts: 无锡市2021年国民经济和社会发展计划 and the sources named in each row (CC BY 4.0 compilation). "
    "Places: GeoNames (CC BY 4.0), OpenStreetMap contributors (ODbL 1.0), OurAirports (public domain)."
)
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
