"""``python -m geo``: an entry like app.py, which puts the parts together; no part imports it."""

from geo.cli.main import app, main
from layers.report import cli as report
from layers.site import cli as site

app.add_typer(report.app)
app.add_typer(site.app)

main()
