// Files that go to the user alone, and come from them.
export function keep(name, content, kind) {
  const mark = kind === "text/csv" && !content.startsWith("\ufeff") ? "\ufeff" : ""; // or spreadsheets take it for another alphabet
  const link = Object.assign(document.createElement("a"), { download: name, href: URL.createObjectURL(new Blob([mark + content], { type: kind })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export const text = (file) => file.text();
