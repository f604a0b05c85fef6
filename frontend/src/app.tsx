import { useEffect, useRef } from "preact/hooks";
import { Banner, ConflictDialog, Status } from "./parts/banner";
import { Problems } from "./parts/problems";
import { Argument } from "./screens/argument";
import { Beliefs } from "./screens/beliefs";
import { Facts } from "./screens/facts";
import { Media } from "./screens/media";
import { Verdicts } from "./screens/verdicts";
import { Yaml } from "./screens/yaml";
import { goTo, redo, screen, theCase, undo, view } from "./state";
import { t, word } from "./words";

const SCREENS = [
  { key: "verdicts", name: word("Verdicts"), Shown: Verdicts },
  { key: "argument", name: word("Argument"), Shown: Argument },
  { key: "facts", name: word("Facts"), Shown: Facts },
  { key: "beliefs", name: word("Beliefs"), Shown: Beliefs },
  { key: "media", name: word("Media"), Shown: Media },
  { key: "yaml", name: word("YAML"), Shown: Yaml },
];

export function App() {
  const chosen = SCREENS.find(({ key }) => key === screen.value) ?? SCREENS[0]!;
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    document.title = `${t(chosen.name)} – ${theCase.value?.title ?? "Tocsin"}`;
    if (!first.current) heading.current?.focus(); // a screen reader then reads the new screen's name
    first.current = false;
  }, [chosen]);
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); heading.current?.focus(); }}>
        {t("Skip to the screen")}
      </a>
      <header>
        <p class="title">{theCase.value?.title ?? view.value?.file}</p>
        <nav aria-label={t("Screens")}>
          {SCREENS.map(({ key, name }) => (
            <a
              key={key}
              href={`/${key}`}
              aria-current={key === chosen.key ? "page" : undefined}
              onClick={(event) => { event.preventDefault(); goTo(key); }}
            >
              {t(name)}
            </a>
          ))}
        </nav>
        <div class="tools">
          <button type="button" disabled={!view.value?.undo} onClick={() => void undo()}>{t("Undo")}</button>
          <button type="button" disabled={!view.value?.redo} onClick={() => void redo()}>{t("Redo")}</button>
          <Status />
        </div>
      </header>
      <Banner />
      <main id="main">
        <h1 ref={heading} tabIndex={-1}>{t(chosen.name)}</h1>
        <chosen.Shown />
      </main>
      <Problems />
      <ConflictDialog />
    </>
  );
}
