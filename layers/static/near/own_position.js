/* Where the visitor is, as the browser knows it after asking. Nothing here is sent anywhere. */

const OPTIONS = { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 };
const REASONS = { 1: "position_denied", 2: "position_unknown", 3: "position_unknown" };

/**
 * Ask the browser for its position.
 * @returns {Promise<{lon: number, lat: number, accuracy: number}>} WGS84 degrees and the radius of error in metres.
 * @throws {Error} Its message is the name of the text that says why there is none.
 */
export function ownPosition() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) {
      reject(new Error("position_unknown"));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy }),
      ({ code }) => reject(new Error(REASONS[code])),
      OPTIONS,
    );
  });
}
