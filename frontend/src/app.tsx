import { useEffect, useRef } from "preact/hooks";
import { Banner, Status } from "./parts/banner";
import { ConflictDialog } from "./parts/conflict";
import { Navigation } from "./parts/navigation";
import { Problems } from "./parts/problems";
import { StartButton, StartPanel } from "./parts/start";
import { Tour, TourButton } from "./parts/tour";
import { Argument } from "./screens/argument";
import { Beliefs } from "./screens/beliefs";
import { Facts } from "./screens/facts";
import { Verdicts } from "./screens/verdicts";
import { Yaml } from "./screens/yaml";
import { redo, screen, theCase, undo, view } from "./state";
import { t, word } from "./words";

const SCREENS = [
  { key: "verdicts", name: word("Verdicts"), Shown: Verdicts },
  { key: "argument", name: word("Argument"), Shown: Argument },
  { key: "facts", name: word("Facts"), Shown: Facts },
  { key: "beliefs", name: word("Beliefs"), Shown: Beliefs },
  { key: "yaml", name: word("YAML"), Shown: Yaml },
];

export function App() {
  const chosen = SCREENS.find(({ key }) => key === screen.value) ?? SCREENS[0]!;
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  const title = theCase.value?.title ?? "Tocsin";
  useEffect(() => {
    document.title = `${t(chosen.name)} – ${title}`;
  }, [chosen, title]);
  useEffect(() => {
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
        <Navigation screens={SCREENS} chosen={chosen.key} />
        <div class="tools">
          <button type="button" disabled={!view.value?.undo} onClick={() => void undo()}>{t("Undo")}</button>
          <button type="button" disabled={!view.value?.redo} onClick={() => void redo()}>{t("Redo")}</button>
          <StartButton />
          <TourButton />
          <Status />
        </div>
        <StartPanel />
        <ConflictDialog />
      </header>
      <main id="main">
        <Banner />
        <h1 ref={heading} tabIndex={-1}>{t(chosen.name)}</h1>
        <chosen.Shown />
      </main>
      <Problems />
      <Tour />
    </>
  );
}
