// An action is something a planner does. Buttons, keys and the map run the same one.
export interface Action<A extends unknown[] = []> {
  name: string;
  label: string; // key of its name in locale/
  keys?: string[]; // KeyboardEvent.key, outside text fields
  run: (...args: A) => void | Promise<void>;
}
