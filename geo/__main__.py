"""``python -m geo``: an entry like app.py, which puts the parts together; no part imports it."""

from geo.cli.main import app, main
from layers.report import cli as report
from layers.site import cli as site

if __name__ == "__main__":  # a process that this one starts reads this file too, under another name
    app.add_typer(report.app)
    app.add_typer(site.app)

    main()
