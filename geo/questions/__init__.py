"""What can be asked: each question is one model, read alike by pages, command line, HTTP and OpenAPI.

Declarations only, so that ``--help`` need not load geopandas. A parameter of several questions is declared once.
"""
