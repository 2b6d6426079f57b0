// The script of the page "play".
import { versions } from "./lesson/lesson.js";
import { mountPlayer } from "./lesson/player.js";
import { open } from "./opening.js";

open(mountPlayer, versions).then((player) => { window.player = player; });
