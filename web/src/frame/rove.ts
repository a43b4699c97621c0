// A list of buttons that is one stop of the Tab key; arrows, Home and End go through it.
export function rove(list: HTMLElement) {
  const buttons = () => [...list.querySelectorAll<HTMLButtonElement>('button')];

  function enter(at: HTMLButtonElement | undefined) {
    for (const b of buttons()) b.tabIndex = b === at ? 0 : -1;
  }

  function key(e: KeyboardEvent) {
    const all = buttons();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[e.key];
    if (to === undefined || at < 0) return;
    e.preventDefault();
    const next = all[Math.min(all.length - 1, Math.max(0, to))];
    enter(next);
    next?.focus();
  }

  const seen = new MutationObserver(() => {
    if (!buttons().some((b) => b.tabIndex === 0)) enter(buttons()[0]);
  });
  enter(buttons()[0]);
  seen.observe(list, { childList: true, subtree: true });
  list.addEventListener('keydown', key);
  return {
    destroy() {
      seen.disconnect();
      list.removeEventListener('keydown', key);
    },
  };
}
