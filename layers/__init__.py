"""What is drawn and how: layer declarations, their data by URL, and the folium map. No streamlit."""
