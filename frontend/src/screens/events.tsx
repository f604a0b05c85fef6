import { useEffect } from "preact/hooks";
import { OfFile } from "../parts/unread";
import { mappingAt } from "../parts/written";
import { ended } from "../run";
import { goTo, theCase, view } from "../state";
import { t } from "../words";
import { Effects, readEffects } from "./events_effects";
import { EventCard, NewEvent } from "./events_cards";
import { Past } from "./events_past";

/** The events of the case: what each changes, what it does by the last run, and the record of the past. */
export function Events() {
  return <OfFile show={() => <All />} />;
}

function All() {
  const [version, sound, run] = [view.value?.version, theCase.value !== null, ended.value];
  useEffect(() => {
    if (sound) void readEffects();
  }, [version, sound, run]);
  if (Object.keys(mappingAt("theatres")).length === 0) {
    return (
      <>
        <p>{t("An event changes something in a game, and this case has no game.")}</p>
        <button type="button" onClick={() => goTo("actors")}>{t("Go to the actors")}</button>
      </>
    );
  }
  return (
    <>
      <Effects />
      <h2>{t("What each event changes")}</h2>
      <ul class="cards">
        {Object.keys(mappingAt("events")).map((key) => <EventCard key={key} name={key} />)}
        <NewEvent />
      </ul>
      <Past />
    </>
  );
}
