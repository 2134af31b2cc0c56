/* Reads a Mapbox Vector Tile (version 2), as far as ours go: points, polygons, and properties that are texts or numbers. A library for it
 * is 38 kB compressed, a fifth of the map's first view. */

const [POINT, MOVE, CLOSE] = [1, 1, 7]; // a kind of geometry; commands of a geometry
const TEXT = new TextDecoder();
const LONGEST = 10; // bytes of a whole number

/** Numbers and pieces of a protocol buffer, one after the other. */
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
  }

  get isAtEnd() {
    return this.at >= this.bytes.length;
  }

  /* A whole number in groups of seven binary digits. One that takes all ten groups is below zero. */
  number() {
    const start = this.at;
    let [sum, weight, byte] = [0, 1, 0];
    do {
      if (this.isAtEnd) throw new Error("no tile");
      byte = this.bytes[this.at];
      this.at += 1;
      sum += (byte % 128) * weight;
      weight *= 128;
    } while (byte >= 128);
    return this.at - start < LONGEST ? sum : -1 - this.bytes.subarray(start, this.at - 1).reduce((rest, each, place) => rest + (127 - (each % 128)) * 128 ** place, 0);
  }

  piece(length) {
    const end = this.at + length;
    if (end > this.bytes.length) throw new Error("no tile");
    const bytes = this.bytes.subarray(this.at, end);
    this.at = end;
    return bytes;
  }

  double() {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }

  float() {
    this.at += 4;
    return this.view.getFloat32(this.at - 4, true);
  }

  /* Field numbers with what stands under each: a number, eight or four bytes, or a piece. */
  fields(take) {
    while (!this.isAtEnd) {
      const key = this.number();
      const kind = key % 8;
      if (kind === 0) take(Math.floor(key / 8), this.number());
      else if (kind === 1) take(Math.floor(key / 8), this.double());
      else if (kind === 2) take(Math.floor(key / 8), this.piece(this.number()));
      else if (kind === 5) take(Math.floor(key / 8), this.float());
      else throw new Error("no tile");
    }
  }
}

const zigzag = (n) => (n % 2 ? -(n + 1) / 2 : n / 2);

function numbersOf(bytes) {
  const reader = new Reader(bytes);
  const numbers = [];
  while (!reader.isAtEnd) numbers.push(reader.number());
  return numbers;
}

/* Which field of a value is set says of which kind it is. */
function valueOf(bytes) {
  let value = null;
  new Reader(bytes).fields((field, content) => {
    if (field === 1) value = TEXT.decode(content);
    else if (field === 6) value = zigzag(content);
    else if (field === 7) value = Boolean(content);
    else value = content;
  });
  return value;
}

/* Places as commands with steps from the one before. */
function geometryOf(bytes, scale) {
  const numbers = numbersOf(bytes);
  const parts = [];
  let [x, y, at] = [0, 0, 0];
  while (at < numbers.length) {
    const [command, count] = [numbers[at] % 8, Math.floor(numbers[at] / 8)];
    at += 1;
    if (command === CLOSE) continue;
    for (let i = 0; i < count; i += 1, at += 2) {
      x += zigzag(numbers[at]);
      y += zigzag(numbers[at + 1]);
      if (command === MOVE) parts.push([]);
      parts.at(-1).push({ x: x * scale, y: y * scale });
    }
  }
  return parts;
}

function featureOf(bytes, { keys, values, scale }) {
  const props = {};
  let [kind, geom] = [0, []];
  new Reader(bytes).fields((field, content) => {
    if (field === 2) numbersOf(content).forEach((tag, place, tags) => { if (place % 2) props[keys[tags[place - 1]]] = values[tag]; });
    else if (field === 3) kind = content;
    else if (field === 4) geom = geometryOf(content, scale);
  });
  return { isPoint: kind === POINT, geom, props };
}

function layerOf(bytes, size) {
  const layer = { name: "", keys: [], values: [], extent: 4096, features: [] };
  new Reader(bytes).fields((field, content) => {
    if (field === 1) layer.name = TEXT.decode(content);
    else if (field === 2) layer.features.push(content);
    else if (field === 3) layer.keys.push(TEXT.decode(content));
    else if (field === 4) layer.values.push(valueOf(content));
    else if (field === 5) layer.extent = content;
  });
  const { keys, values, extent } = layer;
  return [layer.name, layer.features.map((feature) => featureOf(feature, { keys, values, scale: size / extent }))];
}

/**
 * The features of a vector tile.
 * @param {Uint8Array} bytes The tile, not compressed.
 * @param {number} size Width of the tile in the pixels that places are given in.
 * @returns {Map<string, {isPoint: boolean, geom: {x: number, y: number}[][], props: Record<string, any>}[]>} By the name of their
 *   layer: points, or rings without their first corner again, and properties.
 * @throws {Error} Where the bytes are no tile.
 */
export function readVectorTile(bytes, size) {
  const layers = [];
  new Reader(bytes).fields((field, content) => { if (field === 3) layers.push(layerOf(content, size)); });
  return new Map(layers);
}

/**
 * Fetch a vector tile.
 * @param {string} url Its address.
 * @param {number} size As above.
 * @returns {Promise<Map<string, object[]>>} As above.
 * @throws {Error} Where it does not come.
 */
export async function fetchVectorTile(url, size) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(String(answer.status));
  return readVectorTile(new Uint8Array(await answer.arrayBuffer()), size);
}
