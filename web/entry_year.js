// The script of one imagined year, fetched by the page "serve" when somebody wants to see one.
import { mountYear } from "./stage/year.js";

window.peersimYear = mountYear;
