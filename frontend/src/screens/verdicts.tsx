import { useEffect } from "preact/hooks";
import { type ClaimVerdict, startRun, type Verdicts as Shown } from "../api";
import { showItem } from "../jump";
import { Grounds } from "../parts/grounds";
import { Job } from "../parts/job";
import { Dated } from "../parts/moment";
import { Mark, Named } from "../parts/named";
import { Prose } from "../parts/told";
import { OfCase } from "../parts/unread";
import { attempt, opened, readAgain, verdicts } from "../run";
import { refusal, view } from "../state";
import { t } from "../words";

/** The verdicts of the last run, open to their parts, and the button that runs the case again. */
export function Verdicts() {
  const version = view.value?.version;
  useEffect(() => {
    if (version !== undefined) void readAgain();
  }, [version, opened.value]);
  return (
    <OfCase
      show={() => (
        <>
          <Job kind="assess">
            <button type="button" class="first" onClick={() => void attempt(startRun())}>{t("Run the case")}</button>
          </Job>
          {verdicts.value === undefined && <p role="status">{refusal.value?.message ?? t("The verdicts are being read …")}</p>}
          {verdicts.value === null && <p>{t("This case has not been run yet.")}</p>}
          {verdicts.value && <All shown={verdicts.value} />}
        </>
      )}
    />
  );
}

function All({ shown }: { shown: Shown }) {
  return (
    <>
      {!shown.last && (
        <p class="banner">
          {t("This is a stored run, not the last one.")}{" "}
          <button type="button" onClick={() => { opened.value = ""; }}>{t("Show the last run")}</button>
        </p>
      )}
      {shown.sets && <p class="banner">{shown.sets}</p>}
      {shown.stale && <p class="banner">{t("The case has changed since this run.")}</p>}
      <Origin shown={shown} />
      <div class="questions">
        <Named rows={shown.questions.map(({ asks, answer }) => [asks, answer])} />
      </div>
      <h2>{t("Claims")}</h2>
      <ol class="claims">
        {shown.claims.map((claim) => <Claim key={claim.id} claim={claim} />)}
      </ol>
      {shown.notices.length > 0 && (
        <>
          <h2>{t("How far to trust this run")}</h2>
          <ul>{shown.notices.map((notice) => <li key={notice}><Prose text={notice} /></li>)}</ul>
        </>
      )}
    </>
  );
}

/** Which run the verdicts are of. */
function Origin({ shown: { run, moment, draws, seed, shipped } }: { shown: Shown }) {
  if (shipped === "") return <p class="small"><Dated text={t("Run {run} of {day}, {draws} draws, seed {seed}", { run, draws, seed })} moment={moment} /></p>;
  return (
    <p class="banner">
      {t("These verdicts came with the program, version {version}: {draws} draws, seed {seed}. Run the case to compute them on this machine.", { version: shipped, draws, seed })}
    </p>
  );
}

function Claim({ claim }: { claim: ClaimVerdict }) {
  const rows: [string, string][] = [
    [t("Confidence"), [claim.confidence, ...claim.limits].filter(Boolean).join("; ")],
    [t("What would turn it"), claim.turning],
    [t("Where it fails"), claim.failing],
    [t("Note"), claim.note],
  ];
  return (
    <li>
      <details>
        <summary>
          <Mark result={claim} /> <span class="id">{claim.id}</span> <bdi>{claim.says}</bdi> <span class="small">{claim.words}</span>
          {claim.alone !== "" && <>{" "}<strong class="small">{claim.alone}</strong></>}
        </summary>
        <p>{claim.explanation}</p>
        {claim.parts.length > 0 && (
          <ul>
            {claim.parts.map((part) => (
              <li key={part.name}>
                <Mark result={part} /> <bdi>{part.says}</bdi> <span class="small">{part.explanation}</span>
                <Grounds of={part} />
              </li>
            ))}
          </ul>
        )}
        <Grounds of={claim} />
        {claim.drivers.length > 0 && (
          <>
            <h3>{t("What moves it")}</h3>
            <ul>
              {claim.drivers.map((driver) => (
                <li key={driver.input}>
                  {t("{share} %", { share: Math.round(100 * driver.share) })} {driver.meaning}{" "}
                  <button type="button" class="link" onClick={() => showItem("beliefs", driver.input)}>{driver.input}</button>
                </li>
              ))}
            </ul>
          </>
        )}
        <Named rows={rows.filter(([, text]) => text !== "")} />
      </details>
    </li>
  );
}
