import { useEffect } from "preact/hooks";
import { OfFile } from "../parts/unread";
import { mappingAt } from "../parts/written";
import { ended } from "../run";
import { theCase, view } from "../state";
import { Actor, NewActor } from "./actors_cards";
import { Condition, NewCondition } from "./actors_conditions";
import { NewEarlier } from "./actors_earlier";
import { Theatre } from "./actors_theatre";
import { Types } from "./actors_types";
import { readGames } from "./game_drawn";
import { NewGame } from "./new_game";
import { t } from "../words";

/** Who wants change, from whom, and who stands by: the theatres with their games, the actors and their conditions. */
export function Actors() {
  return <OfFile show={() => <All />} />;
}

function All() {
  const [version, sound, run] = [view.value?.version, theCase.value !== null, ended.value];
  useEffect(() => {
    if (sound) void readGames();
  }, [version, sound, run]);
  const theatres = Object.keys(mappingAt("theatres"));
  return (
    <>
      {theatres.length === 0 && <NewGame />}
      {theatres.map((key) => <Theatre key={key} name={key} />)}
      {theatres.length > 0 && <NewEarlier />}
      <h2>{t("The actors")}</h2>
      <ul class="cards">
        {Object.keys(mappingAt("actors")).map((key) => <Actor key={key} name={key} />)}
        <NewActor />
      </ul>
      {theatres.length > 0 && <Types />}
      <h2>{t("Conditions that can change")}</h2>
      <p>{t("A condition is an alignment (with whom a state stands), a posture (what its force may lawfully do) or a treaty (whether a promise to help is in force).")}</p>
      <ul class="cards">
        {Object.keys(mappingAt("regimes")).map((key) => <Condition key={key} name={key} />)}
        <NewCondition />
      </ul>
    </>
  );
}
