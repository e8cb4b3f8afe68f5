/**
 * Many states of one store that is changed in place. A state is the way to it from the one that the store is in, so
 * that a step costs as much as the change and not as much as the store: replaying a history with a million elements
 * copies none of them (Baker, "Shallow binding makes functional arrays fast", SIGPLAN Notices 1991).
 */
export interface Change<Store> {
  readonly redo: (store: Store) => void;
  readonly undo: (store: Store) => void;
}

/** Immutable to those who hold it, as a model's states must be. */
export class Version<Store> {
  /** Where the store is the version itself; elsewhere the version is one change away from `next`. */
  #store: Store | undefined;
  #next: Version<Store> | undefined;
  #change: Change<Store> | undefined;
  readonly #fresh: (() => Store) | undefined;

  private constructor(store: Store | undefined, fresh?: () => Store) {
    this.#store = store;
    this.#fresh = fresh;
  }

  /** The state that `fresh` makes. It never leads on to later ones, so that they can be forgotten. */
  static initial<Store>(fresh: () => Store): Version<Store> {
    return new Version<Store>(undefined, fresh);
  }

  /** The store in this state, to be looked at until another version is asked. */
  get store(): Store {
    this.#store ??= this.#fresh?.();
    if (this.#store === undefined) this.#reroot();
    return this.#store as Store;
  }

  after(change: Change<Store>): Version<Store> {
    const { store } = this;
    const later = new Version<Store>(store);
    change.redo(store);
    this.#store = undefined;
    if (this.#fresh !== undefined) return later;
    this.#next = later;
    this.#change = { redo: change.undo, undo: change.redo };
    return later;
  }

  /** Brings the store here: every version on the way then leads here instead. */
  #reroot(): void {
    const way: Version<Store>[] = [];
    let root: Version<Store> = this;
    for (; root.#next !== undefined; root = root.#next) way.push(root);
    const store = root.#store as Store;
    for (let version = way.pop(); version !== undefined; version = way.pop()) {
      const change = version.#change as Change<Store>;
      change.redo(store);
      root.#next = version;
      root.#change = { redo: change.undo, undo: change.redo };
      root.#store = undefined;
      version.#next = undefined;
      version.#change = undefined;
      version.#store = store;
      root = version;
    }
  }
}
