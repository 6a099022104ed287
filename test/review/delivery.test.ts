import { capabilityTable } from "../../components/capabilities";
import { type Format, render, review } from "../../review";
import { type Described, digestOf, UNKNOWN } from "./digest";
import { at, key, NOW, own, reader, secret, secretId, show, stranger } from "./shop";

const NEW = "shop-key of LockboxSecret";

/** An application that is new, with its secret. */
const fresh: Described[] = [
  own,
  secret("create", { deletionProtection: true }),
  reader({ secretId: UNKNOWN }, { madeFrom: { secretId: NEW } }),
  key(at("api_key", UNKNOWN), { madeFrom: { outputToLockbox: NEW } }),
];
const as = (format: Format, resources: Described[]) =>
  render(review(digestOf(resources), capabilityTable, NOW), format, NOW);

describe("the review of a delivered key", () => {
  it("says to which secret and entry it goes, and who reads that, also where the secret is new", () => {
    const text = show(fresh);

    expect(text).toContain(
      "key key is created, expires 2027-01-01 (in 37 days), goes to entry api_key of secret shop-key\n",
    );
    expect(text).toContain(`roles  + lockbox.payloadViewer to serviceAccount:${stranger} on secret shop-key\n`);
    expect(text).not.toContain("not known yet");
    expect(text).not.toContain("secret unprotected");
  });

  it("says it as a comment, as a graph and as data, too", () => {
    const place = "entry api_key of secret shop-key";

    expect(as("markdown", fresh)).toContain(`goes to \`${place}\``);
    expect(as("mermaid", fresh)).toContain(`["${place}"]:::gained`);
    expect(JSON.parse(as("json", fresh)).applications[0].keys).toMatchObject([{ delivery: place }]);
  });

  it("names a secret that is not of the stack by its ID, and the place before of a key that moves", () => {
    const before = key(at("api_key")).after;
    const moved = key(at("other_key"), { op: "update", before, changed: ["outputToLockbox"] });
    const back = key({}, { op: "update", before, changed: ["outputToLockbox"] });

    expect(show([own, moved])).toContain(
      `goes to entry other_key of secret ${secretId} (before: entry api_key of secret ${secretId})\n`,
    );
    expect(show([own, back])).toContain(`goes to the state (before: entry api_key of secret ${secretId})\n`);
  });

  it("says nothing of places where keys stay in the state", () => {
    expect(show([own, key({})])).not.toContain("goes to");
  });

  it("does not take a secret for protected or unprotected that stays as it is", () => {
    const changed = key({}, { op: "same", before: key({}).after });

    expect(show([own, changed, secret("same")])).toBe("Access review of shop / dev: No changes.\n");
    expect(show([own, secret("create", {}, { options: { after: { protect: true } } })])).not.toContain("unprotected");
  });

  it("withholds what may be a credential in the name of an entry", () => {
    const text = show([own, key(at(`AQVN${"a1Bc".repeat(9)}`))]);

    expect(text).not.toContain("AQVNa1Bc");
    expect(text).toContain("goes to entry");
  });
});
