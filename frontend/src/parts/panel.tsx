import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A part of a screen that a button opens: its first field gets the focus. */
export function Panel({ name, children }: { name: string; children: ComponentChildren }) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.querySelector<HTMLElement>("input, textarea, select")?.focus(), []);
  return <section ref={section} class="panel" aria-label={name}>{children}</section>;
}
