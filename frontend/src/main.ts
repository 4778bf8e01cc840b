// The script of every page. Pages work without it: it makes them quicker and quieter.

import { startClaims } from "./claims";
import { startDebate } from "./debate";
import { startKeys } from "./keys";
import { startMe } from "./me";
import { startModel } from "./model";
import { startTabs } from "./tabs";

document.documentElement.classList.add("scripted");
const model = startModel();
startTabs(() => model?.rest());
startClaims();
startDebate();
startKeys(() => model?.reset());
void startMe();
