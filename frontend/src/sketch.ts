// Guess what moved beliefs make of a claim, from the worlds that are solved: each world counts by how much likelier the moved beliefs make it.
import type { SketchData } from "./api";

/** The 5 % and 95 % points of a moved belief, as quantiles of the belief as it stands. */
export type Ends = readonly [low: number, high: number];
export type Moves = ReadonlyMap<string, Ends>;

export interface Guess {
  part: string;
  probability: number;
  /** Effective number of worlds, and the standard error that it leaves. */
  worlds: number;
  error: number;
}

interface Test {
  part: string;
  group: number;
  base: number;
  holds: Map<string, Float32Array>;
}

export class Sketch {
  readonly inputs: ReadonlyMap<string, { family: string; values: readonly number[] }>;
  /** Parts that have no figure, as their measure misses a control. */
  readonly unseen: readonly string[];
  private readonly points: Map<string, Uint16Array>[];
  private readonly weights: Map<string, Float32Array>[];
  private readonly tests: Test[];

  constructor(private readonly data: SketchData) {
    const names = Object.keys(data.inputs);
    this.inputs = new Map(Object.entries(data.inputs));
    this.points = data.groups.map(({ points, worlds }) => {
      const all = new Uint16Array(bytes(points));
      return new Map(names.map((name, index) => [name, all.subarray(index * worlds, (index + 1) * worlds)]));
    });
    this.weights = data.groups.map(({ weights }) => floats(weights));
    this.unseen = data.unseen;
    this.tests = data.tests.map((test) => ({ part: test.part, group: test.group, base: test.probability, holds: floats(test.holds) }));
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
      return { part: test.part, probability, worlds, error: Math.sqrt(Math.max(probability * (1 - probability), 0.01) / Math.max(worlds, 1)) };
    });
  }

  /** How much likelier each world is with the beliefs moved. */
  private factors(group: number, moves: Moves): Float64Array | null {
    let product: Float64Array | null = null;
    for (const [name, [low, high]] of moves) {
      const points = this.points[group]?.get(name);
      if (points === undefined) continue;
      product ??= new Float64Array(points.length).fill(1);
      const inside = 0.9 / (high - low);
      for (let index = 0; index < points.length; index += 1) {
        const point = (points[index] ?? 0) / 65535;
        product[index] = (product[index] ?? 1) * (point < low ? 0.05 / low : point > high ? 0.05 / (1 - high) : inside);
      }
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

function bytes(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}

function floats(texts: Record<string, string>): Map<string, Float32Array> {
  return new Map(Object.entries(texts).map(([kind, text]) => [kind, new Float32Array(bytes(text))]));
}
