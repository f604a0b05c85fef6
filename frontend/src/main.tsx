import { render } from "preact";
import { App } from "./app";
import { load } from "./state";
import { loadWords } from "./words";

await Promise.all([loadWords(), load()]);
render(<App />, document.body);
