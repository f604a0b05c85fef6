import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { t, word } from "../../words";
import { ACCEPT, BACK, CODE_NAMES, LATER, type Named, nameIn, said, SPEAKERS, TARGET_KEYS, THEMES, TONES, UNDO } from "./names";
import { type Code, CODES, type Codes, type Headline, readHeadlines, sendCodes } from "./requests";
import { archive, coder, look, orRefused, overview } from "./state";

/** One page of headlines, the least certain first; null while it is read. */
const page = signal<{ all: number; pages: number; items: Headline[] } | null>(null);

/** The headlines one by one, to confirm or correct their codes by key or button. */
export function Coding() {
  const [number, setNumber] = useState(0);
  const [file, name] = [archive.value, coder.value];
  useEffect(() => {
    page.value = null;
    void orRefused(readHeadlines(file, name, number)).then((headlines) => { page.value = headlines; });
  }, [file, name, number, overview.value?.statements]);
  const now = page.value;
  return (
    <section aria-labelledby="media-coding">
      <h2 id="media-coding">{t("Code headlines")}</h2>
      <p class="small path">{t("The latest headlines of North Korean media, the least certain first. Your codes are kept in {file} and nowhere else.", { file: overview.value?.file ?? "" })}</p>
      {overview.value?.korean === false && <p class="small">{t("Korean headlines are left out: they need kiwipiepy (pip install 'tocsin[korean]').")}</p>}
      {now === null && <p role="status">{t("The headlines are being coded …")}</p>}
      {now?.items.length === 0 && <p>{t("The archive has no headline of North Korean media in English or Korean.")}</p>}
      {now !== null && now.items.length > 0 && <OnePage key={number} items={now.items} />}
      {now !== null && now.pages > 1 && (
        <p class="tools">
          <button type="button" disabled={number === 0} onClick={() => setNumber(number - 1)}>{t("Less certain headlines")}</button>
          <button type="button" disabled={number + 1 >= now.pages} onClick={() => setNumber(number + 1)}>{t("More certain headlines")}</button>
          <span>{t("Part {part} of {parts}, of {all} headlines", { part: number + 1, parts: now.pages, all: now.all })}</span>
        </p>
      )}
    </section>
  );
}

interface Step {
  id: string;
  before: Codes | null;
}

function OnePage({ items }: { items: Headline[] }) {
  const first = items.findIndex(({ mine }) => mine === null);
  const [index, setIndex] = useState(Math.max(first, 0));
  const [past, setPast] = useState<Step[]>([]);
  const item = items[index]!;
  const [codes, setCodes] = useState<Codes>(item.mine ?? item.codes);
  const show = (next: number) => {
    const other = items[next];
    if (other === undefined) return;
    setIndex(next);
    setCodes(other.mine ?? other.codes);
  };
  const save = async (id: string, wanted: Codes | null) => {
    if ((await orRefused(sendCodes(archive.value, id, wanted))) === null) return false;
    if (page.value) page.value = { ...page.value, items: page.value.items.map((one) => (one.id === id ? { ...one, mine: wanted } : one)) };
    await look();
    return true;
  };
  const accept = () => {
    const step = { id: item.id, before: item.mine };
    show(index + 1); // at once: the next keys are about the next headline
    void save(step.id, codes).then((saved) => { if (saved) setPast((steps) => [...steps, step]); });
  };
  const undo = async () => {
    const last = past.at(-1);
    if (last === undefined || !(await save(last.id, last.before))) return;
    setPast(past.slice(0, -1));
    show(items.findIndex(({ id }) => id === last.id));
  };
  const acts: Record<string, () => void> = {
    [ACCEPT]: accept,
    [LATER]: () => show(index + 1),
    [BACK]: () => show(index - 1),
    [UNDO]: () => void undo(),
  };
  return (
    <>
      <Progress items={items} />
      <Shown item={item} place={index + 1} of={items.length} />
      <Editor item={item} codes={codes} acts={acts} canUndo={past.length > 0} onChange={setCodes} />
    </>
  );
}

function Progress({ items }: { items: Headline[] }) {
  const done = items.filter(({ mine }) => mine !== null).length;
  return (
    <p>
      <span role="status">{t("{done} of {all} coded by you", { done, all: items.length })}</span>{" "}
      <progress max={items.length} value={done} aria-label={t("Headlines coded by you")} />
    </p>
  );
}

