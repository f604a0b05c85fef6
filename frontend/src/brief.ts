// The sketch in a brief: sliders for the ends of one belief, and what they make of each test. The texts are those of the page.
import { type Ends, type Guess, Sketch, type SketchData } from "./sketch";

const LEAST = 10; // worlds below which there is no guess
const STEP = 0.01;
const STANDS: Ends = [0.05, 0.95];

interface Words {
  about: string;
  few: string;
}

const figure = (value: number) => String(Number(value.toPrecision(3)));
const percent = (share: number) => String(Math.round(100 * share));
const filled = (text: string, values: Record<string, string>) => text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

function show(section: HTMLElement, text: string): void {
  const { data, words } = JSON.parse(text) as { data: SketchData; words: Words };
  const sketch = new Sketch(data);
  const find = <T extends Element>(selector: string) => section.querySelector<T>(selector)!;
  const [belief, low, high] = [find<HTMLSelectElement>("select"), find<HTMLInputElement>("#sketch-low"), find<HTMLInputElement>("#sketch-high")];
  const cells = [...section.querySelectorAll<HTMLElement>("td[data-sketch]")];
  const said = ({ probability, error, worlds }: Guess) =>
    worlds < LEAST ? words.few : filled(words.about, { share: percent(probability), error: percent(2 * error), worlds: String(Math.round(worlds)) });

  const ends = (): Ends => [Number(low.value), Number(high.value)];
  const label = (slider: HTMLInputElement) => {
    const value = figure(sketch.value(belief.value, Number(slider.value)));
    slider.setAttribute("aria-valuetext", value);
    slider.labels![0]!.querySelector("output")!.textContent = value;
  };
  const draw = () => {
    const moved = ends()[0] !== STANDS[0] || ends()[1] !== STANDS[1];
    [low, high].forEach(label);
    const guesses = sketch.guess(new Map(moved ? [[belief.value, ends()]] : []));
    cells.forEach((cell, index) => {
      const reads = moved && sketch.reads(index, belief.value);
      cell.textContent = reads ? said(guesses[index]!) : "–";
      cell.classList.toggle("changed", reads);
    });
  };
  const reset = () => {
    [low.value, high.value] = STANDS.map(String) as [string, string];
    draw();
  };
  for (const slider of [low, high]) {
    slider.min = slider.step = String(STEP);
    slider.max = String(1 - STEP);
  }
  low.addEventListener("input", () => { low.value = String(Math.min(Number(low.value), Number(high.value) - 2 * STEP)); draw(); });
  high.addEventListener("input", () => { high.value = String(Math.max(Number(high.value), Number(low.value) + 2 * STEP)); draw(); });
  belief.addEventListener("change", reset);
  find("button").addEventListener("click", reset);
  reset();
  section.hidden = false;
}

const section = document.getElementById("sketch");
const data = document.getElementById("sketch-data");
if (section && data?.textContent) show(section, data.textContent);
