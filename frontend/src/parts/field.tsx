import { useEffect, useState } from "preact/hooks";

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
  useEffect(() => setText(value), [value]);
  const save = () => {
    if (text !== value) onSave(text);
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
      onBlur={save}
      onKeyDown={keys}
    />
  );
}
