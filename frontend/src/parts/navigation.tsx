import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { goTo } from "../state";
import { t } from "../words";

/** Whether the menu of a narrow window is open. */
export const menuOpen = signal(false);

/** The button of a narrow window that opens the links to the screens and the other tools of the header. Escape closes them. */
export function MenuButton() {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || !menuOpen.value) return;
      menuOpen.value = false;
      button.current?.focus();
    };
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, []);
  return (
    <button ref={button} type="button" class="menu" aria-expanded={menuOpen.value} aria-controls="screens" onClick={() => { menuOpen.value = !menuOpen.value; }}>
      {t("Menu")}
    </button>
  );
}

interface Props {
  screens: { key: string; name: string }[];
  chosen: string;
}

/** The links to the screens. */
export function Navigation({ screens, chosen }: Props) {
  return (
    <nav id="screens" aria-label={t("Screens")}>
      {screens.map(({ key, name }) => (
        <a
          key={key}
          href={`/${key}`}
          aria-current={key === chosen ? "page" : undefined}
          onClick={(event) => { event.preventDefault(); menuOpen.value = false; goTo(key); }}
        >
          {t(name)}
        </a>
      ))}
    </nav>
  );
}
