import { useEffect, useRef } from "preact/hooks";
import { Banner, Refusal, Status, Waiting } from "./parts/banner";
import { ConflictDialog } from "./parts/conflict";
import { LanguageChoice } from "./parts/language";
import { MenuButton, menuOpen, Navigation } from "./parts/navigation";
import { Problems } from "./parts/problems";
import { StartButton, StartPanel } from "./parts/start";
import { Tour, TourButton } from "./parts/tour";
import { Actors } from "./screens/actors";
import { Argument } from "./screens/argument";
import { Beliefs } from "./screens/beliefs";
import { Events } from "./screens/events";
import { Challenge } from "./screens/challenge";
import { Compare } from "./screens/compare";
import { Facts } from "./screens/facts";
import { Runs } from "./screens/runs";
import { Media } from "./screens/media";
import { Print } from "./screens/print";
import { Verdicts } from "./screens/verdicts";
import { Yaml } from "./screens/yaml";
import { redo, screen, theCase, undo, view } from "./state";
import { t, word } from "./words";

const SCREENS = [
  { key: "verdicts", name: word("Verdicts"), Shown: Verdicts },
  { key: "argument", name: word("Argument"), Shown: Argument },
  { key: "actors", name: word("Actors"), Shown: Actors },
  { key: "facts", name: word("Facts"), Shown: Facts },
  { key: "beliefs", name: word("Beliefs"), Shown: Beliefs },
  { key: "events", name: word("Events"), Shown: Events },
  { key: "compare", name: word("Compare"), Shown: Compare },
  { key: "challenge", name: word("Challenge"), Shown: Challenge },
  { key: "runs", name: word("Runs"), Shown: Runs },
  { key: "media", name: word("Media"), Shown: Media },
  { key: "print", name: word("Print"), Shown: Print },
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
        {t("Skip to the content")}
      </a>
      <header class={menuOpen.value ? "open" : ""}>
        <p class="title" dir="auto">{theCase.value?.title ?? view.value?.file}</p>
        <div class="tools">
          <MenuButton />
          <button type="button" disabled={!view.value?.undo} onClick={() => void undo()}>{t("Undo")}</button>
          <button type="button" class="redo" disabled={!view.value?.redo} onClick={() => void redo()}>{t("Redo")}</button>
          <Status />
        </div>
        <div class="tools more">
          <StartButton />
          <TourButton />
          <LanguageChoice />
        </div>
        <Navigation screens={SCREENS} chosen={chosen.key} />
        <StartPanel />
        <ConflictDialog />
      </header>
      <Refusal />
      <Waiting />
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
