// CodeMirror with YAML and the problems that the server finds.
import { yaml } from "@codemirror/lang-yaml";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { syntaxHighlighting } from "@codemirror/language";
import { classHighlighter } from "@lezer/highlight";
import { basicSetup, EditorView } from "codemirror";
import type { Problem } from "./api";
import { completing, type Schema } from "./completing";

const PAUSE = 600; // milliseconds without a key before the text is saved

export interface Editor {
  show(text: string): void;
  mark(problems: Problem[]): void;
  jump(line: number): void;
  close(): void;
}

interface Options {
  label: string;
  nonce: string;
  readOnly: boolean;
  schema: Schema;
  onChange: (text: string) => void;
}

export function open(parent: HTMLElement, text: string, { label, nonce, readOnly, schema, onChange }: Options): Editor {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unsaved = false;
  const save = () => {
    clearTimeout(timer);
    if (unsaved) onChange(editor.state.doc.toString());
    unsaved = false;
  };
  const completions = [{ autocomplete: completing(schema) }]; // one source for all keys: a new one would begin again
  const editor = new EditorView({
    parent,
    doc: text,
    extensions: [
      EditorView.cspNonce.of(nonce),
      basicSetup,
      yaml(),
      syntaxHighlighting(classHighlighter), // its colours stand in style.css, for both schemes
      lintGutter(),
      EditorState.languageData.of(() => completions),
      EditorView.lineWrapping,
      EditorState.readOnly.of(readOnly),
      EditorView.contentAttributes.of({ "aria-label": label }),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged || update.transactions.some((change) => change.isUserEvent("outside"))) return;
        unsaved = true;
        clearTimeout(timer);
        timer = setTimeout(save, PAUSE);
      }),
    ],
  });
  return {
    show(other) {
      if (unsaved || other === editor.state.doc.toString()) return;
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: other }, userEvent: "outside" });
    },
    mark(problems) {
      const { doc } = editor.state;
      const diagnostics = problems.flatMap((item): Diagnostic[] => {
        if (item.line === null || item.line > doc.lines || !item.file?.endsWith(".yaml")) return [];
        const line = doc.line(item.line);
        const from = Math.min(line.from + (item.column ?? 1) - 1, line.to);
        return [{ from, to: Math.max(from, line.to), severity: "error", message: [item.message, item.remedy].filter(Boolean).join("\n") }];
      });
      editor.dispatch(setDiagnostics(editor.state, diagnostics));
    },
    jump(number) {
      const line = editor.state.doc.line(Math.min(Math.max(number, 1), editor.state.doc.lines));
      editor.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
      editor.focus();
    },
    close() {
      save();
      editor.destroy();
    },
  };
}
