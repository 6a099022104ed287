import { abortable } from "../../cloud/cancellation";
import { rememberPerRun } from "../../cloud/once";
import { bindingsOn } from "./bindings";
import type { BindingRun, Bindings } from "./bindings";
import { idOf, placeOf } from "./grant";
import type { Grant } from "./grant";

/**
 * The grants of this run. A grant has no identity in the cloud, so two resources that declare the same one share it:
 * after a rename the old resource is deleted when the new one already declares the same grant. A resource that still
 * declares a grant is known, because the engine checks every resource of the program before it deletes any.
 */
export interface Grants {
  /** The program wants the resource to be this grant. */
  want(urn: string, grant: Grant): void;
  /** The resource stands for this grant already. */
  hold(urn: string, grant: Grant): void;
  /** The resource stands for it after the run too, so a deletion under its name is of one that it replaced. */
  stay(urn: string, grant: Grant): void;
  /** Adds the grant and waits until its place lists it. True if it was there before. */
  add(urn: string, grant: Grant, signal: AbortSignal): Promise<boolean>;
  /**
   * Removes the grant, unless another resource declares it, too. Succeeds if the grant does not exist. In a run that
   * checks no resource (`destroy`) those count that are given as `sharers` or were read, and are not deleted in this run.
   * Gives the resources for which it leaves the grant in such a run.
   */
  remove(urn: string, grant: Grant, signal: AbortSignal, sharers?: string[]): Promise<string[]>;
  /** The state has said, before a refresh, that the other resource is the same grant. */
  knowSharer(urn: string, other: string): void;
  /** Other resources that this run has shown so far to be the same grant. */
  sharers(urn: string, grant: Grant): string[];
  /** Whether this run has shown other grants at all: a run with targets may show one alone. */
  showsOthers(urn: string): boolean;
  exists(grant: Grant, signal: AbortSignal): Promise<boolean>;
}

/** What is independent the engine deletes at the same time; a busy machine takes its time over it. */
const SAME_TIME_MS = 500;

export const grantsOf = (run: BindingRun): Grants => rememberPerRun(run.cloud, grantsOf, () => gatherGrants(run));

function gatherGrants(run: BindingRun): Grants {
  const wanted = new Map<string, string>();
  const held = new Map<string, Set<string>>();
  const places = new Map<string, Bindings>();

  const bindings = (grant: Grant): Bindings => {
    const place = placeOf(grant);
    const bound = places.get(place.id) ?? bindingsOn(place, run);
    places.set(place.id, bound);
    return bound;
  };
  const hold = (urn: string, key: string): void => {
    held.set(urn, (held.get(urn) ?? new Set()).add(key));
  };
  const sharedWithAnother = (urn: string, key: string): boolean =>
    [...held].some(([other, keys]) => other !== urn && keys.has(key) && wanted.get(other) === key);
  /** Additions under way, by the grant. */
  const adding = new Map<string, Set<Promise<unknown>>>();
  const underWay = async <T>(key: string, addition: Promise<T>): Promise<T> => {
    const all = adding.get(key) ?? new Set();
    adding.set(key, all.add(addition));
    return addition.finally(() => all.delete(addition));
  };

  const staying = new Map<string, string>();
  const deleted = new Set<string>();
  const known = new Map<string, Set<string>>();
  /** Resources that this run has shown to be the grant. */
  const standing = (key: string): string[] => {
    const those =
      wanted.size > 0 ? [...wanted].filter(([, one]) => one === key) : [...held].filter(([, all]) => all.has(key));
    return those.map(([urn]) => urn);
  };
  /** Of the resources that are the same grant those that a run which checks nobody has not come to, given a moment. */
  async function leftFor(key: string, sharers: string[]): Promise<string[]> {
    const others = new Set([...sharers, ...standing(key)]);
    const left = () => (wanted.size > 0 ? [] : [...others].filter((other) => !deleted.has(other)));
    if (left().length > 0) await run.sleep(SAME_TIME_MS);
    return left();
  }

  return {
    want: (urn, grant) => void wanted.set(urn, idOf(grant)),
    hold: (urn, grant) => hold(urn, idOf(grant)),
    stay: (urn, grant) => void staying.set(urn, idOf(grant)),

    async add(urn, grant, signal) {
      const key = idOf(grant);
      const addition = bindings(grant).add(grant, signal);
      // A request that waits for the addition finds the grant held.
      const existed = await underWay(
        key,
        addition.then((before) => (hold(urn, key), before)),
      );
      staying.set(urn, key);
      return existed;
    },

    async remove(urn, grant, signal, sharers = []) {
      const key = idOf(grant);
      deleted.add(urn);
      if (staying.get(urn) === key) return [];
      const left = await leftFor(key, [...sharers, ...(known.get(urn) ?? [])]);
      if (left.length > 0) return left;
      held.get(urn)?.delete(key);
      // Whether another resource stands for the grant is known when its addition has ended.
      await abortable(Promise.allSettled(adding.get(key) ?? []), signal, "UpdateAccessBindings");
      if (!sharedWithAnother(urn, key)) await bindings(grant).remove(grant, signal);
      return [];
    },

    knowSharer: (urn, other) => void known.set(urn, (known.get(urn) ?? new Set()).add(other)),
    sharers: (urn, grant) => standing(idOf(grant)).filter((other) => other !== urn),
    showsOthers: (urn) => wanted.size > 0 || [...held.keys()].some((other) => other !== urn),

    exists: (grant, signal) => bindings(grant).exists(grant, signal),
  };
}
