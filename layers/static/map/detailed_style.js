/* How the detailed base map looks: quiet, so that the works stand out, and readable in light and dark. The library's own style paints
 * the ground, green, water and buildings; roads by class, rails and names are painted as said here. */
import { DETAILED_MAP } from "../shared/tokens.js";

/* From the least to the greatest, so that the greater is painted over the less; widths in pixels at zooms. */
const CLASSES = [
  { ink: "minor", details: ["service", "living_street", "road"], widths: [[13, 0.5], [16, 3], [18, 8]] },
  { ink: "minor", details: ["unclassified", "residential"], widths: [[12, 0.5], [14, 2], [16, 5], [18, 13]] },
  { ink: "main", details: ["tertiary", "tertiary_link"], widths: [[11, 0.8], [14, 3], [16, 7], [18, 16]] },
  { ink: "main", details: ["secondary", "secondary_link"], widths: [[9, 0.8], [12, 2], [14, 4], [16, 9], [18, 18]] },
  { ink: "trunk", details: ["primary", "primary_link"], widths: [[8, 0.8], [12, 2.5], [14, 5], [16, 10], [18, 20]] },
  { ink: "highway", details: ["trunk", "trunk_link", "motorway", "motorway_link"], widths: [[7, 0.8], [12, 3], [14, 6], [16, 11], [18, 22]] },
];
const RAIL_WIDTHS = [[9, 0.8], [14, 1.5], [18, 3.6]];
const TRAM_WIDTHS = [[11, 0.4], [14, 0.8], [18, 2]];
const PATH_WIDTHS = [[14, 0.4], [16, 1], [18, 2]];
const PLACE_SIZES = { city: 17, town: 15, suburb: 13, village: 13 };

const kindIs = (...kinds) => (_zoom, feature) => kinds.includes(feature.props.kind);
const placeFont = (_zoom, feature) => `600 ${PLACE_SIZES[feature?.props.kind_detail] || 12}px sans-serif`;
const greaterFirst = (a, b) => a.min_zoom - b.min_zoom;
const detailIs = (details) => (_zoom, feature) => details.includes(feature.props.kind_detail);

function lines(library, filter, { color, widths, more = 0, dash }) {
  const width = library.exp(1.5, widths);
  const wide = (zoom) => width(zoom) + more;
  const brush = dash ? { dash, dashColor: color, dashWidth: wide, perFeature: true } : { color, width: wide, lineCap: "round", lineJoin: "round" };
  return { dataLayer: "roads", symbolizer: new library.LineSymbolizer(brush), filter };
}

/**
 * What paints roads and rails.
 * @param {object} library protomaps-leaflet.
 * @param {"light" | "dark"} flavor The colours of the system.
 * @returns {object[]} Rules, the first painted first.
 */
export function roadRules(library, flavor) {
  const ink = DETAILED_MAP[flavor];
  const casings = CLASSES.map(({ details, widths }) => lines(library, detailIs(details), { color: ink.casing, widths, more: 1.4 }));
  const fills = CLASSES.map((each) => lines(library, detailIs(each.details), { color: ink[each.ink], widths: each.widths }));
  return [
    lines(library, kindIs("path"), { color: ink.path, widths: PATH_WIDTHS, dash: [3, 2] }),
    ...casings,
    ...fills,
    lines(library, kindIs("rail"), { color: ink.rail, widths: TRAM_WIDTHS }),
    lines(library, detailIs(["rail"]), { color: ink.rail, widths: RAIL_WIDTHS }),
    lines(library, detailIs(["rail"]), { color: ink.sleeper, widths: RAIL_WIDTHS, more: -0.9, dash: [6, 6] }),
  ];
}

/**
 * What writes names: of settlements first, then of main roads and water, stations, parks and streets, as far as there is room.
 * @param {object} library protomaps-leaflet.
 * @param {"light" | "dark"} flavor The colours of the system.
 * @param {string} lang "zh" or "en": a name is in that language where OpenStreetMap has it, else as it stands there.
 * @returns {object[]} Rules, the first written first.
 */
export function nameRules(library, flavor, lang) {
  const ink = DETAILED_MAP[flavor];
  const text = { labelProps: [`name:${lang}`, "name"], stroke: ink.halo, width: 3, lineHeight: 1.3 };
  const onPoint = (fill, font) => new library.CenteredTextSymbolizer({ ...text, fill, font });
  const onLine = (fill, font) => new library.LineLabelSymbolizer({ ...text, fill, font, position: library.LineLabelPlacement.Center, maxLabelChars: 60 });
  const road = onLine(ink.road, "500 12px sans-serif");
  return [
    { dataLayer: "places", symbolizer: onPoint(ink.place, placeFont), filter: kindIs("locality"), sort: greaterFirst },
    { dataLayer: "roads", symbolizer: road, filter: kindIs("highway", "major_road"), minzoom: 13 },
    { dataLayer: "water", symbolizer: onPoint(ink.water, "italic 500 12px sans-serif"), filter: kindIs("lake"), minzoom: 11 },
    { dataLayer: "water", symbolizer: onLine(ink.water, "italic 500 12px sans-serif"), filter: kindIs("river"), minzoom: 13 },
    { dataLayer: "pois", symbolizer: onPoint(ink.station, "500 12px sans-serif"), filter: kindIs("station"), minzoom: 14 },
    { dataLayer: "pois", symbolizer: onPoint(ink.park, "500 12px sans-serif"), filter: kindIs("park"), minzoom: 14 },
    { dataLayer: "roads", symbolizer: road, filter: kindIs("minor_road", "path"), minzoom: 16 },
  ];
}
