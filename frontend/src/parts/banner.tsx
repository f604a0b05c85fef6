import { held, refusal, release, theCase, unsaved, view, waiting } from "../state";
import { t } from "../words";
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

/** The changes that wait for the next edit. */
export function Waiting() {
  if (held.value.length === 0) return null;
  const places = held.value.map(({ loc }) => loc.join(".")).join(", ");
  return (
    <section class="refusal" aria-label={t("Waiting change")}>
      <p class="banner" role="status">
        {t("Not saved yet: {places}. It is saved together with your next change.", { places })}{" "}
        <button type="button" onClick={release}>{t("Drop it")}</button>
      </p>
    </section>
  );
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