/** The headline with what the coder makes of it. The translation stands beside the original. */
function Shown({ item, place, of }: { item: Headline; place: number; of: number }) {
  const states = overview.value?.states ?? {};
  const names: Record<Code, (code: string) => string | undefined> = {
    target: (code) => states[code],
    tone: (code) => translated(nameIn(TONES)(code)),
    speaker: (code) => translated(nameIn(SPEAKERS)(code)),
    theme: (code) => translated(nameIn(THEMES)(code)),
  };
  return (
    <div class="headline">
      <p class="small">{t("Headline {place} of {all}", { place, all: of })} · {item.date ?? t("no date")} · {item.outlet ?? t("unknown outlet")}</p>
      <div aria-live="polite">
        <p class="title" lang={item.language ?? undefined}>{item.title}</p>
        {item.translation && <p class="title" lang="en">{item.translation}</p>}
      </div>
      <table>
        <caption>{t("What the coder says")}</caption>
        <thead><tr><th scope="col">{t("Code")}</th><th scope="col">{t("Coder")}</th><th scope="col">{t("Probability")}</th></tr></thead>
        <tbody>
          {CODES.map((code) => (
            <tr key={code}>
              <th scope="row">{t(CODE_NAMES[code])}</th>
              <td data-label={t("Coder")}>{said(item.codes[code], names[code]) || t("none")}</td>
              <td data-label={t("Probability")}>{percent(item.probabilities[code])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {item.words && <p>{t("Words that weigh most for the tone: {words}", { words: item.words })}</p>}
      {item.certainty === null && <p class="small">{t("Korean headlines are coded by word lists alone, without probabilities.")}</p>}
    </div>
  );
}

const translated = (name: string | undefined) => (name === undefined ? undefined : t(name));
const percent = (share: number | null) => (share === null ? t("unknown") : t("{share} %", { share: Math.round(100 * share) }));

interface EditorProps {
  item: Headline;
  codes: Codes;
  acts: Record<string, () => void>;
  canUndo: boolean;
  onChange: (codes: Codes) => void;
}

/** Buttons for every code, each with its key. */
function Editor({ item, codes, acts, canUndo, onChange }: EditorProps) {
  const [keysOn, setKeysOn] = useState(true);
  const states = overview.value?.states ?? {};
  const targets = Object.entries(states).map(([code, name]): Named => ({ code, name, key: TARGET_KEYS[code] ?? "" }));
  const put = (code: Code, value: string) => onChange({ ...codes, [code]: value });
  const toggle = (code: Code, value: string) => put(code, toggled(codes[code], value));
  const groups: [Code, Named[], (value: string) => void][] = [
    ["target", targets, (value) => toggle("target", value)],
    ["tone", TONES, (value) => put("tone", value)],
    ["speaker", SPEAKERS, (value) => put("speaker", value)],
    ["theme", THEMES, (value) => toggle("theme", value)],
  ];
  const byKey = new Map<string, () => void>(Object.entries(acts));
  for (const [, list, choose] of groups) for (const { code, key } of list) if (key) byKey.set(key, () => choose(code));
  useKeys(keysOn, byKey);
  const shown = (name: string) => (name in acts ? <> <kbd>{name}</kbd></> : null);
  const button = (key: string, name: string, disabled = false) => (
    <button type="button" class={key === ACCEPT ? "first" : ""} disabled={disabled} aria-keyshortcuts={keysOn ? key : undefined} onClick={acts[key]}>{t(name)}{keysOn && shown(key)}</button>
  );
  return (
    <>
      {groups.map(([code, list, choose]) => (
        <fieldset key={code}>
          <legend>{t(CODE_NAMES[code])}</legend>
          <div class="tools">
            {list.map((one) => (
              <button key={one.code} type="button" aria-pressed={codes[code].split(";").includes(one.code)} aria-keyshortcuts={keysOn && one.key ? one.key : undefined} onClick={() => choose(one.code)}>
                {code === "target" ? one.name : t(one.name)}{keysOn && one.key && <> <kbd>{one.key}</kbd></>}
              </button>
            ))}
            {code === "target" && <OtherTargets key={item.id} value={codes.target} onChange={(value) => put("target", value)} />}
          </div>
        </fieldset>
      ))}
      <p class="tools">
        {button(ACCEPT, word("Keep these codes"), codes.theme === "")}
        {button(LATER, word("Later"))}
        {button(BACK, word("Back"))}
        {button(UNDO, word("Undo my last codes"), !canUndo)}
        {item.mine && <span>{t("You have coded this headline.")}</span>}
      </p>
      <label><input type="checkbox" checked={keysOn} onChange={(event) => setKeysOn(event.currentTarget.checked)} /> {t("Single keys choose codes")}</label>
    </>
  );
}

/** All targets as codes, for states without a button. */
function OtherTargets({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <label>
      {t("All targets, as ISO codes")}{" "}
      <input size={16} value={value} onChange={(event) => onChange(event.currentTarget.value.toUpperCase().split(/[;,\s]+/).filter(Boolean).sort().join(";"))} />
    </label>
  );
}

function toggled(codes: string, value: string): string {
  const known = codes.split(";").filter(Boolean);
  return (known.includes(value) ? known.filter((code) => code !== value) : [...known, value]).sort().join(";");
}

/** Call a function for each single key, unless the reader writes in a field or holds a modifier. */
function useKeys(on: boolean, byKey: Map<string, () => void>): void {
  const latest = useRef(byKey);
  latest.current = byKey; // a key pressed before the next frame must not act on the headline before
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const inField = event.target instanceof HTMLElement && event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable], dialog");
      const act = latest.current.get(event.key.toLowerCase());
      if (!on || act === undefined || inField || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [on]);
}
