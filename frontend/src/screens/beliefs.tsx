import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Belief, Case } from "../api";
import { figure, focus, guesses, hand, move, moves, reset, sketch, solved, STANDS, valueAt, written } from "../hand";
import { takeWantedItem, wantedItem } from "../jump";
import { BeliefPoints, changed, Evidence, useBeside } from "../parts/belief_fields";
import { AddBelief } from "../parts/belief_form";
import { Field } from "../parts/field";
import { Told } from "../parts/told";
import { useEdit } from "../parts/wrong";
import { beside } from "./beliefs_api";
import { OfCase } from "../parts/unread";
import { distributionOf } from "../parts/written";
import { verdicts } from "../run";
import { edit, view } from "../state";
import { plural, shortened, t, word } from "../words";

/** The uncertain inputs: what each is, who judged it and why, and what it makes of the claim in focus when it moves. */
export function Beliefs() {
  return <OfCase show={(of) => <AllBeliefs of={of} />} />;
}

function AllBeliefs({ of }: { of: Case }) {
  useBeside();
  const [wanted, setWanted] = useState(takeWantedItem);
  useEffect(() => {
    if (wantedItem.value !== "") setWanted(takeWantedItem());
  }, [wantedItem.value]);
  const shown = (belief: Belief) => [belief.name, beside.value?.beliefs[belief.name]?.meaning, shownText(belief, "why")].join(" ").toLowerCase();
  const matching = ordered(of.beliefs).filter((belief) => shown(belief).includes(wanted.toLowerCase()));
  return (
    <>
      <FocusPanel of={of} />
      <AddBelief />
      <label>
        {t("Find")} <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
      </label>
      <p role="status">{plural("{found} of {count} belief", "{found} of {count} beliefs", of.beliefs.length, { found: matching.length })}</p>
      <ul class="cards folded">
        {matching.map((belief, index) => <Card key={belief.name} belief={belief} open={folds.value.get(belief.name) ?? index < FIRST} />)}
      </ul>
    </>
  );
}

/** Return who judged a belief, or why: in the reader's language what the program says, as the case has it what an author says. */
function shownText(belief: Belief, part: "by" | "why"): string {
  return beside.value?.beliefs[belief.name]?.[part] || (belief[part] ?? "");
}

/** Return beliefs with those first that move the claim in focus, the strongest before others, then those that it reads. */
function ordered(beliefs: Belief[]): Belief[] {
  const drivers = verdicts.value?.claims.find(({ id }) => id === hand.value?.claim)?.drivers ?? [];
  const shares = new Map(drivers.map(({ input, share }) => [input, share]));
  const rank = ({ name }: Belief) => (shares.get(name) ?? 0) + (sketch.value?.inputs.has(name) ? 1e-6 : 0);
  return [...beliefs].sort((one, other) => rank(other) - rank(one));
}

function FocusPanel({ of }: { of: Case }) {
  const state = hand.value;
  const version = view.value?.version;
  const solvedFor = useRef(version);
  useEffect(() => {
    // Another text of the case needs other games.
    if (version !== solvedFor.current && state !== null) void focus(state.claim);
    solvedFor.current = version;
  }, [version]);
  return (
    <section class="focus" aria-label={t("Claim in focus")}>
      <label>
        {t("Claim in focus")}{" "}
        <select value={state?.claim ?? ""} onChange={(event) => void focus(event.currentTarget.value)}>
          <option value="" disabled>{t("Choose a claim")}</option>
          {of.claims.map(({ id, says }) => <option key={id} value={id}>{`${id} ${shortened(beside.value?.claims[id]?.says ?? says)}`}</option>)}
        </select>
      </label>
      {state?.message && <p role="alert"><Told of={state} /></p>}
      {state && !state.ready && !state.message && (
        <p role="status">
          {t("The games of this claim are being solved …")} <progress max={1} value={state.done ?? 0} aria-label={t("The games of this claim are being solved …")} />
        </p>
      )}
      {sketch.value && <Guesses />}
    </section>
  );
}

function Guesses() {
  const moved = moves.value.size > 0;
  const again = solved.value;
  const unseen = (hand.value?.unseen ?? []).map((part) => (
    <p key={part}>{partWords(part)} {t("No figure: the measure would not have seen the effect in a control.")}</p>
  ));
  if (guesses.value.length === 0) return unseen.length > 0 ? <>{unseen}</> : <p>{t("No belief moves this claim by a game.")}</p>;
  return (
    <>
      {unseen}
      <div role="status"><ul>
        {guesses.value.map(({ part, probability, worlds, error }) => {
          const known = again?.parts?.[part];
          return (
            <li key={part}>
              {partWords(part)} {t("stands at {share} %", { share: percent(sketch.value?.guess(new Map()).find((one) => one.part === part)?.probability ?? NaN) })}
              {moved && worlds >= 10 && <>; {t("about {share} % (± {error}, {worlds} worlds)", { share: percent(probability), error: percent(2 * error), worlds: Math.round(worlds) })}</>}
              {moved && worlds < 10 && <>; {t("too few worlds for a guess")}</>}
              {moved && known && <>; <strong>{t("solved again in {worlds} worlds: {share} % (± {error})", { worlds: again?.worlds ?? 0, share: percent(known.probability), error: percent(2 * (known.error ?? 0)) })}</strong></>}
            </li>
          );
        })}
      </ul></div>
      {moved && (again === null || again.more) && <p role="status">{again === null ? t("Solving again …") : t("Solving in more worlds …")}</p>}
      {again?.message && <p role="alert"><Told of={again} /></p>}
      {moved && <button type="button" onClick={reset}>{t("Reset all beliefs")}</button>}
    </>
  );
}

