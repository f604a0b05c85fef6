import { answer } from "../api";
import { t } from "../words";

const LANGUAGES = { en: "English", ko: "한국어", ja: "日本語" };

/** The language of the screens. Another one loads the page again. */
export function LanguageChoice() {
  const choose = async (language: string) => {
    await answer<object>("/api/language", { language });
    location.reload();
  };
  return (
    <select class="language" aria-label={t("Language")} value={document.documentElement.lang} onChange={(event) => void choose(event.currentTarget.value)}>
      {Object.entries(LANGUAGES).map(([code, name]) => <option key={code} value={code} lang={code}>{name}</option>)}
    </select>
  );
}
