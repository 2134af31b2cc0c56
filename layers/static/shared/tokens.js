/* Made from geo/display/tokens.toml by 'make tokens'; do not edit. */

/** Colours of what is drawn on the map; a canvas knows no custom property. */
export const DRAWINGS = {
  "baseline": "#7a7a7a",
  "facility": "#a6761d",
  "mixed": "#4d5b6b",
  "ring": "#111111",
  "rim": "#ffffff",
  "swatch": "#0072b2",
  "draft-good": "#0b5cad",
  "draft-warning": "#b36200",
  "draft-error": "#c0311a",
  "draft-known": "#5b6570",
  "reach-high": "#6baed6",
  "reach-central": "#2171b5",
  "reach-low": "#08306b",
  "rough": "#fdb863",
  "rough-edge": "#7f3b08",
  "left": "#f1a340",
  "left-edge": "#b35806",
  "site": "#117733",
  "own": "#aa3377",
  "added": "#00694d",
  "moved": "#7a4b00",
  "removed": "#8a1f11",
  "isochrone": "#5e3c99",
  "outline": "#e9dfc7",
  "outline-edge": "#7a6a3a",
  "excluded": "#b22222"
};

/** Colours of the detailed base map, on a light and on a dark page. */
export const DETAILED_MAP = {
  "light": {
    "casing": "#b9b4aa",
    "highway": "#f3cf8e",
    "trunk": "#f8e0ae",
    "main": "#fff6d8",
    "minor": "#ffffff",
    "path": "#a79f92",
    "rail": "#7d7f86",
    "sleeper": "#e9e7e3",
    "road": "#4c4741",
    "place": "#33383f",
    "water": "#2c5f8a",
    "station": "#37507a",
    "park": "#2f6138",
    "halo": "#ffffff"
  },
  "dark": {
    "casing": "#0e1013",
    "highway": "#8a6f3a",
    "trunk": "#75633c",
    "main": "#5c5646",
    "minor": "#474a4f",
    "path": "#4d4f52",
    "rail": "#7b808a",
    "sleeper": "#24262a",
    "road": "#c9c5bd",
    "place": "#e4e7ea",
    "water": "#9cc3e6",
    "station": "#a9bfe8",
    "park": "#9cc7a2",
    "halo": "#14171a"
  }
};
