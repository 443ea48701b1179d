// Every test, in one process: they share one stack and one browser.
import "./family.mjs";
import "./safety.mjs";
import "./keys.mjs";
