import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Said } from "../api";
import { dropped } from "../state";
import { Wrong } from "./wrong";

interface Props {
  label: string;
  value: string;
  readOnly?: boolean;
  wide?: boolean;
  tall?: boolean;
  /** Saves a value; it tells why it is not saved. */
  onSave: (value: string) => Promise<Said[]>;
}

/**
 * A text field without a visible label, for a cell of a table: it saves when it is left or at Enter, and Escape restores it.
 * A value that is refused stays in the field, with the reason beneath. A tall field grows with its text.
 */
export function Field({ label, value, readOnly = false, wide = false, tall = false, onSave }: Props) {
  const [text, setText] = useState(value);
  const [refusals, setRefusals] = useState<Said[]>([]);
  const sent = useRef<string | null>(null);
  const id = useId();
  const restore = () => {
    setText(value);
    setRefusals([]);
    sent.current = null;
  };
  useEffect(() => {
    restore();
  }, [value, dropped.value]);
  const save = () => {
    sent.current = text;
    if (text === value) setRefusals([]);
    else void onSave(text).then((reasons) => text === sent.current && setRefusals(reasons));
  };
  // A question about an edit takes the focus from its field: that must not send the edit again.
  const leave = () => {
    if (text !== sent.current) save();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault(); // a tall field has no lines of its own
      save();
    }
    if (event.key === "Escape") restore();
  };
  const Tag = tall ? "textarea" : "input";
  return (
    <>
      <Tag
        dir="auto"
        class={wide || tall ? "wide" : ""}
        aria-label={label}
        aria-invalid={refusals.length > 0}
        aria-describedby={refusals.length > 0 ? id : undefined}
        readOnly={readOnly}
        value={text}
        onInput={(event: { currentTarget: { value: string } }) => setText(event.currentTarget.value)}
        onBlur={leave}
        onKeyDown={keys}
      />
      <Wrong id={id} all={refusals} />
    </>
  );
}
