// The script of the page "serve".
import { mountDesigner } from "./designer/designer.js";

const words = JSON.parse(document.getElementById("words").textContent);
window.designer = mountDesigner(document.getElementById("page"), words, document.documentElement.lang);
