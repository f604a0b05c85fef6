// Guess what moved beliefs make of tests, from the worlds that are solved: each world counts by how much likelier the moved beliefs make it.
// The workbench and the brief use it.

/** The solved worlds of some tests, see tocsin/assessment/sketching.py; texts are base64. */
export interface SketchData {
  pool: Record<string, number>;
  table: number[];
  inputs: Record<string, { family: string; values: number[] }>;
  groups: { worlds: number; inputs: string[]; points: string; weights: Record<string, string> }[];
  tests: { claim: string; part: string; group: number; probability: number; holds: Record<string, string> }[];
}

/** The 5 % and 95 % points of a moved belief, as quantiles of the belief as it stands. */
export type Ends = readonly [low: number, high: number];
export type Moves = ReadonlyMap<string, Ends>;

export interface Guess {
  claim: string;
  part: string;
  probability: number;
  /** Effective number of worlds, and the standard error that it leaves. */
  worlds: number;
  error: number;
}

interface Test {
  claim: string;
  part: string;
  group: number;
  base: number;
  holds: Map<string, Float32Array>;
}

export class Sketch {
  readonly inputs: ReadonlyMap<string, { family: string; values: readonly number[] }>;
  private readonly points: Map<string, Uint16Array>[];
  private readonly weights: Map<string, Float32Array>[];
  private readonly tests: Test[];

  constructor(private readonly data: SketchData) {
    this.inputs = new Map(Object.entries(data.inputs));
    this.points = data.groups.map(({ inputs, points, worlds }) => {
      const all = new Uint16Array(bytes(points));
      return new Map(inputs.map((name, index) => [name, all.subarray(index * worlds, (index + 1) * worlds)]));
    });
    this.weights = data.groups.map(({ weights }) => floats(weights));
    this.tests = data.tests.map(({ claim, part, group, probability, holds }) => ({ claim, part, group, base: probability, holds: truths(holds) }));
  }

  /** The value of an input at a quantile, between the values that were sent. */
  value(name: string, quantile: number): number {
    const { table } = this.data;
    const values = this.inputs.get(name)?.values ?? [];
    const step = (table[1] ?? 1) - (table[0] ?? 0);
    const at = Math.min(Math.max((quantile - (table[0] ?? 0)) / step, 0), table.length - 1);
    const below = Math.min(Math.floor(at), table.length - 2);
    const [low, high] = [values[below] ?? NaN, values[below + 1] ?? NaN];
    return low + (at - below) * (high - low);
  }

  /** Whether the games of a test read an input. */
  reads(test: number, name: string): boolean {
    return this.points[this.tests[test]?.group ?? -1]?.has(name) ?? false;
  }

  /** What each test is with some beliefs moved: its probability as it stands, plus what the weights change in it. */
  guess(moves: Moves): Guess[] {
    return this.tests.map((test) => {
      const factors = this.factors(test.group, moves);
      let [change, worlds] = [0, Infinity];
      for (const [kind, weights] of this.weights[test.group] ?? []) {
        const holds = test.holds.get(kind);
        if (holds === undefined) continue;
        const pool = this.data.pool[kind] ?? 0;
        const after = share(holds, weights, factors);
        change += pool * (after.mean - share(holds, weights, null).mean);
        if (pool > 0) worlds = Math.min(worlds, after.effective);
      }
      const probability = Math.min(Math.max(test.base + change, 0), 1);
      return { claim: test.claim, part: test.part, probability, worlds, error: Math.sqrt(Math.max(probability * (1 - probability), 0.01) / Math.max(worlds, 1)) };
    });
  }

  /** How much likelier each world is with the beliefs moved. */
  private factors(group: number, moves: Moves): Float64Array | null {
    let product: Float64Array | null = null;
    for (const [name, ends] of moves) {
      const points = this.points[group]?.get(name);
      if (points === undefined) continue;
      product ??= new Float64Array(points.length).fill(1);
      const likelier = ratio(this.inputs.get(name)?.family ?? "", ends);
      for (let index = 0; index < points.length; index += 1) product[index] = (product[index] ?? 1) * likelier(quantile(points[index] ?? 0));
    }
    return product;
  }
}

function share(holds: Float32Array, weights: Float32Array, factors: Float64Array | null): { mean: number; effective: number } {
  let [total, squares, held] = [0, 0, 0];
  for (let index = 0; index < holds.length; index += 1) {
    const value = holds[index] ?? NaN;
    if (Number.isNaN(value)) continue;
    const weight = (weights[index] ?? 0) * (factors === null ? 1 : (factors[index] ?? 0));
    total += weight;
    squares += weight * weight;
    held += weight * value;
  }
  return { mean: held / total, effective: (total * total) / squares };
}

const FLAT = new Set(["uniform", "loguniform"]);
const Z95 = 1.6448536269514722; // standard deviations from the middle to the 95 % point

/** How much likelier a moved belief makes its value at a quantile of the belief as it stands. */
function ratio(family: string, [low, high]: Ends): (quantile: number) => number {
  if (FLAT.has(family)) {
    const beyond = (high - low) / 18; // a flat belief has 5 % of its width beyond each of its points
    const [from, to] = [low - beyond, high + beyond];
    return (at) => (at < from || at > to ? 0 : 1 / (to - from));
  }
  // Exact for the normal and the lognormal; other beliefs are taken as normal on the scale on which they are normal as they stand.
  const [left, right] = [normalScore(low), normalScore(high)];
  const [middle, spread] = [(left + right) / 2, (right - left) / (2 * Z95)];
  return (at) => {
    const score = normalScore(at);
    const moved = (score - middle) / spread;
    return Math.exp((score * score - moved * moved) / 2) / spread;
  };
}

/** The quantile of a number from 0 to 65535, never at an end. */
function quantile(step: number): number {
  return Math.min(Math.max(step, 0.5), 65534.5) / 65535;
}

/** The quantile function of the standard normal distribution (Acklam 2003), with a relative error below 1.2e-9. */
function normalScore(p: number): number {
  if (p > 0.5) return -normalScore(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return (
      (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783) /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
    );
  }
  const q = p - 0.5;
  const r = q * q;
  return (
    ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r - 30.66479806614716) * r + 2.506628277459239) * q) /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r - 13.28068155288572) * r + 1)
  );
}

function bytes(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}

function floats(texts: Record<string, string>): Map<string, Float32Array> {
  return new Map(Object.entries(texts).map(([kind, text]) => [kind, new Float32Array(bytes(text))]));
}

/** Where a test holds, from 0 to 1; not a number where it is undefined. */
function truths(texts: Record<string, string>): Map<string, Float32Array> {
  const read = (text: string) => Float32Array.from(new Uint8Array(bytes(text)), (step) => (step === 255 ? NaN : step / 254));
  return new Map(Object.entries(texts).map(([kind, text]) => [kind, read(text)]));
}
