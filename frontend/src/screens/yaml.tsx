import { useEffect, useRef, useState } from "preact/hooks";
import { answer, readText } from "../api";
import type { Schema } from "../completing";
import type { Editor } from "../editor";
import { wantedLine } from "../jump";
import { rewrite, view } from "../state";
import { nonce, t } from "../words";

/** The case file itself. The editor loads when this screen opens. */
export function Yaml() {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let gone = false;
    void Promise.all([import("../editor"), readText(), answer<Schema>("/api/schema")]).then(([{ open }, { text }, schema]) => {
      if (gone || place.current === null) return;
      editor.current = open(place.current, text, {
        label: t("Text of the case file"),
        nonce,
        readOnly: !view.value?.writable,
        schema,
        onChange: (changed) => void rewrite(changed),
      });
      setReady(true);
    });
    return () => {
      gone = true;
      editor.current?.close();
    };
  }, []);
  const version = view.value?.version;
  useEffect(() => {
    if (ready) void readText().then(({ text }) => editor.current?.show(text));
  }, [version, ready]);
  useEffect(() => {
    editor.current?.mark(view.value?.problems ?? []);
  }, [view.value?.problems, ready]);
  useEffect(() => {
    if (ready && wantedLine.value !== null) {
      editor.current?.jump(wantedLine.value);
      wantedLine.value = null;
    }
  }, [ready, wantedLine.value]);
  return <div class="editor" ref={place}>{!ready && <p role="status">{t("The editor is loading …")}</p>}</div>;
}
