import { useEffect, useRef, useState } from "preact/hooks";
import { readUses, type Uses } from "../screens/facts_api";
import { waiting } from "../state";
import { t } from "../words";
import { useEdit } from "./wrong";

/** The question before a fact is removed: it names what reads it. */
export function RemoveDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [make, wrong] = useEdit();
  const [uses, setUses] = useState<Uses | "unknown" | null>(null);
  useEffect(() => {
    dialog.current?.showModal();
    heading.current?.focus();
    readUses(name).then(setUses, () => setUses("unknown"));
  }, [name]);
  const remove = async () => {
    const sources = uses === null || uses === "unknown" ? [] : uses.sources;
    if (await make([{ do: "take", loc: ["facts", name] }, ...sources.map((key) => ({ do: "take" as const, loc: ["sources", key] }))])) onClose();
  };
  const isRead = uses !== null && uses !== "unknown" && isUsed(uses);
  return (
    <dialog ref={dialog} aria-labelledby="remove-title" onClose={onClose}>
      <h2 id="remove-title" ref={heading} tabIndex={-1}>{t("Remove {name}?", { name })}</h2>
      <div role="status">
        {uses === null && <p>{t("The case is being read …")}</p>}
        {uses === "unknown" && <p>{t("The case has errors, so what reads this fact is not known.")}</p>}
        {uses !== null && uses !== "unknown" && <Readers uses={uses} />}
      </div>
      {wrong}
      <div class="tools">
        {!isRead && <button type="button" disabled={uses === null || waiting.value} onClick={() => void remove()}>{t("Remove it")}</button>}
        <button type="button" onClick={onClose}>{t("Keep it")}</button>
      </div>
    </dialog>
  );
}

const isUsed = ({ claims, beliefs, observed }: Uses): boolean => claims.length + beliefs.length > 0 || observed;

function Readers({ uses }: { uses: Uses }) {
  const { claims, beliefs, observed, sources } = uses;
  const none = !isUsed(uses);
  return (
    <>
      {none && <p>{t("No claim and no belief reads this fact.")}</p>}
      {!none && <p>{t("Change these first. Without the fact they have errors:")}</p>}
      {!none && (
        <ul>
          {claims.map(({ id, says }) => <li key={id}>{`${id} ${says}`}</li>)}
          {beliefs.map((belief) => <li key={belief}><code>{belief}</code></li>)}
          {observed && <li>{t("An observation of the rival explanations")}</li>}
        </ul>
      )}
      {none && sources.length > 0 && <p>{t("Nothing else uses these sources, so they are removed too: {names}", { names: sources.join(", ") })}</p>}
    </>
  );
}
