import type { Change } from "../api";
import { showHeld } from "../jump";
import { held, refusal, release, theCase, unsaved, view, waiting } from "../state";
import { shortened, t } from "../words";
import { panel } from "./start";
import { Templates } from "./templates";
import { Told } from "./told";

/** Whether edits are saved; read aloud when it changes. */
export function Status() {
  const said = view.value === null ? "" : waiting.value ? t("Saving …") : unsaved.value ? t("Not saved") : t("Saved");
  return <span class="status" role="status">{said}</span>;
}

/** Why the last request was refused; in sight wherever the page is scrolled. */
export function Refusal() {
  const refused = refusal.value;
  if (!refused) return null;
  return (
    <section class="refusal" aria-label={t("Refused")}>
      <p class="banner refused" role="alert">
        <Told of={refused} />
      </p>
    </section>
  );
}

/** The changes that wait for an edit that makes them right, why they are not, and the ways out. */
export function Waiting() {
  const waits = held.value;
  if (waits === null) return null;
  return (
    <section class="refusal" aria-label={t("Waiting change")}>
      <div class="banner" role="status">
        {t("Not saved yet: {places}. It waits for a change that makes it right. Other changes are saved without it.", { places: waits.changes.map(said).join("; ") })}
        {waits.problems.map((reason) => <p key={reason.message}><Told of={reason} /></p>)}
        <div class="tools">
          <button type="button" onClick={() => showHeld(waits)}>{t("Go to its field")}</button>
          <button type="button" onClick={release}>{t("Drop it")}</button>
        </div>
      </div>
    </section>
  );
}

function said(change: Change): string {
  const place = change.loc.join(".");
  if (change.do === "take") return `${place}: ${t("taken out")}`;
  return shortened(`${place}: ${typeof change.value === "string" ? change.value : JSON.stringify(change.value)}`);
}

/** What stands above every screen: a case that cannot be changed, values of the template. */
export function Banner() {
  const templates = theCase.value?.templates ?? [];
  if (view.value?.writable !== false && templates.length === 0) return null;
  return (
    <section class="banners" aria-label={t("Notice")}>
      {view.value && !view.value.writable && (
        <p class="banner">
          {t("This case comes with the program and cannot be changed.")}{" "}
          <button type="button" onClick={() => { panel.value = "copy"; }}>{t("Make a copy that you can change")}</button>
        </p>
      )}
      {templates.length > 0 && <Templates all={templates} />}
    </section>
  );
}
