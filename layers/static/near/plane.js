/* Distances in the plane of the city's projected system, in metres. */

/**
 * From a point to a broken line.
 * @param {number[]} point Easting and northing.
 * @param {number[][]} line Its corners.
 * @returns {number} To its nearest point.
 */
export function lineDistance([x, y], line) {
  let least = Infinity;
  for (let i = 1; i < line.length; i += 1) {
    const [ax, ay] = line[i - 1];
    const [dx, dy] = [line[i][0] - ax, line[i][1] - ay];
    const length = dx * dx + dy * dy;
    const along = length ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
    least = Math.min(least, Math.hypot(ax + along * dx - x, ay + along * dy - y));
  }
  return least;
}

/* Whether a ray from the point crosses the rings an odd number of times. */
function isInside([x, y], rings) {
  let inside = false;
  for (const ring of rings) {
    for (let i = 1; i < ring.length; i += 1) {
      const [[ax, ay], [bx, by]] = [ring[i - 1], ring[i]];
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    }
  }
  return inside;
}

/**
 * From a point to an area.
 * @param {number[]} point Easting and northing.
 * @param {number[][][]} rings Closed rings of the area, those of holes too.
 * @returns {number} 0 inside.
 */
export function areaDistance(point, rings) {
  return isInside(point, rings) ? 0 : Math.min(...rings.map((ring) => lineDistance(point, ring)));
}
