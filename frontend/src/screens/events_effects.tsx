import type { Result } from "../api";
import { asImage } from "../parts/picture";
import { reading } from "../parts/reading";
import { theCase } from "../state";
import { t, word } from "../words";

/** The ladder of the brief: an SVG file, one for a narrow window, its title, how to read it, and its numbers in words. */
interface LadderData {
  picture: string;
  narrow: string;
  title: string;
  reading: string;
  says: string;
}

type Effect = { dent: string; delay: string; fall: string; struck: string; gains: string; rise: string };

/** What the last run found about the events; `found` and `run` are null where there was none. */
interface Found {
  run: { name: string; moment: string; stale: boolean } | null;
  /** Inputs that an event may multiply, with their meanings. */
  inputs: Record<string, string>;
  /** What readers call events and, by their path, conditions. */
  names: Record<string, string>;
  lines: Record<string, number>;
  found: {
    ladder: LadderData | null;
    effects: Record<string, Effect>;
    parts: string[];
    claims: Record<string, (Pick<Result, "says" | "verdict" | "verdictWords"> & { id: string })[]>;
  } | null;
}

export const { last: effects, read: readEffects } = reading<Found>("/api/effects");

/** What readers call an event, or a condition by its path; its key until that is known. */
export const calledOf = (key: string): string => effects.value?.names[key] ?? key.replace(/^regimes\./, "");

const HEADS: [keyof Effect, string][] = [
  ["dent", word("Cost, of all that deterrence costs")],
  ["delay", word("First step")],
  ["fall", word("Its fall")],
  ["struck", word("A first strike at it")],
  ["gains", word("Worlds in which it gains")],
  ["rise", word("Equal rise of the target's spending")],
];

/** What the events do to the challenger by the last run: the ladder of the brief with its table, and the parts of events. */
export function Effects() {
  const shown = effects.value;
  if (theCase.value === null) return null;
  if (shown === null) return <p role="status">{t("The effects are being read …")}</p>;
  const { run, found } = shown;
  if (run === null || found === null) return <p>{t("Run the case to see what its events do.")}</p>;
  return (
    <>
      {run.stale && <p class="banner">{t("The case has changed since this run.")}</p>}
      {found.ladder && <Ladder ladder={found.ladder} />}
      {Object.keys(found.effects).length > 0 && <Table rows={found.effects} />}
      {found.parts.length > 0 && (
        <>
          <h2>{t("By money, law and alliances")}</h2>
          <ul>{found.parts.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>
        </>
      )}
    </>
  );
}

function Ladder({ ladder }: { ladder: LadderData }) {
  return (
    <>
      <h2>{ladder.title}</h2>
      <figure class="ladder">
        <div class="scroll" tabIndex={0} role="region" aria-label={ladder.title}>
          <picture>
            <source media="(max-width: 40rem)" srcset={asImage(ladder.narrow)} />
            <img src={asImage(ladder.picture)} alt={ladder.says} />
          </picture>
        </div>
        <figcaption class="small">{ladder.reading}</figcaption>
      </figure>
    </>
  );
}

function Table({ rows }: { rows: Record<string, Effect> }) {
  const title = t("What each event does to the challenger, in the middle world and in nine worlds of ten");
  return (
    <details>
      <summary>{title}</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={title}>
        <table>
          <thead><tr><th scope="col">{t("Event")}</th>{HEADS.map(([key, head]) => <th key={key} scope="col">{t(head)}</th>)}</tr></thead>
          <tbody>
            {Object.entries(rows).map(([event, effect]) => (
              <tr key={event}>
                <th scope="row">{calledOf(event)}</th>
                {HEADS.map(([key, head]) => <td key={key} data-label={t(head)}>{effect[key]}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
