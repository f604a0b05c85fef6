// A table whose cells are edited in place. One cell is in the order of the Tab key; arrow keys move between the cells, as in a spreadsheet.
import { Component, type ComponentChildren, createRef, type RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Said } from "../api";
import { Wrong } from "./wrong";

const PAGE = 10; // rows that Page Up and Page Down pass

interface GridProps {
  label: string;
  describedBy: string;
  heads: string[];
  onPaste: (text: string) => void;
  children: ComponentChildren;
}

/** The grid: its first row has the names of the columns, and each row begins with its key. */
export function Grid({ label, describedBy, heads, onPaste, children }: GridProps) {
  const table = useRef<HTMLTableElement>(null);
  useEffect(() => {
    if (table.current?.querySelector("td [tabindex='0']") === null) table.current.querySelector("td [tabindex]")?.setAttribute("tabindex", "0");
  });
  const pasted = (event: ClipboardEvent) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!/\t|\n\s*\S/.test(text)) return; // one cell goes into the field
    event.preventDefault();
    onPaste(text);
  };
  return (
    <table ref={table} role="grid" class="grid" aria-label={label} aria-describedby={describedBy} onFocusIn={entered} onKeyDown={moved} onPaste={pasted}>
      <thead>
        <tr>{heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLButtonElement;

/** Only the cell that has the focus is reached by the Tab key. */
function entered(event: FocusEvent & { currentTarget: HTMLTableElement }): void {
  const control = event.target as Control;
  if (!control.closest("td")) return;
  for (const other of event.currentTarget.querySelectorAll("td [tabindex='0']")) other.setAttribute("tabindex", "-1");
  control.setAttribute("tabindex", "0");
  if (control instanceof HTMLInputElement) control.select();
}

function moved(event: KeyboardEvent & { currentTarget: HTMLTableElement }): void {
  const control = event.target as Control;
  const cell = control.closest("td");
  const row = control.closest("tr");
  if (!cell || !row || event.altKey || event.isComposing) return;
  const to = step(event, control, { row: row.rowIndex, column: cell.cellIndex, rows: event.currentTarget.rows.length });
  if (to === null) return;
  const wanted = event.currentTarget.rows[Math.min(Math.max(to.row, 1), event.currentTarget.rows.length - 1)];
  const next = wanted?.cells[to.column]?.querySelector<Control>("input, select, button");
  if (!next) return;
  event.preventDefault();
  if (next !== control) next.focus();
  else if (control instanceof HTMLInputElement) control.select(); // so that typing replaces the cell
}

/** Return to which row and column a key leads; null if it is for the cell itself. */
function step(event: KeyboardEvent, control: Control, at: { row: number; column: number; rows: number }): { row: number; column: number } | null {
  switch (event.key) {
    case "ArrowUp": return { ...at, row: at.row - 1 };
    case "ArrowDown": return { ...at, row: at.row + 1 };
    case "Enter": return control instanceof HTMLInputElement ? { ...at, row: at.row + 1 } : null;
    case "PageUp": return { ...at, row: at.row - PAGE };
    case "PageDown": return { ...at, row: at.row + PAGE };
    case "ArrowLeft": return leaves(control, "start") ? { ...at, column: at.column - 1 } : null;
    case "ArrowRight": return leaves(control, "end") ? { ...at, column: at.column + 1 } : null;
    case "Home": return event.ctrlKey ? { row: 1, column: 1 } : null;
    case "End": return event.ctrlKey ? { row: at.rows - 1, column: at.column } : null;
    default: return null;
  }
}

/** Return whether an arrow key leaves a cell: its whole text is selected, or the caret stands at that end. */
function leaves(control: Control, side: "start" | "end"): boolean {
  if (!(control instanceof HTMLInputElement)) return true;
  const { selectionStart: start, selectionEnd: end, value } = control;
  if (start === 0 && end === value.length) return true;
  return start === end && start === (side === "start" ? 0 : value.length);
}

interface CellProps {
  label: string;
  value: string;
  readOnly: boolean;
  dropped: number; // edits that were dropped: the cell then shows again what the case says
  /** Its values with their words. */
  choices?: [value: string, text: string][];
  list?: string;
  wide?: boolean;
  /** Saves a value; it tells why it is not saved. */
  onSave: (value: string) => Promise<Said[]>;
}

let cells = 0;

/** A cell: it saves when it is left or at Enter, and Escape restores it. A value that is refused stays, with the reason. It has no state of its own, so that a thousand of them stay fast. */
export class Cell extends Component<CellProps> {
  private id = `cell-${(cells += 1)}`;
  private input = createRef<HTMLInputElement | HTMLSelectElement>();
  private refusals: Said[] = [];
  private sent: string | null = null;
  private typed: string | null = null; // what the cell shows instead of what the case says

  override shouldComponentUpdate(next: CellProps): boolean {
    const { value, readOnly, dropped } = this.props;
    const changed = next.value !== value || next.readOnly !== readOnly || next.dropped !== dropped;
    if (!changed) return false;
    const text = readOnly ? value : this.input.current?.value ?? value;
    const isTyping = next.dropped === dropped && text !== value && text !== this.sent; // since the edit was sent
    this.restore(isTyping ? text : null);
    return true;
  }

  override componentDidUpdate(): void {
    const input = this.input.current;
    if (this.typed === null && input === document.activeElement && input instanceof HTMLInputElement) input.select();
  }

  private restore(typed: string | null = null): void {
    this.typed = typed;
    this.sent = null;
    this.refusals = [];
  }

  private save = (): void => {
    const text = this.input.current?.value ?? "";
    if (text === this.sent || this.props.readOnly) return;
    this.sent = text; // a question about the edit takes the focus: that must not send it again
    if (text === this.props.value) return this.refused([]);
    void this.props.onSave(text).then((reasons) => text === this.sent && this.refused(reasons));
  };

  private refused(reasons: Said[]): void {
    if (reasons.length === 0 && this.refusals.length === 0) return;
    this.refusals = reasons;
    this.typed = reasons.length > 0 ? this.input.current?.value ?? null : null;
    this.forceUpdate();
  }

  private keys = (event: KeyboardEvent): void => {
    if (this.props.readOnly) return;
    if (event.key === "Enter") this.save();
    const input = this.input.current;
    if (event.key === "Escape" && input) {
      input.value = this.props.value;
      this.restore();
      this.forceUpdate();
    }
    if (event.key === "F2" && input instanceof HTMLInputElement) input.setSelectionRange(-1, -1);
  };

  override render() {
    const { label, readOnly, choices, list, wide } = this.props;
    const isWrong = this.refusals.length > 0;
    const value = this.typed ?? this.props.value;
    const shared = {
      "aria-label": label, "aria-invalid": isWrong, "aria-describedby": isWrong ? this.id : undefined,
      tabIndex: -1, value: readOnly ? choices?.find(([key]) => key === value)?.[1] ?? value : value, onKeyDown: this.keys,
    };
    return (
      <>
        {choices && !readOnly ? (
          <select ref={this.input as RefObject<HTMLSelectElement>} {...shared} onChange={this.save}>
            {choices.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
          </select>
        ) : (
          <input
            ref={this.input as RefObject<HTMLInputElement>} {...shared} class={wide ? "wide" : ""} readOnly={readOnly} list={readOnly ? undefined : list}
            onBlur={this.save}
          />
        )}
        <Wrong id={this.id} all={this.refusals} />
      </>
    );
  }
}
