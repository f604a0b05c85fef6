import { useEffect, useState } from "preact/hooks";
import { answer } from "../api";
import { Job } from "../parts/job";
import { Mark } from "../parts/named";
import { Dated } from "../parts/moment";
import { OfCase } from "../parts/unread";
import { attempt, ended } from "../run";
import { view } from "../state";
import { shortened, t } from "../words";

interface Change {
  change: string;
  result: string;
}

interface Challenged {
  id: string;
  says: string;
  verdict: string;
  verdictWords: string;
  differs: string;
  turned: Change[];
  sunk: string;
  moved: Change[];
  controls: string[];
  untestable: string[];
  still: string[];
}

interface Rivals {
  name: string;
  what: string;
  claims: string[];
  readers: string[];
  rows: { name: string; says: string; article: boolean; beliefs: string[] }[];
}

interface Found {
  claims: { id: string; says: string }[];
  run: string;
  /** Whether the next challenge will be stored. */
  keeps: boolean;
  moment: string;
  stale: boolean;
  why: string;
  seed: number;
  challenged: Challenged[];
  rivals: Rivals[];
}

/** What if the case is wrong about something? The last challenge, a new one, and rival explanations. */
export function Challenge() {
  const [challenges, setChallenges] = useState<Found | null>(null);
  const version = view.value?.version;
  useEffect(() => {
    void attempt(answer<Found>("/api/challenge")).then((read) => setChallenges(read ?? null));
  }, [version, ended.value]);
  return (
    <OfCase
      show={() => (
        <>
          <p>{t("What if the case is wrong about something? A challenge changes what a claim rests on, one thing at a time.")}</p>
          {challenges === null ? <p role="status">{t("The challenges are being read …")}</p> : <Shown challenges={challenges} />}
        </>
      )}
    />
  );
}

function Shown({ challenges }: { challenges: Found }) {
  const [claim, setClaim] = useState("");
  const chosen = challenges.challenged.filter(({ id }) => claim === "" || id === claim);
  const rivals = challenges.rivals.filter(({ claims }) => claim === "" || claims.includes(claim));
  const start = () => void attempt(answer<object>("/api/challenge", { claims: claim === "" ? [] : [claim] }));
  return (
    <>
      <p>
        <label>
          {t("Claim to challenge")}{" "}
          <select value={claim} onChange={(event) => setClaim(event.currentTarget.value)}>
            <option value="">{t("All claims")}</option>
            {challenges.claims.map(({ id, says }) => <option key={id} value={id}>{id} {shortened(says)}</option>)}
          </select>
        </label>
      </p>
      <Job kind="challenge">
        <button type="button" class="first" onClick={start}>{t("Challenge it")}</button>
        {!challenges.keeps && <p class="small">{t("The result will not be stored: no run of the case as it stands is. Run the case first to keep it.")}</p>}
      </Job>
      <h2>{t("Claims")}</h2>
      {chosen.length === 0 ? <p>{t("No claim was challenged yet.")}</p> : <Origin challenges={challenges} />}
      <ol class="claims">
        {chosen.map((item) => <li key={item.id}><Claim item={item} open={chosen.length === 1} /></li>)}
      </ol>
      {rivals.length > 0 && <h2>{t("Rival explanations")}</h2>}
      {rivals.map((item) => <Explanations key={item.name} item={item} />)}
    </>
  );
}

function Origin({ challenges }: { challenges: Found }) {
  return (
    <>
      <p class="small"><Dated text={t("Challenged on {day}, seed {seed}", { seed: challenges.seed })} moment={challenges.moment} /> {challenges.run}</p>
      {challenges.stale && <p class="banner">{t("The case has changed since this challenge.")}</p>}
      {challenges.run === "" && (
        <p class="banner">
          {challenges.why === ""
            ? t("It is not stored, since no run of the case as it stands is stored. Run the case first, to keep the next one.")
            : t("It is not stored: {why}", { why: challenges.why })}
        </p>
      )}
    </>
  );
}

function Claim({ item, open }: { item: Challenged; open: boolean }) {
  const mattered = [...item.turned, ...item.moved];
  const tried = mattered.length + item.still.length + item.untestable.length + Number(item.sunk !== "");
  return (
    <details open={open}>
      <summary><Mark result={item} /> <span class="id">{item.id}</span> <bdi>{item.says}</bdi></summary>
      {item.differs && <p class="banner">{item.differs}</p>}
      {tried === 0 && <p>{t("Nothing to challenge: it rests on nothing that a change can reach.")}</p>}
      {tried > 0 && mattered.length === 0 && item.sunk === "" && <p>{t("Nothing that was tried changes it.")}</p>}
      {mattered.length > 0 && <Changes rows={mattered} claim={item.id} />}
      {item.sunk && <p>{item.sunk}</p>}
      <Lines title={t("Controls")} lines={item.controls} />
      <Lines title={t("Could not be tested")} lines={item.untestable} />
      {item.still.length > 0 && (
        <details>
          <summary>{t("Changes that do not matter: {count}", { count: item.still.length })}</summary>
          <ul>{item.still.map((line) => <li key={line}>{line}</li>)}</ul>
        </details>
      )}
    </details>
  );
}

function Changes({ rows, claim }: { rows: Change[]; claim: string }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`${t("Change")}: ${claim}`}>
      <table>
        <caption>{t("Changes that turn the verdict or move the probability, the worst first")}</caption>
        <thead><tr><th scope="col">{t("Change")}</th><th scope="col">{t("What it does")}</th></tr></thead>
        <tbody>
          {rows.map(({ change, result }) => (
            <tr key={`${change} ${result}`}><th scope="row">{change}</th><td data-label={t("What it does")}>{result}</td></tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Lines({ title, lines }: { title: string; lines: string[] }) {
  if (lines.length === 0) return null;
  return <><h3>{title}</h3><ul>{lines.map((line) => <li key={line}>{line}</li>)}</ul></>;
}

function Explanations({ item }: { item: Rivals }) {
  return (
    <>
      <h3>{item.what}</h3>
      <p class="small">
        {t("It bears on {claims}.", { claims: item.claims.join(", ") })}{" "}
        {t("How probable readers with three priors hold each explanation after what was seen:")}
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label={item.what}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("Explanation")}</th>
              {item.readers.map((reader) => <th key={reader} scope="col">{reader}</th>)}
            </tr>
          </thead>
          <tbody>
            {item.rows.map(({ name, says, article, beliefs }) => (
              <tr key={name}>
                <th scope="row">{name}{article && ` (${t("the article’s own")})`} <span class="small">{says}</span></th>
                {beliefs.map((belief, index) => <td key={item.readers[index]} data-label={item.readers[index]}>{belief}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
