// The script of the page "share".
import { open } from "./opening.js";
import { mountShare, versions } from "./share/share.js";

open(mountShare, versions).then((page) => { window.share = page; });
