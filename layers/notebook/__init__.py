"""The functions of ``import layers``: folium elements and maps for notebooks and saved pages."""
