// The sheet for a board is one page of A4: what is too long for it is drawn smaller.
const ROOM = 1015; // points of a page of A4 within its margins, less a line; its width stands in serve.css

/** Just before printing: how long the sheet would be is measured on a copy that nobody sees. */
export function fit(root) {
  const sheet = root.querySelector(".board");
  if (!sheet) return;
  const copy = sheet.cloneNode(true);
  copy.classList.add("measured");
  copy.setAttribute("aria-hidden", "true");
  copy.style.zoom = "1"; // it may have been printed before
  document.body.append(copy);
  const { height } = copy.getBoundingClientRect();
  copy.remove();
  sheet.style.zoom = String(Math.min(1, ROOM / height));
}
