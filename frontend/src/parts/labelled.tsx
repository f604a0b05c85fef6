import type { ComponentChildren } from "preact";
import { Why } from "./form";

/** A field of a form under its name, and below what is wrong with the field of the name `of`. */
export function Labelled({ name, of, children }: { name: string; of?: string; children: ComponentChildren }) {
  const label = <label class="labelled"><span>{name}</span>{children}</label>;
  return of === undefined ? label : <div class="hinted">{label}<Why of={of} /></div>;
}
