// The claim in focus, beliefs moved by hand, and what they make of it: guessed at once, then solved again.
import { computed, signal } from "@preact/signals";
import { type Answered, askMove, focusOn, type HandState, readHand } from "./api";
import { pointTexts } from "./parts/belief_points";
import { type Ends, type Moves, Sketch } from "./sketch";
import { theCase } from "./state";

const LOOK = 400; // milliseconds between two looks at how far the games of the claim are
const PAUSE = 20; // milliseconds without a move before the games are solved again: a hand that still drags moves at every frame

export const STANDS: Ends = [0.05, 0.95];
export const hand = signal<HandState | null>(null);
export const sketch = signal<Sketch | null>(null);
export const moves = signal<Moves>(new Map());
/** What was solved again for the present moves; null while that is under way. */
export const solved = signal<Answered | null>(null);
export const guesses = computed(() => sketch.value?.guess(moves.value) ?? []);

let timer: ReturnType<typeof setTimeout> | undefined;
let looks = 0;

/** Take a claim into focus, and follow its games until they are solved. Until then a stored run gives the guesses. */
export async function focus(claim: string): Promise<void> {
  looks += 1;
  const own = looks;
  reset();
  sketch.value = null;
  hand.value = { claim, stage: "", done: 0 };
  const { stored } = await focusOn(claim);
  if (own === looks && stored !== null) sketch.value = new Sketch(stored);
  while (own === looks) {
    const now = await readHand(claim);
    if (own !== looks) return;
    hand.value = now;
    if (now.ready) {
      sketch.value = new Sketch(now.ready);
      again(moves.value);
    }
    if (now.ready || now.message) return;
    await new Promise((done) => setTimeout(done, LOOK));
  }
}

export function reset(): void {
  clearTimeout(timer);
  moves.value = new Map();
  solved.value = null;
}

/** Move the ends of a belief; equal to the ends as they stand, it is not moved. */
export function move(name: string, ends: Ends): void {
  const next = new Map(moves.value);
  if (ends[0] === STANDS[0] && ends[1] === STANDS[1]) next.delete(name);
  else next.set(name, ends);
  moves.value = next;
  again(next);
}

/** Solve the games again once the hand rests, if they are solved as they stand. */
function again(next: Moves): void {
  solved.value = null;
  clearTimeout(timer);
  if (next.size > 0 && hand.value?.ready) timer = setTimeout(() => void solveAgain(next), PAUSE);
}

async function solveAgain(of: Moves): Promise<void> {
  const claim = hand.value?.claim ?? "";
  await askMove(claim, Object.fromEntries([...of].map(([name, ends]) => [name, written(name, ends)])), (answer) => {
    if (!answer.superseded && moves.value === of) solved.value = answer;
  });
}

/** The value of a belief at a quantile of it as it stands: at its ends as the case writes it, close between them. */
export function valueAt(name: string, quantile: number): number {
  const end = STANDS.indexOf(quantile);
  const belief = end < 0 ? undefined : theCase.value?.beliefs.find((one) => one.name === name);
  return belief ? Number(pointTexts(belief.is, belief.points)[2 * end]) : sketch.value?.value(name, quantile) ?? NaN;
}

/** A moved belief as the case writes it. */
export function written(name: string, [low, high]: Ends): string {
  const known = sketch.value;
  if (known === null) return "";
  return `${known.inputs.get(name)?.family}(${figure(valueAt(name, low))} to ${figure(valueAt(name, high))})`;
}

export function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "–";
}
