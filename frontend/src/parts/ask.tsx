import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../words";

interface Props {
  title: string;
  yes: string;
  onYes: () => void;
  onNo: () => void;
  children: ComponentChildren;
}

/** A question before what cannot be undone. Escape means no. */
export function Ask({ title, yes, onYes, onNo, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    heading.current?.focus(); // not a button: the key that asked must not answer
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="ask-title" onClose={onNo}>
      <h2 id="ask-title" ref={heading} tabIndex={-1}>{title}</h2>
      {children}
      <div class="tools">
        <button type="button" onClick={onYes}>{yes}</button>
        <button type="button" onClick={onNo}>{t("Cancel")}</button>
      </div>
    </dialog>
  );
}
