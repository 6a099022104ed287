import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { run } from "./modelEngine";
import type { Kill, ModelState, Program } from "./modelEngine";
import { fc, runs } from "../../support/properties";

const SCOPES = ["yc.ai.languageModels.execute"];
const ROLES = ["ai.languageModels.user", "ai.imageGeneration.user"];
const KEYS = ["spring", "summer"];
const GRANTS = ["one", "two", "three"];
const urnOf = (type: string, name: string) => `urn:pulumi:dev::shop::yandex:index/${type}::${name}`;
const keyUrn = (name: string) => urnOf("iamServiceAccountApiKey:IamServiceAccountApiKey", name);
const grantUrn = (name: string) => urnOf("resourcemanagerFolderIamMember:ResourcemanagerFolderIamMember", name);

/** Disturbs a run: the engine is killed at a call, or the cloud fails one. */
const DISTURBANCES: (Kill | Parameters<Emulator["fault"]>[0] | undefined)[] = [
  undefined,
  "ApiKeyService/Create",
  "FolderService/UpdateAccessBindings",
  { method: "ApiKeyService/Create", code: "UNAVAILABLE", when: "after" },
  { method: "ApiKeyService/Create", code: "UNAVAILABLE", when: "after", times: 2 },
  { method: "ApiKeyService/Create", code: "PERMISSION_DENIED" },
  { method: "ApiKeyService/Update", code: "PERMISSION_DENIED" },
  { method: "FolderService/UpdateAccessBindings", code: "UNAVAILABLE", when: "after", times: 8 },
  { method: "FolderService/UpdateAccessBindings", code: "PERMISSION_DENIED" },
  { method: "FolderService/ListAccessBindings", code: "UNAVAILABLE", times: 8 },
];

/** What happens to one of the two states: its program changes, a key moves to the other one, and it is run. */
const step = fc.record({
  who: fc.constantFrom(0, 1),
  keys: fc.subarray(KEYS),
  roles: fc.tuple(...GRANTS.map(() => fc.constantFrom(undefined, ...ROLES))),
  moves: fc.constantFrom(undefined, undefined, ...KEYS),
  disturbance: fc.constantFrom(undefined, ...DISTURBANCES),
});

interface Side {
  state: ModelState;
  program: Program;
  /** The account of its grants; that of the keys is the same for both. */
  account: string;
  /** What its grants give. */
  roles: (string | undefined)[];
  ended: boolean;
}

/** Two states of one project and stack, so that all their URNs are the same. */
class World {
  readonly keyAccount: string;
  readonly sides: Side[];

  constructor(readonly cloud: Emulator) {
    this.keyAccount = cloud.addAccount({ name: "shared" });
    this.sides = ["a", "b"].map((name, at) => ({
      state: { id: `00000000-0000-4000-8000-00000000000${at}`, resources: new Map(), leftOver: [] },
      program: new Map(),
      account: cloud.addAccount({ name: `app-${name}` }),
      roles: [],
      ended: true,
    }));
  }

  programOf({ account }: Side, keys: string[], roles: (string | undefined)[]): Program {
    const { folderId } = this.cloud;
    const declared = GRANTS.flatMap((name, at) => (roles[at] === undefined ? [] : [[name, roles[at]] as const]));
    return new Map<string, Program extends Map<string, infer Inputs> ? Inputs : never>([
      ...keys.map((name) => [keyUrn(name), { serviceAccountId: this.keyAccount, scopes: SCOPES }] as const),
      ...declared.map(
        ([name, role]) => [grantUrn(name), { folderId, role, member: `serviceAccount:${account}` }] as const,
      ),
    ]);
  }

  /** As `pulumi state move` does, which refuses where the other state has a resource of that URN. */
  move(from: Side, to: Side, urn: string): void {
    const entry = from.state.resources.get(urn);
    if (!entry || to.state.resources.has(urn)) return;
    from.state.resources.delete(urn);
    to.state.resources.set(urn, entry);
    to.program.set(urn, { serviceAccountId: this.keyAccount, scopes: SCOPES });
  }

  async run(side: Side, disturbance?: (typeof DISTURBANCES)[number]): Promise<void> {
    if (typeof disturbance === "object") this.cloud.fault(disturbance);
    const kill = typeof disturbance === "string" ? disturbance : undefined;
    side.ended = await run(this.cloud, side.state, side.program, kill);
    expect(this.liveKeys()).toEqual(expect.arrayContaining(this.heldKeys()));
    if (side.ended) expect(this.rolesOf(side)).toEqual(expect.arrayContaining(this.declaredRoles(side)));
  }

  liveKeys = (): string[] => this.cloud.snapshot().apiKeys.map(({ id }) => id);

  heldKeys = (): string[] =>
    this.sides.flatMap(({ state }) =>
      [...state.resources.values(), ...state.leftOver].filter(({ urn }) => urn.includes("ApiKey")).map(({ id }) => id),
    );

  rolesOf = ({ account }: Side): string[] =>
    this.cloud
      .snapshot()
      .grants.filter(({ subjectId }) => subjectId === account)
      .map(({ roleId }) => roleId)
      .sort();

  declaredRoles = ({ program }: Side): string[] =>
    [...new Set([...program.values()].flatMap(({ role }) => (role ? [String(role)] : [])))].sort();
}

// Two engines that know nothing of one another, the real provider, and a cloud; killed, disturbed, renamed and moved.
describe("two states of one project and stack", () => {
  jest.setTimeout(180_000);

  it("keep every key that either holds, leave none behind, and have every grant that they declare", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 7 }), async (steps) => {
        await using cloud = await startCloud();
        const world = new World(cloud);
        for (const { who, keys, roles, moves, disturbance } of steps) {
          const [side, other] = [world.sides[who]!, world.sides[1 - who]!];
          // Nothing tells whose a role is: one that a run began is given again before the program drops it.
          if (side.ended) side.roles = roles;
          side.program = world.programOf(side, keys, side.roles);
          if (moves) world.move(side, other, keyUrn(moves));
          await world.run(side, disturbance);
        }
        for (const side of [...world.sides, ...world.sides]) await world.run(side);
        // The next creation finds what a run lost whose resource has gone or has another name by now.
        cloud.clock.advance(2 * 60 * 60 * 1000);
        for (const side of world.sides) {
          side.program.set(keyUrn("autumn"), { serviceAccountId: world.keyAccount, scopes: SCOPES });
          await world.run(side);
        }

        expect(world.sides.map(({ ended }) => ended)).toEqual([true, true]);
        expect(world.liveKeys().sort()).toEqual(world.heldKeys().sort());
        for (const side of world.sides) expect(world.rolesOf(side)).toEqual(world.declaredRoles(side));
      }),
      { endOnFailure: true, numRuns: runs(30) },
    );
  });
});
