import { useEffect } from "preact/hooks";
import type { Belief, Change } from "../api";
import { type About, beside, type Beside, type Cited, readBeside } from "../screens/beliefs_api";
import { view } from "../state";
import { t, word } from "../words";
import { PointFields } from "./belief_points";
import { useEdit } from "./wrong";

const RESTS: Record<string, string> = {
  evidence: word("It rests on evidence."),
  judged: word("It is judged."),
  default: word("It is a default of the program. An edit writes it into the case."),
  template: word("It still has the template's text."),
  "no reason": word("It is judged without a reason of its own."),
};

/** Keep what stands beside the beliefs in step with the case. */
export function useBeside(): void {
  const version = view.value?.version;
  useEffect(() => { readBeside().catch(() => undefined); }, [version]); // the banner says what is wrong with the case
}

export function isWritten(name: string): boolean {
  return view.value?.data?.["beliefs"] instanceof Object && name in (view.value.data["beliefs"] as object);
}

/** Return the change that gives a part of a belief another text; a default is then written into the case. */
export function changed(belief: Belief, part: "is" | "by" | "why", value: string): Change {
  if (isWritten(belief.name)) return { do: "put", loc: ["beliefs", belief.name, part], value };
  const from = beside.value?.beliefs[belief.name]?.from;
  const block = { is: belief.is, ...(from ? { from } : {}), unit: belief.unit, ...(belief.by ? { by: belief.by } : {}), why: belief.why, [part]: value };
  return { do: "put", loc: ["beliefs", belief.name], value: block };
}

/** Between which values an input lies, and its unit. */
export function Bounds({ of: { bounds, unitWords } }: { of: About }) {
  const [low, high] = bounds.map((bound) => bound.toLocaleString("en", { maximumFractionDigits: 12 })) as [string, string];
  return <p class="small">{unitWords === "" ? t("This input lies between {low} and {high}.", { low, high }) : t("Unit {unit}, between {low} and {high}", { unit: unitWords, low, high })}</p>;
}

/** The points of a belief as numbers; the distribution that they give is saved at once. */
export function BeliefPoints({ belief }: { belief: Belief }) {
  const [make, wrong] = useEdit();
  const known = beside.value?.beliefs[belief.name];
  if (!known || known.fact || !view.value?.writable) return null;
  const save = (shape: string | null) => void make(shape === null || shape === belief.is ? [] : [changed(belief, "is", shape)]);
  return (
    <>
      <Bounds of={known} />
      <PointFields name={belief.name} is={belief.is} points={belief.points} bounds={known.bounds} chance={known.chance} onShape={save} />
      {wrong}
    </>
  );
}

/** What a belief rests on: the kind of its ground, its fact, estimate or measure, and its sources; and the way back to its default. */
export function Evidence({ belief }: { belief: Belief }) {
  const known = beside.value?.beliefs[belief.name];
  if (!known) return null;
  const { fact, origin, estimate, sources } = known;
  const [low, middle, high] = (estimate ?? []).map((point) => String(Number(point.toPrecision(3))));
  return (
    <div class="small">
      <p>{t(RESTS[belief.rests] ?? belief.rests)}</p>
      {fact && <p>{t("The fact {key} gives it: {value} ({date})", { key: fact.key, value: fact.value, date: fact.date ?? "–" })}</p>}
      {origin && <p>{origin}</p>}
      {estimate && <p>{t("The estimate's 5 %, 50 % and 95 % points: {low}, {middle}, {high}", { low: low ?? "", middle: middle ?? "", high: high ?? "" })}</p>}
      <Sources sources={[...sources, ...(fact?.sources ?? [])]} />
      {isWritten(belief.name) && known.default !== null && view.value?.writable && <BackToDefault name={belief.name} known={known} />}
    </div>
  );
}

function Sources({ sources }: { sources: Cited[] }) {
  if (sources.length === 0) return null;
  return (
    <ul>
      {sources.map(({ key, cite, grade, url }) => (
        <li key={key}>{grade} {cite} {url && /^https?:/.test(url) && <a href={url} rel="noreferrer" target="_blank">{t("Open the source")}</a>}</li>
      ))}
    </ul>
  );
}

function BackToDefault({ name, known }: { name: string; known: Beside }) {
  const [make, wrong] = useEdit();
  const back = () =>
    void make([{ do: "take", loc: ["beliefs", name] }, ...known.ownSources.map((key) => ({ do: "take" as const, loc: ["sources", key] }))]);
  return (
    <>
      <button type="button" class="link" onClick={back}>{t("Reset to the default {written}", { written: known.default ?? "" })}</button>
      {wrong}
    </>
  );
}
