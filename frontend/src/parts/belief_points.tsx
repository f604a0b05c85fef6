import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../api";
import { beside, readShapes, type Shape } from "../screens/beliefs_api";
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
  const [shapes, setShapes] = useState<Shape[]>([]);
  const [chosen, setChosen] = useState(0);
  const [problem, setProblem] = useState("");
  const asked = useRef(0);
  const choose = (all: Shape[], index: number) => {
    setShapes(all);
    setChosen(index);
    onShape(all[index]?.is ?? null);
  };
  const write = async (next: string[]) => {
    asked.current += 1;
    const own = asked.current;
    setTexts(next);
    choose([], 0);
    const wrong = next.includes("") ? "" : fault(next.map(Number) as Points, bounds);
    setProblem(wrong);
    if (wrong || next.includes("")) return;
    try {
      const found = await readShapes(next.map(Number) as Points, bounds, is.split("(")[0] ?? "");
      if (own === asked.current) choose(found, 0);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (own === asked.current) setProblem([error.message, error.remedy].filter(Boolean).join(" – "));
    }
  };
  const stands = shown.join();
  useEffect(() => {
    setTexts(shown);
    choose([], 0);
    setProblem("");
  }, [stands]);
  return (
    <>
      <div class="points">
        {LABELS.map((label, index) => (
          <Labelled key={label} name={t(label)}>
            <input
              type="number" step="any" aria-label={`${t(label)}: ${name}`} value={texts[index]} aria-invalid={problem !== ""}
              onChange={(event) => void write(texts.map((text, at) => (at === index ? event.currentTarget.value : text)))}
            />
          </Labelled>
        ))}
      </div>
      {chance && <Likelihoods name={name} onChoose={(low, high) => void write([low, (low + high) / 2, high].map(String))} />}
      {problem && <p role="alert">{problem}</p>}
      <Shapes name={name} shapes={shapes} chosen={chosen} onChoose={(index) => choose(shapes, index)} />
    </>
  );
}

/** Return the three points as texts: the outer ones as the distribution has them, where it does. */
function written(is: string, points: Points | null): string[] {
  const texts = points === null ? ["", "", ""] : points.map((point) => String(Number(point.toPrecision(4))));
  const [, low, high] = /\(\s*(\S+)\s+to\s+(\S+)\s*\)/.exec(is) ?? [];
  return [Number.isFinite(Number(low)) ? String(low) : texts[0] ?? "", texts[1] ?? "", Number.isFinite(Number(high)) ? String(high) : texts[2] ?? ""];
}

/** Return why three points are none of a belief; empty if they are. */
function fault([low, middle, high]: Points, [least, most]: [number, number]): string {
  if (!(low < middle && middle < high)) return t("The 50 % point must lie between the 5 % point and the 95 % point.");
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
