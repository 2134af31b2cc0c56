// The features of a page of the open API on a plain map: no tiles, no text from data but by textContent.
const box = document.getElementById("map");

fetch(box.dataset.json, { headers: { Accept: "application/geo+json" } })
  .then((answer) => answer.json())
  .then((data) => {
    const features = (data.features || [data]).filter((feature) => feature.geometry);
    if (!features.length) { box.hidden = true; return; }
    const map = L.map(box, { attributionControl: false, maxZoom: 18 });
    const layer = L.geoJSON({ type: "FeatureCollection", features }, {
      style: { color: "#0b62a4", weight: 2, fillOpacity: 0.08 },
      pointToLayer: (feature, place) => L.circleMarker(place, { radius: 5, weight: 1 }),
      onEachFeature: (feature, drawn) => {
        const name = document.createElement("span");
        name.textContent = feature.properties.name_zh || feature.id;
        drawn.bindTooltip(name);
      },
    }).addTo(map);
    map.fitBounds(layer.getBounds().pad(0.1), { maxZoom: 15 });
    L.control.scale({ imperial: false }).addTo(map);
  });
