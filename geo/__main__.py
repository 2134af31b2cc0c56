"""``python -m geo``: an entry like app.py, which puts the parts together; no part imports it."""

import gc
import os

os.environ.setdefault(
    "PYDANTIC_DISABLE_PLUGINS", "__all__"
)  # there are none, and to look for them reads what every installed package says of itself
gc.set_threshold(
    100_000
)  # a command is short: to look for circles among what it imports takes a twentieth of its time

from geo.cli.main import main  # noqa: E402
from geo.cli.verbs import add_verbs  # noqa: E402

if __name__ == "__main__":  # a process that this one starts reads this file too, under another name
    add_verbs("layers.report.cli", "layers.site.cli")
    main()
