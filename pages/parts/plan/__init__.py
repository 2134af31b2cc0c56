"""Parts of the page of a plan's text."""
