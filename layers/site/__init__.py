"""The public atlas as plain files: any web server carries it, and its pages also open from a folder (docs/publish.md)."""
