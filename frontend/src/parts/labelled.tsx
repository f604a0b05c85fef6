import type { ComponentChildren } from "preact";

/** A field of a form under its name. */
export function Labelled({ name, children }: { name: string; children: ComponentChildren }) {
  return <label class="labelled"><span>{name}</span>{children}</label>;
}
