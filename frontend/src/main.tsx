import { render } from "preact";
import { App } from "./app";
import { offerTour } from "./parts/tour";
import { follow } from "./run";
import { load } from "./state";
import { loadWords } from "./words";

void load();
follow();
await loadWords();
offerTour();
render(<App />, document.body);
