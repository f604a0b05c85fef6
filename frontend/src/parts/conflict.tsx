import { useEffect, useRef, useState } from "preact/hooks";
import type { Difference } from "../api";
import { conflict, drop } from "../state";
import { t } from "../words";

/** What to do when another window saved first: look at what differs, then make the edit again on the other text or leave it. */
export function ConflictDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [shown, setShown] = useState(false);
  const other = conflict.value;
  useEffect(() => {
    if (other && !dialog.current?.open) {
      dialog.current?.showModal();
      heading.current?.focus(); // not a button: the key that sent the edit must not answer the question
    }
    if (!other) dialog.current?.close();
  }, [other]);
  return (
    <dialog ref={dialog} aria-labelledby="conflict-title" onClose={() => { if (conflict.value !== null) drop(); setShown(false); }}>
      <h2 id="conflict-title" ref={heading} tabIndex={-1}>{t("The case changed in another window")}</h2>
      <p>{t("Your last edit is not saved. The screen shows the other text now.")}</p>
      {other?.differs && <Differences items={other.differs} />}
      {shown && <pre tabIndex={0}>{other?.text}</pre>}
      <div class="tools">
        <button type="button" onClick={() => void other?.again()}>{t("Apply my edit to the other text")}</button>
        <button type="button" onClick={drop}>{t("Drop my edit")}</button>
        <button type="button" aria-pressed={shown} onClick={() => setShown(!shown)}>{t("Show the other text")}</button>
      </div>
    </dialog>
  );
}

/** Items that either edit changed: before, in the other text, in mine. */
function Differences({ items }: { items: Difference[] }) {
  if (items.length === 0) return <p>{t("The two texts differ in comments or layout alone.")}</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t("What differs")}>
      <table>
        <caption>{t("What differs")}</caption>
        <thead>
          <tr>{[t("Item"), t("Before"), t("Other text"), t("Mine")].map((name) => <th key={name} scope="col">{name}</th>)}</tr>
        </thead>
        <tbody>
          {items.map(({ path, base, theirs, mine }) => (
            <tr key={path.join("\n")}>
              <th scope="row">{path.join(" › ")}</th>
              <td data-label={t("Before")}>{base ?? "–"}</td>
              <td data-label={t("Other text")}>{theirs === base ? t("unchanged") : theirs ?? t("taken out")}</td>
              <td data-label={t("Mine")}>{mine === base ? t("unchanged") : mine ?? t("taken out")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
