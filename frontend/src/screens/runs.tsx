import { useEffect, useState } from "preact/hooks";
import { answer } from "../api";
import { Ask } from "../parts/ask";
import { Difference } from "../parts/difference";
import { Field } from "../parts/field";
import { Job } from "../parts/job";
import { Dated, Moment } from "../parts/moment";
import { Prune } from "../parts/prune";
import { attempt, ended, opened } from "../run";
import { goTo, view } from "../state";
import { t, word } from "../words";

export interface Run {
  hash: string;
  name: string;
  moment: string;
  note: string;
  bytes: number;
  damaged: string;
  seed?: number;
  draws?: number;
  verdicts?: string;
  settings?: string;
}

interface Verified {
  run: string;
  /** When the run was made, for the first line. */
  moment: string;
  same: boolean;
  lines: string[];
}

interface Stored {
  runs: Run[];
  id: string;
  earlier: string;
  verified: Verified | null;
}

const NONE: Stored = { runs: [], id: "", earlier: "", verified: null };

const HEADS = [word("Run"), word("Day"), word("Seed"), word("Worlds drawn"), word("Verdicts"), word("Settings"), word("Note")];

/** The stored runs of the case. */
export function Runs() {
  const [stored, setStored] = useState<Stored | null>(null);
  const read = () => void attempt(answer<Stored>("/api/runs")).then((now) => setStored(now ?? NONE));
  const version = view.value?.version;
  useEffect(read, [version, ended.value]);
  if (stored === null) return <p role="status">{t("The stored runs are being read …")}</p>;
  const { runs, id, earlier, verified } = stored;
  return (
    <>
      <Job kind="verify" />
      {earlier !== "" && (
        <p>
          {t("This case has the id {id}, because runs of an earlier case with the id {earlier} are stored. They stay as they are, and are not shown here.", { id, earlier })}
        </p>
      )}
      {verified !== null && <Verification of={verified} name={runs.find(({ hash }) => hash === verified.run)?.name ?? verified.run} />}
      {runs.length === 0 ? <p>{t("No run of this case is stored yet. Run it on the screen of verdicts.")}</p> : <Table runs={runs} read={read} />}
      {runs.length > 1 && <Difference runs={runs} />}
      {runs.length > 0 && <Prune read={read} />}
    </>
  );
}

function Verification({ of, name }: { of: Verified; name: string }) {
  return (
    <section aria-label={t("Verification of {run}", { run: name })}>
      <h2>{t("Verification of {run}", { run: name })}</h2>
      <p role="status"><strong>{of.same ? t("The numbers are the same.") : t("The numbers differ.")}</strong></p>
      <ul>{of.lines.map((line, index) => <li key={index}>{index === 0 ? <Dated text={line} moment={of.moment} /> : line}</li>)}</ul>
    </section>
  );
}

function Table({ runs, read }: { runs: Run[]; read: () => void }) {
  const [asked, setAsked] = useState<Run | null>(null);
  const remove = async (run: Run) => {
    await attempt(answer<object>("/api/runs/remove", { run: run.hash }));
    if (opened.value === run.hash) opened.value = "";
    setAsked(null);
    read();
  };
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("Runs")}>
        <table>
          <thead><tr>{HEADS.map((head) => <th key={head} scope="col">{t(head)}</th>)}<td /></tr></thead>
          <tbody>{runs.map((run) => <Line key={run.hash} run={run} read={read} onRemove={() => setAsked(run)} />)}</tbody>
        </table>
      </div>
      {asked && (
        <Ask title={t("Remove this run?")} yes={t("Remove")} onYes={() => void remove(asked)} onNo={() => setAsked(null)}>
          <p><Dated text={t("{run} of {day}", { run: asked.name })} moment={asked.moment} /> {asked.note}</p>
          <p>{t("It cannot be brought back.")}</p>
        </Ask>
      )}
    </>
  );
}

function Line({ run, read, onRemove }: { run: Run; read: () => void; onRemove: () => void }) {
  const { hash, name } = run;
  const note = async (text: string) => {
    await attempt(answer<object>("/api/runs/note", { run: hash, note: text }));
    read();
    return [];
  };
  const show = () => {
    opened.value = hash;
    goTo("verdicts");
  };
  const verify = () => void attempt(answer<object>("/api/runs/verify", { run: hash }));
  const verdicts = run.damaged === "" ? run.verdicts : t("This run is damaged or from another version: {file}", { file: run.damaged });
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-label={t("Day")}><Moment of={run.moment} /></td>
      <td data-label={t("Seed")}>{run.seed}</td>
      <td data-label={t("Worlds drawn")}>{run.draws}</td>
      <td data-label={t("Verdicts")}>{verdicts}</td>
      <td data-label={t("Settings")}>{run.settings}</td>
      <td data-label={t("Note")}><Field label={t("Note of {run}", { run: name })} value={run.note} wide onSave={note} /></td>
      <td><div class="tools">
        {run.damaged === "" && (
          <>
            <button type="button" aria-label={t("Show the verdicts of {run}", { run: name })} onClick={show}>{t("Show its verdicts")}</button>
            <button type="button" aria-label={t("Verify {run}", { run: name })} onClick={verify}>{t("Verify")}</button>
          </>
        )}
        <button type="button" aria-label={t("Remove {run}", { run: name })} onClick={onRemove}>{t("Remove")}</button>
      </div></td>
    </tr>
  );
}
