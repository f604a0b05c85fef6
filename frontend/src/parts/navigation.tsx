import { useRef, useState } from "preact/hooks";
import { goTo } from "../state";
import { t } from "../words";

interface Props {
  screens: { key: string; name: string }[];
  chosen: string;
}

/** The links to the screens; on a narrow window a button opens them. */
export function Navigation({ screens, chosen }: Props) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div class={open ? "screens open" : "screens"} onKeyDown={close}>
      <button ref={button} type="button" class="menu" aria-expanded={open} aria-controls="screens" onClick={() => setOpen(!open)}>
        {t("Screens")}
      </button>
      <nav id="screens" aria-label={t("Screens")}>
        {screens.map(({ key, name }) => (
          <a
            key={key}
            href={`/${key}`}
            aria-current={key === chosen ? "page" : undefined}
            onClick={(event) => { event.preventDefault(); setOpen(false); goTo(key); }}
          >
            {t(name)}
          </a>
        ))}
      </nav>
    </div>
  );
}
