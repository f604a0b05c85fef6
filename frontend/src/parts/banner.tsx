import { useEffect, useRef, useState } from "preact/hooks";
import { conflict, drop, refusal, theCase, view, waiting } from "../state";
import { t } from "../words";

/** Whether edits are saved; read aloud when it changes. */
export function Status() {
  const said = view.value === null ? "" : waiting.value ? t("Saving …") : t("Saved");
  return <span class="status" role="status">{said}</span>;
}

/** What stands above every screen: refusals, a case that cannot be changed, values of the template. */
export function Banner() {
  const refused = refusal.value;
  const templates = theCase.value?.templates.length ?? 0;
  return (
    <div class="banners">
      {refused && (
        <p class="banner refused" role="alert">
          {refused.message}
          {refused.remedy !== null && <span class="remedy"> {refused.remedy}</span>}
        </p>
      )}
      {view.value && !view.value.writable && (
        <p class="banner">{t("This case comes with the program and cannot be changed. To change it, copy its folder and open the copy.")}</p>
      )}
      {templates > 0 && (
        <p class="banner">{t("{count} items still have the template's text. Every file is marked as a draft until they are gone.", { count: templates })}</p>
      )}
    </div>
  );
}

/** What to do when another window saved first: look at its text, then make the edit again on it or leave it. */
export function ConflictDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [shown, setShown] = useState(false);
  const found = conflict.value;
  useEffect(() => {
    if (found && !dialog.current?.open) {
      dialog.current?.showModal();
      heading.current?.focus(); // not a button: the key that sent the edit must not answer the question
    }
    if (!found) dialog.current?.close();
  }, [found]);
  return (
    <dialog ref={dialog} aria-labelledby="conflict-title" onClose={() => { if (conflict.value !== null) drop(); setShown(false); }}>
      <h2 id="conflict-title" ref={heading} tabIndex={-1}>{t("The case changed in another window")}</h2>
      <p>{t("Your last edit is not saved. The screen shows the other text now.")}</p>
      {shown && <pre tabIndex={0}>{found?.text}</pre>}
      <div class="tools">
        <button type="button" onClick={() => void found?.again()}>{t("Make my edit on the other text")}</button>
        <button type="button" onClick={drop}>{t("Drop my edit")}</button>
        <button type="button" aria-pressed={shown} onClick={() => setShown(!shown)}>{t("Show the other text")}</button>
      </div>
    </dialog>
  );
}
