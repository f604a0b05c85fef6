import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Refused, type Said } from "../api";
import { beside, readShapes, type Shape, type WantedPoints } from "../screens/beliefs_api";
import { dropped } from "../state";
import { t, word } from "../words";
import { Labelled } from "./labelled";
import { Wrong } from "./wrong";

type Points = [number, number, number];
const NONE = -1; // no shape is chosen
const LABELS = [word("5 % point"), word("50 % point"), word("95 % point")];

interface Props {
  name: string;
  /** The distribution as it stands, with its points; empty if there is none. */
  is: string;
  points: Points | null;
  bounds: [number, number];
  chance: boolean;
  /** Takes the distribution that the points give; null while they give none. */
  onShape: (written: string | null) => void;
}

/** Three points of a belief as numbers, words of likelihood where they fit, and the shapes that have these points. */
export function PointFields({ name, is, points, bounds, chance, onShape }: Props) {
  const shown = pointTexts(is, points);
  const [texts, setTexts] = useState(shown);
  const [typed, setTyped] = useState(false); // else the middle is what the shape makes it
  const [shapes, setShapes] = useState<Shape[]>([]);
  const [chosen, setChosen] = useState(0);
  const [missed, setMissed] = useState(""); // the middle that was typed and that the shape does not have
  const [refusals, setRefusals] = useState<Said[]>([]);
  const said = useId();
  const asked = useRef(0);
  const choose = (all: Shape[], index: number, wanted: string[], middle: boolean) => {
    const shape = all[index];
    setShapes(all);
    setChosen(index);
    onShape(shape?.is ?? null);
    if (!shape) return;
    const own = rounded(shape.points[1]);
    const isMissed = middle && Number(wanted[1]) !== Number(own);
    setMissed(isMissed ? wanted[1] ?? "" : "");
    if (isMissed) setTyped(false);
    if (isMissed || !middle) setTexts((now) => (now[1] === wanted[1] ? now.with(1, own) : now)); // it was not typed since
  };
  const restore = () => {
    asked.current += 1;
    setTexts(shown);
    setShapes([]);
    setTyped(false);
    setMissed("");
    setRefusals([]);
    onShape(is || null);
  };
  const write = async (next: string[], middle: boolean) => {
    asked.current += 1;
    const own = asked.current;
    setTyped(middle);
    setMissed("");
    setTexts(next);
    choose([], 0, next, middle);
    const open = next[0] === "" || next[2] === "";
    const ends = [Number(next[0]), middle ? Number(next[1]) : null, Number(next[2])] as const;
    const none = next.find(isNoNumber);
    const wrong = none !== undefined ? t("{text} is not a number. Write it in digits, such as 0.5 or 12.", { text: none }) : open ? "" : fault(ends, bounds);
    setRefusals(wrong ? [{ message: wrong, remedy: null }] : []);
    if (wrong || open) return;
    try {
      const shapes = await readShapes(ends, bounds, is.split("(")[0] ?? "");
      if (own === asked.current) choose(shapes, shapes[0]?.fits ? 0 : NONE, next, middle);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (own === asked.current) setRefusals(error.problems);
    }
  };
  const change = (index: number, text: string) => void write(texts.with(index, text), index === 1 ? text !== "" : typed);
  const odd = texts.find(isNoNumber);
  const isWrong = refusals.length > 0;
  useEffect(() => {
    if (is !== shapes[chosen]?.is) restore(); // else the points were saved here: the other shapes stay on offer
  }, [is, dropped.value]);
  return (
    <>
      <div class="points">
        {LABELS.map((label, index) => (
          <Labelled key={label} name={t(label)}>
            <input
              inputMode="decimal" aria-label={`${t(label)}: ${name}`} value={texts[index]} aria-invalid={isWrong && (odd === undefined || odd === texts[index])} aria-describedby={isWrong ? said : undefined}
              onInput={(event) => setTexts(texts.with(index, event.currentTarget.value))} onKeyDown={(event) => { if (event.key === "Escape") restore(); }}
              onChange={(event) => change(index, event.currentTarget.value)}
            />
          </Labelled>
        ))}
      </div>
      {chance && <Likelihoods name={name} onChoose={(low, high) => void write([String(low), "", String(high)], false)} />}
      <Wrong id={said} all={refusals} />
      {missed !== "" && <p class="small" role="status">{t("The 5 % and 95 % points decide a shape: the middle of this one is {middle}, not {typed}. Choose another shape for another middle.", { middle: texts[1] ?? "", typed: missed })}</p>}
      <Shapes name={name} shapes={shapes} chosen={chosen} onChoose={(index) => { setTyped(false); choose(shapes, index, texts, false); }} />
    </>
  );
}

/** Return the three points as texts: the outer ones as the distribution has them, where it does. */
export function pointTexts(is: string, points: Points | null): string[] {
  const texts = points === null ? ["", "", ""] : points.map(rounded);
  const [, low, high] = /\(\s*(\S+)\s+to\s+(\S+)\s*\)/.exec(is) ?? [];
  return [Number.isFinite(Number(low)) ? String(low) : texts[0] ?? "", texts[1] ?? "", Number.isFinite(Number(high)) ? String(high) : texts[2] ?? ""];
}

const rounded = (point: number): string => String(Number(point.toPrecision(4)));

const isNoNumber = (text: string): boolean => !Number.isFinite(Number(text));

/** Return why points are none of a belief; empty if they are. The middle may be open. */
function fault([low, middle, high]: WantedPoints, [least, most]: [number, number]): string {
  if (!(low < high && (middle === null || (low < middle && middle < high)))) return t("The 50 % point must lie between the 5 % point and the 95 % point.");
  if (low < least || high > most) return t("This input lies between {low} and {high}.", { low: least, high: most });
  return "";
}

function Likelihoods({ name, onChoose }: { name: string; onChoose: (low: number, high: number) => void }) {
  return (
    <div class="chips" role="group" aria-label={`${t("In words")}: ${name}`}>
      {beside.value?.likelihoods.map(({ word: said, low, high }) => (
        <button key={said} type="button" class="chip" onClick={() => onChoose(low, high)}>
          {t("{words} ({low} to {high} %)", { words: said, low: Math.round(100 * low), high: Math.round(100 * high) })}
        </button>
      ))}
    </div>
  );
}

function Shapes({ name, shapes, chosen, onChoose }: { name: string; shapes: Shape[]; chosen: number; onChoose: (index: number) => void }) {
  if (shapes.length === 0) return null;
  const unfit = t("No shape has all three points. Choose one: the first comes nearest to the middle.");
  return (
    <>
      <Wrong all={chosen === NONE ? [{ message: unfit, remedy: null }] : []} />
      <div class="chips" role="group" aria-label={`${t("Shape")}: ${name}`}>
        {shapes.map((shape, index) => (
          <button key={shape.is} type="button" class="chip" aria-pressed={index === chosen} onClick={() => onChoose(index)}>
            {t("{shape}, middle {middle}", { shape: shape.is.split("(")[0] ?? "", middle: String(Number(shape.points[1].toPrecision(3))) })}
          </button>
        ))}
      </div>
    </>
  );
}
