"""Pure spatial core of the atlas: no streamlit, no folium, no network."""
