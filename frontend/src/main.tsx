import { render } from "preact";
import { App } from "./app";
import { load } from "./state";
import { loadWords } from "./words";

void load();
await loadWords();
render(<App />, document.body);
