import { useEffect, useRef, useState } from "preact/hooks";
import { dropped } from "../state";

interface Props {
  label: string;
  value: string;
  readOnly?: boolean;
  wide?: boolean;
  tall?: boolean;
  onSave: (value: string) => void;
}

/**
 * A text field without a visible label, for a cell of a table: it saves when it is left or at Enter, and Escape restores it.
 * A tall one grows with its text.
 */
export function Field({ label, value, readOnly = false, wide = false, tall = false, onSave }: Props) {
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
    if (event.key === "Enter") {
      event.preventDefault(); // a tall field has no lines of its own
      save();
    }
    if (event.key === "Escape") setText(value);
  };
  const Tag = tall ? "textarea" : "input";
  return (
    <Tag
      class={wide || tall ? "wide" : ""}
      aria-label={label}
      readOnly={readOnly}
      value={text}
      onInput={(event: { currentTarget: { value: string } }) => setText(event.currentTarget.value)}
      onBlur={leave}
      onKeyDown={keys}
    />
  );
}
