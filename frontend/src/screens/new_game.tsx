import { t } from "../words";

/** What a game would add to a case that has none. */
export function NewGame() {
  return (
    <>
      <p>{t("This case has no game: facts decide its claims. A game lets claims say what would follow from an event: that somebody loses by it, is deterred, or goes to war.")}</p>
    </>
  );
}
