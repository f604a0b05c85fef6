import { useState } from "preact/hooks";
import { answer } from "../api";
import { attempt } from "../run";
import type { Run } from "../screens/runs";
import { t } from "../words";
import { Dated, localTime } from "./moment";

interface Found {
  /** When the two runs were made, for the first line of the heading. */
  moments: [string, string];
  heading: string[];
  inputs: string[];
  unchanged: string;
  claims: { name: string; changes: string[]; cause: string }[];
  explanations: string[];
  quantities: string[];
}

/** What changed between two stored runs, and which input, data or code can have done it. */
export function Difference({ runs }: { runs: Run[] }) {
  const [before, setBefore] = useState(runs[1]?.hash ?? "");
  const [after, setAfter] = useState(runs[0]?.hash ?? "");
  const [difference, setDifference] = useState<Found | null>(null);
  const show = () => void attempt(answer<Found>("/api/runs/diff", { before, after })).then((read) => setDifference(read ?? null));
  const side = (label: string, value: string, set: (hash: string) => void) => (
    <label>
      {label}{" "}
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        {runs.map(({ hash, name, moment }) => <option key={hash} value={hash}>{t("{run} of {day}", { run: name, day: localTime(moment) })}</option>)}
      </select>
    </label>
  );
  return (
    <section aria-label={t("What changed between two runs")}>
      <h2>{t("What changed between two runs")}</h2>
      <p class="tools">
        {side(t("From"), before, setBefore)}
        {side(t("To"), after, setAfter)}
        <button type="button" onClick={show}>{t("Show what changed")}</button>
      </p>
      <div role="status">{difference && <Heading of={difference} />}</div>
      {difference && <Result difference={difference} />}
    </section>
  );
}

function Heading({ of: { heading, moments: [moment, later] } }: { of: Found }) {
  return <>{heading.map((line) => <p key={line}><Dated text={line} moment={moment} later={later} /></p>)}</>;
}

function Result({ difference }: { difference: Found }) {
  return (
    <>
      <h3>{t("What differs in them")}</h3>
      <ul>{difference.inputs.map((line, index) => <li key={index}>{line}</li>)}</ul>
      <h3>{t("Claims that differ")}</h3>
      {difference.unchanged ? <p>{difference.unchanged}</p> : <Claims rows={difference.claims} />}
      {difference.explanations.map((line, index) => <p key={index}>{line}</p>)}
      {difference.quantities.length > 0 && (
        <details>
          <summary>{t("Quantities that differ")}</summary>
          {difference.quantities.map((line, index) => <p key={index}>{line}</p>)}
        </details>
      )}
    </>
  );
}

function Claims({ rows }: { rows: Found["claims"] }) {
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("Claims that differ")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("Claim")}</th>
              <th scope="col">{t("What changed")}</th>
              <th scope="col">{t("What can have done it")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, changes, cause }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td data-label={t("What changed")}>{changes.map((line) => <div key={line}>{line}</div>)}</td>
                <td data-label={t("What can have done it")}>{cause}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="small">{t("Causes are inferred from what the tests can read. Nothing was run again.")}</p>
    </>
  );
}
