"""``python -m geo``: an entry like app.py, which puts the parts together; no part imports it."""

from geo.cli.main import main
from geo.cli.verbs import add_verbs

if __name__ == "__main__":  # a process that this one starts reads this file too, under another name
    add_verbs("layers.report.cli", "layers.site.cli")
    main()
