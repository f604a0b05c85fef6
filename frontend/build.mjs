// Build the screens and the sketch of the brief into the Python package. The same sources and lockfile give the same bytes.
import { build } from "esbuild";
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../src/tocsin/workbench/static");
for (const name of readdirSync(out, { withFileTypes: true })) rmSync(join(out, name.name), { recursive: true });

const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.tsx", "src/style.css"],
  bundle: true,
  splitting: true, // the editor of the YAML screen loads when that screen opens
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none", // LICENSES.txt has them all
  jsx: "automatic",
  jsxImportSource: "preact",
  chunkNames: "chunk-[hash]",
  outdir: out,
  metafile: true,
});
copyFileSync(join(here, "src/index.html"), join(out, "index.html"));

// The brief carries its script in the page, so that it needs no other file.
await build({
  absWorkingDir: here,
  entryPoints: ["src/brief.ts"],
  bundle: true,
  format: "iife",
  target: "es2022",
  minify: true,
  outfile: join(here, "../src/tocsin/report/templates/sketch.js"),
});

const packages = [
  ...new Set(
    Object.keys(result.metafile.inputs)
      .map((file) => file.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1])
      .filter((name) => name !== undefined),
  ),
].sort();
const licences = packages.map((name) => {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});
writeFileSync(join(out, "LICENSES.txt"), licences.join(`\n${"-".repeat(80)}\n\n`));
