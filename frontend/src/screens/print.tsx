import { useEffect, useState } from "preact/hooks";
import { answer, type Json } from "../api";
import { Dated } from "../parts/moment";
import { OfCase } from "../parts/unread";
import { attempt } from "../run";
import { goTo, view } from "../state";
import { t, word } from "../words";

interface Named {
  name: string;
  title: string;
}

interface Format extends Named {
  /** The parts of the brief among which it lets one choose. */
  parts: string[];
  languages: boolean;
}

interface Choices {
  run: string;
  moment: string;
  stale: boolean;
  draft: boolean;
  language: string;
  formats: Format[];
  parts: Named[];
}

interface Made {
  number: number;
  name: string;
  size: number;
  stopped?: boolean;
}

const LANGUAGES = [["en", "English"], ["ko", "한국어"], ["ja", "日本語"]] as const;

/** Make a file of the last run: which parts, in which language and format. */
export function Print() {
  return <OfCase show={() => <OfRun />} />;
}

function OfRun() {
  const [choices, setChoices] = useState<Choices | null | undefined>(undefined);
  const version = view.value?.version;
  useEffect(() => {
    void attempt(answer<Choices | null>("/api/print")).then(setChoices);
  }, [version]);
  if (choices === undefined) return <p role="status">{t("The choices are being read …")}</p>;
  if (choices === null) return <NoRun />;
  return <Form choices={choices} />;
}

function NoRun() {
  return (
    <>
      <p>{t("A file needs a run on this machine, and there is none of this case. Run it on the screen of verdicts.")}</p>
      <button type="button" onClick={() => goTo("verdicts")}>{t("Go to the verdicts")}</button>
    </>
  );
}

function Form({ choices }: { choices: Choices }) {
  const [format, setFormat] = useState(choices.formats[0]!.name);
  const [language, setLanguage] = useState(choices.language);
  const [without, setWithout] = useState<ReadonlySet<string>>(new Set());
  const [made, setMade] = useState<Made | "making" | null>(null);
  const chosen = choices.formats.find(({ name }) => name === format)!;
  const make = async () => {
    const parts = chosen.parts.length > 0 ? chosen.parts.filter((name) => !without.has(name)) : null;
    setMade("making");
    const choice: Json = { run: choices.run, format, language, parts };
    const result = await attempt(answer<Made>("/api/print", choice));
    setMade(result && !result.stopped ? result : null);
  };
  return (
    <form class="print" onSubmit={(event) => { event.preventDefault(); void make(); }}>
      {choices.stale && <p class="banner">{t("The case has changed since this run. Run it again on the screen of verdicts to print it as it is now.")}</p>}
      <p><Dated text={t("The file comes from the run {run} of {day}.", { run: choices.run })} moment={choices.moment} /></p>
      {choices.draft && <p>{t("Each file is marked as a draft because the case still has the template's text.")}</p>}
      <Choose label={word("Format")} options={choices.formats.map(({ name, title }) => [name, title])} value={format} onChoose={setFormat} />
      {chosen.languages && <Choose label={word("Language")} options={LANGUAGES} value={language} onChoose={setLanguage} />}
      {chosen.parts.length > 0 && <Parts all={choices.parts.filter(({ name }) => chosen.parts.includes(name))} without={without} onChange={setWithout} />}
      {made !== "making" && <button type="submit" class="first">{t("Make the file")}</button>}
      {made === "making" && <button type="button" onClick={() => void answer("/api/print/stop", {})}>{t("Stop")}</button>}
      <div role="status">
        {made === "making" && <p>{t("The file is being made …")}</p>}
        {made !== null && made !== "making" && <Ready made={made} />}
      </div>
    </form>
  );
}

function Choose({ label, options, value, onChoose }: { label: string; options: readonly (readonly [string, string])[]; value: string; onChoose: (name: string) => void }) {
  return (
    <label class="row">
      <span>{t(label)}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map(([name, title]) => <option key={name} value={name}>{title}</option>)}
      </select>
    </label>
  );
}

function Parts({ all, without, onChange }: { all: Named[]; without: ReadonlySet<string>; onChange: (without: ReadonlySet<string>) => void }) {
  const toggle = (name: string) => {
    const next = new Set(without);
    if (!next.delete(name)) next.add(name);
    onChange(next);
  };
  return (
    <fieldset>
      <legend>{t("Parts beside the first page")}</legend>
      {all.map(({ name, title }) => (
        <label key={name}>
          <input type="checkbox" checked={!without.has(name)} onChange={() => toggle(name)} /> {title}
        </label>
      ))}
    </fieldset>
  );
}

function Ready({ made }: { made: Made }) {
  const size = Math.ceil(made.size / 1000);
  return (
    <>
      <p>{t("The file is ready.")}</p>
      <p>
        <a href={`/print/${made.number}/file`} download={made.name}>{t("Download {name} ({size} kB)", { name: made.name, size })}</a>
      </p>
      {made.name.endsWith(".html") && (
        <p>
          <a href={`/print/${made.number}/preview`} target="_blank" rel="noopener">{t("Preview in a new tab")}</a>
        </p>
      )}
    </>
  );
}
