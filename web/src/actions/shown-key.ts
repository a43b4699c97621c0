const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** A key as people read it: Ctrl K, ⌘ K. */
export const shownKey = (k: string | undefined) => (k ?? '').replace('Mod', mac ? '⌘' : 'Ctrl').replaceAll('+', ' ').toUpperCase().replace('CTRL', 'Ctrl').replace('SHIFT', 'Shift');
