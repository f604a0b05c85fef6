import { useEffect, useRef, useState } from "preact/hooks";
import { dropped } from "../state";

interface Props {
  label: string;
  value: string;
  readOnly?: boolean;
  wide?: boolean;
  onSave: (value: string) => void;
}

/** A text field without a visible label, for a cell of a table: it saves when it is left or at Enter, and Escape restores it. */
export function Field({ label, value, readOnly = false, wide = false, onSave }: Props) {
  const [text, setText] = useState(value);
  const sent = useRef<string | null>(null);
  useEffect(() => {
    setText(value);
    sent.current = null;
  }, [value, dropped.value]);
  const save = () => {
    sent.current = text;
    if (text !== value) onSave(text);
  };
  // A question about an edit takes the focus from its field: that must not send the edit again.
  const leave = () => {
    if (text !== sent.current) save();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter") save();
    if (event.key === "Escape") setText(value);
  };
  return (
    <input
      class={wide ? "wide" : ""}
      aria-label={label}
      readOnly={readOnly}
      value={text}
      onInput={(event) => setText(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={keys}
    />
  );
}
