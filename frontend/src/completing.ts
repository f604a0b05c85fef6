// Complete keys of a case file, and values that come from a list, by the JSON Schema of case files.
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { Text } from "@codemirror/state";

export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  enum?: unknown[];
  type?: string;
  description?: string;
}

const ITEM = "-";
const KEY = /^(\s*(?:- )?)([\w. ]*)$/;
const VALUE = /^(\s*(?:- )?)([\w. ]+):\s+(\w*)$/;

/** Return the source of completions for an editor. */
export const completing = (root: Schema) => (context: CompletionContext): CompletionResult | null => {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const value = VALUE.exec(before);
  if (value) return result(context, value[3]!, values(root, [...pathOf(context.state.doc, line.number, value[1]!), value[2]!]));
  const key = KEY.exec(before);
  if (key === null || (key[2] === "" && !context.explicit)) return null;
  return result(context, key[2]!, keys(root, pathOf(context.state.doc, line.number, key[1]!)));
};

function result(context: CompletionContext, typed: string, options: Completion[]): CompletionResult | null {
  return options.length === 0 ? null : { from: context.pos - typed.length, options, validFor: /^[\w. ]*$/ };
}

/** Return the keys above a line that it stands under, the outermost first; an item of a list counts as one. */
function pathOf(doc: Text, number: number, lead: string): string[] {
  const path: string[] = [];
  let indent = lead.length;
  if (lead.endsWith("- ")) {
    path.unshift(ITEM);
    indent -= 1; // a list may stand at the indent of its key
  }
  for (let above = number - 1; above >= 1 && indent > 0; above -= 1) {
    const match = /^(\s*)(- )?("?)([\w. ]+)\3:/.exec(doc.line(above).text);
    if (match === null) continue;
    const [own, item] = [match[1]!.length, match[2]];
    if (own + (item?.length ?? 0) < indent) {
      path.unshift(match[4]!);
      indent = own;
    } else if (item === undefined || own >= indent) continue;
    if (item !== undefined) {
      path.unshift(ITEM);
      indent = own + 1;
    }
  }
  return path;
}

/** Return the schemas of a place: alternatives and references are followed. */
function schemasAt(root: Schema, path: string[]): Schema[] {
  return path.reduce((at, step) => at.flatMap((schema) => under(schema, step)).flatMap((next) => spread(root, next)), spread(root, root));
}

function spread(root: Schema, schema: Schema): Schema[] {
  const referred = schema.$ref === undefined ? undefined : root.$defs?.[schema.$ref.split("/").at(-1)!];
  const others = [referred, ...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].filter((one) => one !== undefined);
  return [schema, ...others.flatMap((one) => spread(root, one))];
}

function under(schema: Schema, step: string): Schema[] {
  if (step === ITEM) return schema.items === undefined ? [] : [schema.items];
  const named = schema.properties?.[step];
  if (named !== undefined) return [named];
  const matching = Object.entries(schema.patternProperties ?? {}).filter(([pattern]) => new RegExp(pattern).test(step));
  const other = schema.additionalProperties;
  return [...matching.map(([, own]) => own), ...(other instanceof Object ? [other] : [])];
}

function keys(root: Schema, path: string[]): Completion[] {
  const entries = schemasAt(root, path).flatMap(({ properties }) => Object.entries(properties ?? {}));
  return [...new Map(entries)].map(([label, { description }]) => ({ label, type: "property", apply: `${label}: `, ...(description === undefined ? {} : { info: description }) }));
}

function values(root: Schema, path: string[]): Completion[] {
  const allowed = schemasAt(root, path).flatMap((schema) => (schema.type === "boolean" ? [true, false] : (schema.enum ?? [])));
  return [...new Set(allowed.map(String))].map((label) => ({ label, type: "enum" }));
}