/** Return what the claim in focus calls a part. */
function partWords(part: string): string {
  return beside.value?.claims[hand.value?.claim ?? ""]?.parts[part] ?? part;
}

function percent(share: number): string {
  return Number.isFinite(share) ? String(Math.round(100 * share)) : "–";
}

const FIRST = 3; // cards that are open at first; the others are folded, so that the Tab key and the browser pass them quickly

/** The cards that the reader opened or folded; one that is used stays open wherever it moves in the list. */
const folds = signal<ReadonlyMap<string, boolean>>(new Map());

function fold(name: string, open: boolean): void {
  if (folds.value.get(name) !== open) folds.value = new Map(folds.value).set(name, open);
}

function Card({ belief, open }: { belief: Belief; open: boolean }) {
  return (
    <li>
      <details open={open}>
        <summary onClick={(event) => { event.preventDefault(); fold(belief.name, !open); }}>
          <h2>{belief.name}</h2> <code>{belief.is}</code>{" "}
          <p class="small">{beside.value?.beliefs[belief.name]?.meaning}</p>
        </summary>
        {open && <Opened belief={belief} />}
      </details>
    </li>
  );
}

function Opened({ belief }: { belief: Belief }) {
  const [low = "", middle = "", high = ""] = belief.points.map(figure);
  const points = { low, middle, high };
  const unit = beside.value?.beliefs[belief.name]?.unitWords ?? (belief.unit === "1" ? "" : belief.unit);
  const save = (part: "is" | "by" | "why") => (value: string) => edit([changed(belief, part, part === "is" ? distributionOf(value) : value)]);
  const field = (part: "is" | "by" | "why", label: string) => {
    const value = part === "is" ? belief.is : shownText(belief, part);
    if (value === "" && !view.value?.writable) return null;
    return (
      <label class="row">
        <span>{t(label)}</span>
        <Field label={`${t(label)}: ${belief.name}`} value={value} readOnly={!view.value?.writable} wide tall={part === "why"} onSave={save(part)} />
      </label>
    );
  };
  return (
    <div onFocusIn={() => fold(belief.name, true)}>
      {!view.value?.writable && (
        <p>{unit === "" ? t("5 % of worlds lie below {low}, half below {middle}, 95 % below {high}.", points) : t("5 % of worlds lie below {low}, half below {middle}, 95 % below {high} ({unit}).", { ...points, unit })}</p>
      )}
      {sketch.value?.inputs.has(belief.name) && <Sliders belief={belief} />}
      <BeliefPoints belief={belief} />
      {field("is", word("Distribution"))}
      {field("by", word("Judged by"))}
      {field("why", word("Reason"))}
      <Evidence belief={belief} />
    </div>
  );
}

const STEP = 0.01;

/** Two sliders for the 5 % and 95 % points; they move over the values that the belief may take as it stands. */
function Sliders({ belief }: { belief: Belief }) {
  const { name } = belief;
  const [make, wrong] = useEdit();
  const ends = moves.value.get(name) ?? STANDS;
  const slide = (side: 0 | 1) => (event: { currentTarget: HTMLInputElement }) => {
    const to = Number(event.currentTarget.value);
    move(name, side === 0 ? [Math.min(to, ends[1] - 2 * STEP), ends[1]] : [ends[0], Math.max(to, ends[0] + 2 * STEP)]);
  };
  const slider = (side: 0 | 1, label: string) => (
    <label class="row">
      <span>{t(label)}: {figure(valueAt(name, ends[side]))}</span>
      <input
        type="range" min={STEP} max={1 - STEP} step={STEP} value={ends[side]}
        aria-label={`${t(label)}: ${name}`} aria-valuetext={figure(valueAt(name, ends[side]))}
        onInput={slide(side)}
      />
    </label>
  );
  return (
    <>
      {slider(0, word("5 % point"))}
      {slider(1, word("95 % point"))}
      {moves.value.has(name) && view.value?.writable && (
        <button type="button" onClick={() => void make([changed(belief, "is", written(name, ends))])}>{t("Save {written} in the case", { written: written(name, ends) })}</button>
      )}
      {wrong}
    </>
  );
}
