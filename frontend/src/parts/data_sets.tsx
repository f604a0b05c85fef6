import { useEffect, useId, useState } from "preact/hooks";
import { answer, type Said } from "../api";
import { attempt, ended } from "../run";
import { reasonOf } from "../state";
import { plural, t } from "../words";
import { Job } from "./job";
import { Told } from "./told";
import { Reasons } from "./wrong";

const MAX_FILE = 5_000_000; // bytes of a request

interface DataSet {
  name: string;
  what: string;
  years: [number, number];
  bytes: number | null;
  here: boolean;
  download: boolean;
  /** The ending of its file. */
  file: string;
  publisher: string;
}

interface Known {
  sets: DataSet[];
  failed: { name: string; message: string; remedy: string }[];
}

/** The public data sets: those on this machine, and the others to download. What `needs` names is chosen at first. */
export function DataSets({ needs }: { needs: string[] }) {
  const [known, setKnown] = useState<Known | null>(null);
  const [chosen, setChosen] = useState<Set<string>>(new Set(needs));
  const [open, setOpen] = useState<boolean | null>(null);
  const [taken, setTaken] = useState("");
  const read = () => attempt(answer<Known>("/api/data")).then((now) => now && setKnown(now));
  useEffect(() => { void read(); }, [ended.value]);
  useEffect(() => setChosen(new Set(needs)), [needs.join()]);
  if (known === null) return null;
  const missing = known.sets.filter(({ here, download }) => !here && download);
  const wanted = missing.filter(({ name }) => chosen.has(name)).map(({ name }) => name);
  const lacks = known.sets.some(({ name, here }) => !here && needs.includes(name));
  const take = (name: string) => void read().then(() => setTaken(name));
  const choose = (name: string, on: boolean) => setChosen(new Set([...chosen].filter((other) => other !== name).concat(on ? [name] : [])));
  return (
    <details open={open ?? lacks} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("Public data sets on this machine: {here} of {count}", { here: known.sets.filter(({ here }) => here).length, count: known.sets.length })}</summary>
      <p class="small">{t("A download asks the servers of the publishers or of GitHub for these files. Nothing of the case is sent.")}</p>
      <Job kind="download">
        <p class="tools">
          <button type="button" disabled={wanted.length === 0} onClick={() => void attempt(answer<object>("/api/data/get", { names: wanted }))}>
            {plural("Download {count} set", "Download {count} sets", wanted.length)}
          </button>
          <button type="button" disabled={missing.length === 0} onClick={() => setChosen(new Set(missing.map(({ name }) => name)))}>{t("Choose all that are missing")}</button>
        </p>
      </Job>
      {known.failed.length > 0 && (
        <ul class="problems" aria-label={t("Not downloaded")}>
          {known.failed.map((failed) => (
            <li key={failed.name} class="error">
              <Told of={failed} />
              {known.sets.filter((set) => set.name === failed.name && !set.here).map((set) => <OwnFile key={set.name} set={set} onTaken={take} />)}
            </li>
          ))}
        </ul>
      )}
      <ul class="plain">
        {missing.map((set) => (
          <li key={set.name}>
            <label><input type="checkbox" checked={chosen.has(set.name)} onChange={(event) => choose(set.name, event.currentTarget.checked)} /> <About set={set} /></label>
          </li>
        ))}
        {known.sets.filter(({ here, download }) => !here && !download).map((set) => <ByHand key={set.name} set={set} onTaken={take} />)}
      </ul>
      <p role="status">{taken !== "" && t("{name} is on this machine now.", { name: taken })}</p>
    </details>
  );
}

function About({ set }: { set: DataSet }) {
  return (
    <>
      {t("{name}, {first} to {last}: {what}", { name: set.name, first: set.years[0], last: set.years[1], what: set.what })}{" "}
      <span class="small">({set.bytes === null ? t("size not known") : `${Math.max(1, Math.round(set.bytes / 1000))} kB`})</span>
    </>
  );
}

/** A data set whose publisher lets nobody else hand it out. */
function ByHand({ set, onTaken }: { set: DataSet; onTaken: (name: string) => void }) {
  return (
    <li>
      <About set={set} />
      <p class="small">
        {t("The publisher wants you to download it yourself. Then open the file here; it stays on this machine.")}{" "}
        <a href={set.publisher} target="_blank" rel="noreferrer">{t("Page of the publisher")}</a>
      </p>
      <OwnFile set={set} onTaken={onTaken} />
    </li>
  );
}

/** A field for the file of a data set that the reader downloaded; the server checks it. */
function OwnFile({ set, onTaken }: { set: DataSet; onTaken: (name: string) => void }) {
  const [reading, setReading] = useState(false);
  const [wrong, setWrong] = useState<Said | null>(null);
  const id = useId();
  const send = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (!file || reading) return;
    setWrong(null);
    if (file.size > MAX_FILE) {
      setWrong({ message: t("The file is larger than {size} MB. Use the command tocsin data import.", { size: MAX_FILE / 1e6 }), remedy: null });
      return;
    }
    setReading(true);
    try {
      await answer<object>(`/api/data/import?name=${set.name}`, file);
      onTaken(set.name);
    } catch (error) {
      setWrong(reasonOf(error));
    } finally {
      input.value = ""; // the same file can be chosen again
      setReading(false);
    }
  };
  return (
    <p>
      <label class="labelled">
        <span>{t("File of {name} (.{ending})", { name: set.name, ending: set.file })}</span>
        <input
          type="file" accept={`.${set.file}`} aria-invalid={wrong !== null} aria-describedby={wrong ? id : undefined}
          onChange={(event) => void send(event.currentTarget)}
        />
      </label>{" "}
      <span role="status">{reading && t("The file is being checked …")}</span>
      {wrong && <Reasons id={id} all={[wrong]} />}
    </p>
  );
}
