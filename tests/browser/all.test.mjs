// Every test, in one process: they share one stack and one browser.
import "./family.mjs";
import "./forms.mjs";
import "./safety.mjs";
import "./verify.mjs";
import "./keys.mjs";
import "./staff.mjs";
import "./naughty.mjs";
import "./access.mjs";
import "./weight.mjs";
