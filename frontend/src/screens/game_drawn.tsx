import { Dated } from "../parts/moment";
import { asImage } from "../parts/picture";
import { reading } from "../parts/reading";
import { theCase } from "../state";
import { plural, t } from "../words";

/** A step of a year: who moves, on which occasion, and what it can do with which chance in the first year. */
interface Move {
  who: string;
  when: string;
  options: { name: string; chance: string }[];
}

/** The game of a theatre in words; the ends have a chance for each type of challenger. */
interface Game {
  picture: string;
  says: string;
  moves: Move[];
  ends: { name: string; chances: string[] }[];
  years: number;
}

/** How far the aim gets in the main theatre, by year. */
interface Fan {
  theatre: string;
  title: string;
  reading: string;
  says: string;
  heads: string[];
  years: { year: number; chances: string[] }[];
}

/** The games of the theatres, and what the last run says of them; `run` is null where there was none, and has no name if it came with the program. */
interface Games {
  run: { name: string; moment: string; stale: boolean } | null;
  types: string[];
  /** Names of the conditions by their key. */
  conditions: Record<string, string>;
  theatres: Record<string, Game>;
  fan: Fan | null;
}

export const { last: games, read: readGames } = reading<Games>("/api/games");

/** The game of a theatre as a picture with its tables: the order of moves, and how likely each end is by the last run. */
export function Drawn({ theatre }: { theatre: string }) {
  if (theCase.value === null) return <p>{t("The game is drawn when the case has no errors.")}</p>;
  const shown = games.value;
  const game = shown?.theatres[theatre];
  if (!shown || !game) return <p role="status">{t("The game is being drawn …")}</p>;
  return (
    <div>
      <figure class="game">
        <img src={asImage(game.picture)} alt={game.says} />
        <figcaption class="small">
          {shown.run === null && t("Run the case to see how likely each end is.")}
          {shown.run?.name === "" && t("Chances are those of the run that came with the program.")}
          {shown.run?.name && <Dated text={t("Chances are those of the run {run} of {day}.", { run: shown.run.name })} moment={shown.run.moment} />}{" "}
          {shown.run?.stale && t("The case has changed since this run.")}
        </figcaption>
      </figure>
      <Moves game={game} />
      {game.ends.length > 0 && <Ends game={game} types={shown.types} />}
      {shown.fan?.theatre === theatre && <Advance fan={shown.fan} run={shown.run?.name ?? ""} />}
    </div>
  );
}

function Moves({ game }: { game: Game }) {
  return (
    <details>
      <summary>{t("The order of moves in a year")}</summary>
      <table>
        <thead><tr><th scope="col">{t("Who")}</th><th scope="col">{t("When")}</th><th scope="col">{t("What it can do")}</th></tr></thead>
        <tbody>
          {game.moves.map((move, index) => (
            <tr key={index}>
              <th scope="row">{move.who}</th>
              <td data-label={t("When")}>{move.when}</td>
              <td data-label={t("What it can do")}>{move.options.map(({ name, chance }) => (chance ? `${name} (${chance})` : name)).join("; ")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Ends({ game, types }: { game: Game; types: string[] }) {
  return (
    <details>
      <summary>{plural("How likely each end is within {count} year, by type of challenger", "How likely each end is within {count} years, by type of challenger", game.years)}</summary>
      <table>
        <thead><tr><th scope="col">{t("End")}</th>{types.map((type) => <th key={type} scope="col">{type}</th>)}</tr></thead>
        <tbody>
          {game.ends.map(({ name, chances }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {chances.map((chance, index) => <td key={index} data-label={types[index]}>{chance}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** The brief's chart of how far the aim gets by each year, with its numbers. */
function Advance({ fan, run }: { fan: Fan; run: string }) {
  return (
    <>
      <figure class="game">
        <img src={`/api/fan.svg?${run}`} alt={fan.says} />
        <figcaption class="small">{fan.title}. {fan.reading}</figcaption>
      </figure>
      <details>
        <summary>{fan.title}</summary>
        <div class="scroll" tabIndex={0} role="region" aria-label={fan.title}>
          <table>
            <thead><tr><th scope="col">{t("Year")}</th>{fan.heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr></thead>
            <tbody>
              {fan.years.map(({ year, chances }) => (
                <tr key={year}>
                  <th scope="row">{year}</th>
                  {chances.map((chance, index) => <td key={index} data-label={fan.heads[index]}>{chance}</td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
