// Who sits at this screen, for others to read beside what was changed; kept in the browser.
const place = 'plottage.who';

export function who(): string {
  try {
    return localStorage.getItem(place) ?? '';
  } catch {
    return ''; // private windows keep nothing
  }
}

export function sayWho(name: string) {
  try {
    localStorage.setItem(place, name.trim());
  } catch {
    // it holds for this page alone then
  }
}
