import { capabilityTable } from "../../components/capabilities";
import { APPLICATION, UNKNOWN } from "./digest";
import {
  folderId,
  otherFolder,
  account,
  stranger,
  scopes,
  soon,
  later,
  show,
  own,
  grant,
  key,
  oldKey,
  changedKey,
  loose,
  retained,
} from "./shop";

describe("the access in a review", () => {
  it("names member and folder of a grant outside of any application, before and after", () => {
    const member = "userAccount:ajeu0000000000000077";
    const roles = (after: object, before?: object) =>
      show([grant({ member, ...after }, { ...loose, ...(before && { op: "replace", before }) })]);

    expect(roles({})).toContain(`roles  + ai.translate.user to ${member} on folder ${folderId}\n`);
    const moved = roles({ folderId: otherFolder }, { folderId, role: "ai.translate.user", member });
    expect(moved).toContain(`roles  + ai.translate.user to ${member} on folder ${otherFolder}\n`);
    expect(moved).toContain(`roles  - ai.translate.user to ${member} on folder ${folderId}\n`);
  });

  it("names the folders where the roles of an application move from one to the other", () => {
    const member = `serviceAccount:${stranger}`;
    const role = "lockbox.payloadViewer";
    const text = show([
      grant({ folderId: otherFolder, role, member }, { op: "replace", before: { folderId, role, member } }),
      key({ serviceAccountId: stranger }, { op: "same", before: { serviceAccountId: stranger, scopes } }),
    ]);

    expect(text).toContain(`roles  + ${role} on folder ${otherFolder}\n`);
    expect(text).toContain(`roles  - ${role} on folder ${folderId}\n`);
    expect(text).not.toContain("nothing unusual");
  });

  it("says that a value is not known yet, and not that it is hidden", () => {
    const text = show([own, grant({ role: UNKNOWN })]);

    expect(text).toContain("roles  + (not known yet)\n");
    expect(text).not.toContain("(hidden)");
  });

  it("says as which account a key acts, before and after", () => {
    expect(show([own, key({ serviceAccountId: stranger })])).toContain(`key key of account ${stranger} is created`);
    const moved = { ...oldKey({}, { op: "replace" }), after: key({ serviceAccountId: stranger }).after };
    expect(show([own, moved])).toContain(`key key of account ${stranger} (before: the application's own) is replaced`);
  });

  it("says the expiry of a changed key before and after", () => {
    const text = show([own, changedKey({ expiresAt: soon }, { expiresAt: later })]);

    expect(text).toContain("key key is changed, expires 2027-06-01 (in 188 days) (before: 2027-01-01)\n");
  });

  it("does not lose roles and keys that retainOnDelete leaves in the cloud", () => {
    const role = "ai.languageModels.user";
    const old = { folderId, role, member: `serviceAccount:${account}` };
    const text = show([
      { ...own, op: "delete", after: undefined, options: retained },
      grant({}, { op: "delete", before: old, after: undefined, options: retained }),
      oldKey({}, { options: retained }),
    ]);

    expect(text).toContain("keeps textGeneration, embeddings\n");
    expect(text).toContain("key key leaves the program and works on, expires 2027-01-01");
    expect(text).toContain("Resources: 3 to leave in the cloud.");
    expect(text).not.toMatch(/loses|is deleted while/);
  });

  it("says which other calls a capability opens, and which end with it", () => {
    const table = capabilityTable.tuning;
    const roles = (op: string) =>
      table.roles.map((role) => {
        const { after } = grant({ role });
        return grant(
          {},
          { op, name: role, before: op === "create" ? undefined : after, after: op === "create" ? after : undefined },
        );
      });
    const resources = (op: string) => {
      const { after } = key({ scopes: table.scopes });
      return [
        own,
        ...roles(op),
        key({}, { op, before: op === "create" ? undefined : after, after: op === "create" ? after : undefined }),
      ];
    };

    expect(show(resources("create"))).toMatch(/gains datasets; tuning\n {2}also opens embeddings; .*textGeneration/);
    expect(show(resources("delete"))).toMatch(
      /loses datasets; tuning\n {2}no longer opens, too: embeddings; .*textGen/,
    );
  });

  it("keeps two applications of one name apart", () => {
    const below = "my:index:Team";
    const role = "ai.translate.user";
    const { after } = grant({ role });
    const text = show([
      { op: "same", type: APPLICATION, name: "shop", before: {}, after: {} },
      { op: "same", type: APPLICATION, name: "shop", before: {}, after: {}, below },
      own,
      grant({ role }),
      grant({}, { op: "delete", before: after, after: undefined, below }),
    ]);

    expect(text).toMatch(/Application shop \(at the root\)\n(?: {2}.*\n)* {2}roles {2}\+ ai\.translate\.user\n/);
    expect(text).toMatch(/Application shop \(below my:index:Team\)\n(?: {2}.*\n)* {2}roles {2}- ai\.translate\.user/);
  });
});
