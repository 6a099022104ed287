import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { externalSecret, secretStore } from "./externalSecrets";

const root = join(__dirname, "../..");
const read = (...names: string[]) => readFileSync(join(root, ...names), "utf8");
const manifests = () => parseAllDocuments(read("examples/lockbox/kubernetes.yaml")).map((each) => each.toJS());

/** The settings that docs/delivery.md shows. */
const settings = () => parse(/```yaml\n([\s\S]+?)```/.exec(read("docs/delivery.md"))![1]!).shop;

describe("the manifests of the example lockbox", () => {
  it("have the fields of the operator's API, and no other", () => {
    const [store, secret] = manifests();

    expect(secretStore.safeParse(store).error).toBeUndefined();
    expect(externalSecret.safeParse(secret).error).toBeUndefined();
    const misspelt = structuredClone(secret);
    misspelt.spec.data[0].remoteRef.propery = "api_key";
    expect(externalSecret.safeParse(misspelt).success).toBe(false);
  });

  it("copy the entry of the delivery, in its current version, into the file that the pod mounts", () => {
    const [store, secret, deployment] = manifests();
    const { entry } = settings().deliverTo.lockbox;
    const { containers, volumes } = deployment.spec.template.spec;

    expect(secret.spec.secretStoreRef.name).toBe(store.metadata.name);
    expect(secret.spec.data).toEqual([{ secretKey: entry, remoteRef: { key: expect.any(String), property: entry } }]);
    expect(volumes).toEqual([{ name: "key", secret: { secretName: secret.spec.target.name } }]);
    expect(containers[0].volumeMounts).toEqual([{ name: "key", mountPath: "/run/secrets/shop", readOnly: true }]);
    expect(read("docs/delivery.md")).toContain(`${containers[0].volumeMounts[0].mountPath}/${entry}`);
    expect(deployment.spec.selector.matchLabels).toEqual(deployment.spec.template.metadata.labels);
  });

  it("follow a rotation within half of the overlap", () => {
    const hours = Number(/^(\d+)h$/.exec(manifests()[1].spec.refreshInterval)?.[1]);

    expect(hours).toBeLessThanOrEqual((settings().rotation.overlapDays * 24) / 2);
  });
});
