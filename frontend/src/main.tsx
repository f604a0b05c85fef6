import { render } from "preact";
import { App } from "./app";
import { follow } from "./run";
import { load } from "./state";
import { loadWords } from "./words";

void load();
follow();
await loadWords();
render(<App />, document.body);
