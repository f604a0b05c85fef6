import { effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { goTo, screen, view } from "../state";
import { t, word } from "../words";

const STOPS = [
  {
    screen: "verdicts",
    at: ".questions",
    title: word("What the case says"),
    text: word("A case is an argument as data. These are the questions that it asks, each with the answer of the model."),
  },
  {
    screen: "verdicts",
    at: ".claims > li:has(h3) details",
    title: word("A verdict and what it rests on"),
    text: word("Each claim has a verdict. Open a claim to see its parts, what moves it and what would turn it. Facts, judgements and games decide it."),
  },
  {
    screen: "beliefs",
    at: ".focus",
    title: word("Move a belief"),
    text: word("Choose a claim in focus, then move a belief with its sliders. A guess appears at once, the solved answer a second later. Nothing is stored."),
  },
  {
    screen: "challenge",
    at: "main select",
    title: word("Challenge it and print it"),
    text: word("Choose a claim here and challenge it: you see what changes its verdict. The screen “Print” makes a brief for other readers. The button “Your own case” begins a case of your own."),
  },
];
const LOOK = 100; // milliseconds between two looks for the element of a stop
const LOOKS = 100;
const SETTLED = 4; // looks after which a new screen has taken the focus
const SEEN = "tocsin_tour=seen";

/** Index of the stop; null: no tour. */
const stop = signal<number | null>(null);

/** Begin the tour by itself, once per browser, on a case that comes with the program. A cookie notes it, since each start has another port. */
export function offerTour(): void {
  const dispose = effect(() => {
    if (view.value === null) return;
    if (!view.value.writable && screen.value === "" && !document.cookie.includes(SEEN)) begin();
    queueMicrotask(() => dispose());
  });
}

function begin(): void {
  document.cookie = `${SEEN}; Path=/; Max-Age=31536000; SameSite=Strict`;
  stop.value = 0;
}

function end(): void {
  stop.value = null;
  const buttons = [...document.querySelectorAll<HTMLElement>("#tour, button.menu")];
  buttons.find((button) => button.checkVisibility())?.focus(); // on a narrow window the menu hides the one of the tour
}

export function TourButton() {
  return <button type="button" id="tour" onClick={begin}>{t("Tour")}</button>;
}

/** The card of a stop, beside the element that it is about. */
export function Tour() {
  const heading = useRef<HTMLHeadingElement>(null);
  const number = stop.value;
  useEffect(() => (number === null ? undefined : pointAt(number, heading.current)), [number]);
  if (number === null) return null;
  const { title, text } = STOPS[number]!;
  const last = number === STOPS.length - 1;
  return (
    <section class="tour" role="dialog" aria-labelledby="tour-title" aria-describedby="tour-text" onKeyDown={(event) => { if (event.key === "Escape") end(); }}>
      <p class="small">{t("Tour, stop {number} of {all}", { number: number + 1, all: STOPS.length })}</p>
      <h2 id="tour-title" ref={heading} tabIndex={-1}>{t(title)}</h2>
      <p id="tour-text">{t(text)}</p>
      <div class="tools">
        {number > 0 && <button type="button" onClick={() => { stop.value = number - 1; }}>{t("Back")}</button>}
        {!last && <button type="button" class="first" onClick={() => { stop.value = number + 1; }}>{t("Next")}</button>}
        <button type="button" class={last ? "first" : ""} onClick={end}>{last ? t("End the tour") : t("Skip the tour")}</button>
      </div>
    </section>
  );
}

/** Show the screen of a stop, mark its element once it is there, and give the card the focus; return what takes the mark away. */
function pointAt(number: number, heading: HTMLElement | null): () => void {
  const { screen, at } = STOPS[number]!;
  let marked: Element | null = null;
  let looks = 0;
  goTo(screen);
  const timer = setInterval(() => {
    looks += 1;
    const outside = !heading?.parentElement?.contains(document.activeElement); // a new screen takes the focus
    if (looks === 1 || (looks <= SETTLED && outside)) heading?.focus();
    marked = document.querySelector(at);
    if (looks < SETTLED || (marked === null && looks < LOOKS)) return;
    clearInterval(timer);
    if (marked instanceof HTMLDetailsElement) marked.open = true;
    marked?.classList.add("toured");
    marked?.scrollIntoView({ block: "start" });
  }, LOOK);
  return () => {
    clearInterval(timer);
    marked?.classList.remove("toured");
  };
}
