"""Engines of public transport, one file each with an ``ENGINE`` (:class:`geo.transit.engine.Engine`)."""
