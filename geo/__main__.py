"""``python -m geo``: an entry like app.py, which puts the parts together; no part imports it."""

from geo.cli.main import main
from geo.cli.verbs import add_verbs

add_verbs("layers.report.cli", "layers.site.cli")

main()
