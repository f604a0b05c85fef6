import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Refused } from "../api";
import { beside, readShapes, type Shape, type WantedPoints } from "../screens/beliefs_api";
import { t, word } from "../words";
import { Labelled } from "./labelled";

type Points = [number, number, number];
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
  const shown = written(is, points);
  const [texts, setTexts] = useState(shown);
  const [typed, setTyped] = useState(false); // else the middle is what the shape makes it
  const [shapes, setShapes] = useState<Shape[]>([]);
  const [chosen, setChosen] = useState(0);
  const [problem, setProblem] = useState("");
  const said = useId();
  const asked = useRef(0);
  const choose = (all: Shape[], index: number, next: string[], middle: boolean) => {
    const shape = all[index];
    setShapes(all);
    setChosen(index);
    onShape(shape?.is ?? null);
    setTexts(shape && !middle ? [next[0] ?? "", rounded(shape.points[1]), next[2] ?? ""] : next);
  };
  const write = async (next: string[], middle: boolean) => {
    asked.current += 1;
    const own = asked.current;
    setTyped(middle);
    choose([], 0, next, middle);
    const open = next[0] === "" || next[2] === "";
    const ends = [Number(next[0]), middle ? Number(next[1]) : null, Number(next[2])] as const;
    const none = next.find(isNoNumber);
    const wrong = none !== undefined ? t("{text} is not a number. Write it in digits, such as 0.5 or 12.", { text: none }) : open ? "" : fault(ends, bounds);
    setProblem(wrong);
    if (wrong || open) return;
    try {
      const found = await readShapes(ends, bounds, is.split("(")[0] ?? "");
      if (own === asked.current) choose(found, 0, next, middle);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (own === asked.current) setProblem([error.message, error.remedy].filter(Boolean).join(" – "));
    }
  };
  const change = (index: number, text: string) => void write(texts.map((one, at) => (at === index ? text : one)), index === 1 ? text !== "" : typed);
  const odd = texts.find(isNoNumber);
  const stands = shown.join();
  useEffect(() => {
    choose([], 0, shown, false);
    setTyped(false);
    setProblem("");
  }, [stands]);
  return (
    <>
      <div class="points">
        {LABELS.map((label, index) => (
          <Labelled key={label} name={t(label)}>
            <input
              inputMode="decimal" aria-label={`${t(label)}: ${name}`} value={texts[index]} aria-invalid={problem !== "" && (odd === undefined || odd === texts[index])} aria-describedby={problem ? said : undefined}
              onChange={(event) => change(index, event.currentTarget.value)}
            />
          </Labelled>
        ))}
      </div>
      {chance && <Likelihoods name={name} onChoose={(low, high) => void write([String(low), "", String(high)], false)} />}
      {problem && <p id={said} role="alert">{problem}</p>}
      <Shapes name={name} shapes={shapes} chosen={chosen} onChoose={(index) => choose(shapes, index, texts, typed)} />
    </>
  );
}

/** Return the three points as texts: the outer ones as the distribution has them, where it does. */
function written(is: string, points: Points | null): string[] {
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
  return (
    <>
      {!shapes[0]?.fits && <p class="small">{t("No shape has all three points. The first comes nearest to the middle.")}</p>}
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
