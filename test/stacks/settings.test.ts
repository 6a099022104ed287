import * as pulumi from "@pulumi/pulumi";
import { keysAt } from "../../components/rotation";
import { openSettingsFile } from "../../stacks/settingsFile";
import { parseSettings, readSettings } from "../../stacks/settings";

const FILE = "stacks/Pulumi.dev.yaml";
/** The file, in the order of the values, without a secret. */
const PLAIN = openSettingsFile(FILE, "yandex-ai-access", false, () => "");
const TODAY = new Date("2026-05-01T10:00:00Z");
const shop = { capabilities: ["textGeneration"] };

const mistakesOf = (values: unknown): string => {
  try {
    parseSettings(values, PLAIN, TODAY);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("the settings of a stack", () => {
  it("are the arguments of each application, as they stand", () => {
    const apps = {
      shop: {
        ...shop,
        folderId: "b1gshop",
        serviceAccount: { name: "shop-sa", labels: { team: "web" } },
        rotation: { everyDays: 90, overlapDays: 14, anchor: "2026-01-01", trigger: "2" },
        extraRoles: ["ai.guardrails.user"],
        waitUntilReady: false,
        baseUrl: "https://proxy.example/v1",
        model: "yandexgpt-lite/latest",
      },
      "my-agent": { capabilities: ["responses"], serviceAccount: { existingName: "sa-api" } },
    };

    expect(parseSettings({ apps }, PLAIN, TODAY)).toEqual({ apps });
  });

  it("take a day without quotes, which YAML makes a moment of", () => {
    const rotation = { everyDays: 90, overlapDays: 14, anchor: "2026-01-01 00:00:00 +0000 UTC" };

    expect(parseSettings({ apps: { shop: { ...shop, rotation } } }, PLAIN, TODAY).apps["shop"]!.rotation).toEqual({
      everyDays: 90,
      overlapDays: 14,
      anchor: "2026-01-01",
    });
  });

  it.each([
    ["2027-01-31 00:00:00 +0000 UTC", "2027-01-31T00:00:00Z"],
    ["2027-01-31 12:30:00.5 +0300 +0300", "2027-01-31T12:30:00.5+03:00"],
    ["2027-01-31T00:00:00+03:00", "2027-01-31T00:00:00+03:00"],
  ])("take the moment %s, as YAML makes it of one without quotes", (expiresAt, meant) => {
    expect(
      parseSettings({ apps: { shop: { ...shop, apiKey: { expiresAt } } } }, PLAIN, TODAY).apps["shop"]!.apiKey,
    ).toEqual({
      expiresAt: meant,
    });
  });

  it("tell all mistakes at once, by application, each with its place and what to do", () => {
    const apps = {
      shop: {
        capabilites: ["textGeneration"],
        rotation: { everyDays: "90", overlapDays: 100, anchor: "2026-13-01", every: 1 },
      },
      search: {
        capabilities: ["serach", "telepathy"],
        waitUntilReady: "yes",
        apiKey: { expiresAt: "" },
        folderId: null,
      },
      "2nd": { capabilities: [], extraRoles: [" ai.editor"], serviceAccount: { labels: { team: 5 } } },
    };

    expect(mistakesOf({ app: {}, apps }).split("\n")).toEqual([
      "stacks/Pulumi.dev.yaml has 15 mistakes:",
      "  app is not a known setting; did you mean apps?",
      expect.stringMatching(
        /^ {2}apps\.shop\.capabilities must not be empty; list what the application needs, of textGen/,
      ),
      "  apps.shop.capabilites is not a known argument; did you mean capabilities?",
      '  apps.shop.rotation.everyDays must be a whole number of days from 1 to 3650, not "90"',
      '  apps.shop.rotation.anchor must be a day such as "2026-01-01", not "2026-13-01"',
      expect.stringMatching(
        /^ {2}apps\.shop\.rotation\.every is not a known argument; did you mean everyDays\?|there are/,
      ),
      '  apps.search.capabilities[0] "serach" is not a capability; did you mean search?',
      expect.stringMatching(/^ {2}apps\.search\.capabilities\[1\] "telepathy" is not a capability; there are textGen/),
      '  apps.search.waitUntilReady must be true or false, not "yes"',
      "  apps.search.apiKey.expiresAt is empty; write a value or leave the key out",
      "  apps.search.folderId is empty; write a value or leave the key out",
      "  apps.2nd is not a name for an application; write a letter, then letters, digits and hyphens",
      expect.stringMatching(/^ {2}apps\.2nd\.capabilities must not be empty; list what the application needs, of /),
      '  apps.2nd.extraRoles[0] is " ai.editor"; write the name alone, without spaces',
      "  apps.2nd.serviceAccount.labels.team must be text, not 5",
    ]);
  });

  it.each(["apps", "app"])("name the file where a text stands for %s", (key) => {
    void pulumi.runtime.setMocks({ call: () => ({}), newResource: () => ({ id: "", state: {} }) }, "shop", "dev");
    pulumi.runtime.setAllConfig({ [`shop:${key}`]: "web" });

    expect(readSettings).toThrow(
      /^stacks\/Pulumi\.dev\.yaml.* apps (must be a map|is missing); name each application/s,
    );
  });

  it("tell mistakes in the order of the file, which the engine does not keep", () => {
    const text = "config:\n  shop:apps:\n    web: { waitUntilReady: 1, baseUrl: 2 }\n    blog: { capabilities: 3 }\n";
    const apps = { blog: { capabilities: 3 }, web: { baseUrl: 2, waitUntilReady: 1 } };
    const file = openSettingsFile(FILE, "shop", false, () => text);

    expect(() => parseSettings({ apps }, file, TODAY)).toThrow(
      /apps\.web\.capabilities .*\n.*apps\.web\.waitUntilReady .*\n.*apps\.web\.baseUrl .*\n.*apps\.blog\.capabilities /,
    );
  });

  const rotation = { everyDays: 90, overlapDays: 14, anchor: "2026-01-01" };
  it.each([null, "", "  "])("take the trigger %j for no trigger", (trigger) => {
    const read = parseSettings({ apps: { shop: { ...shop, rotation: { ...rotation, trigger } } } }, PLAIN, TODAY);

    expect(keysAt({ now: TODAY }, read.apps["shop"]!.rotation, [])).toEqual(keysAt({ now: TODAY }, rotation, []));
  });

  it.each([
    [2, "2"],
    [{ date: 1 }, "a map"],
    [["leak"], "a list"],
    [true, "true"],
  ])("refuse the trigger %j, which is the same as another value", (trigger, written) => {
    expect(mistakesOf({ apps: { shop: { ...shop, rotation: { ...rotation, trigger } } } })).toBe(
      `${FILE}: apps.shop.rotation.trigger must be text in quotes, such as "a laptop was stolen", not ${written}`,
    );
  });

  it.each([
    [{}, "stacks/Pulumi.dev.yaml: apps is missing; name each application below it, with its capabilities"],
    [
      { apps: { shop: { ...shop, rotation: { everyDays: 90, anchor: "2026-01-01" } } } },
      "stacks/Pulumi.dev.yaml: apps.shop.rotation.overlapDays is missing; write it like 14",
    ],
    [{ apps: [] }, "stacks/Pulumi.dev.yaml: apps must be a map; name each application below it, with its capabilities"],
    [{ apps: { shop }, folderID: "b1g" }, "stacks/Pulumi.dev.yaml: folderID is not a known setting; there is apps"],
    [{ apps: { shop: null } }, "stacks/Pulumi.dev.yaml: apps.shop must be a map"],
    [
      { apps: { shop: { ...shop, serviceAccount: { id: "aje", name: "shop-sa" } } } },
      "stacks/Pulumi.dev.yaml: apps.shop.serviceAccount either adopts an account by id or existingName, or describes a new one; keep one of them",
    ],
    [
      {
        apps: {
          shop: {
            ...shop,
            apiKey: { expiresAt: "2027-01-01T00:00:00Z" },
            rotation: { everyDays: 90, overlapDays: 14, anchor: "2026-01-01" },
          },
        },
      },
      "stacks/Pulumi.dev.yaml: apps.shop.apiKey.expiresAt cannot be set together with rotation, which gives each key its own expiry; leave one of them out",
    ],
    [
      { apps: { "my-shop": shop, myShop: shop } },
      "stacks/Pulumi.dev.yaml: apps.myShop would export myShopApiKey, as my-shop does; rename one of them",
    ],
    [
      { apps: { shop, "shop-previous": shop } },
      "stacks/Pulumi.dev.yaml: apps.shop-previous would export shopPreviousApiKey, as shop does; rename one of them",
    ],
  ])("refuse %j", (values, sentence) => expect(mistakesOf(values)).toBe(sentence));
});

describe("a secret in the settings of an application", () => {
  const fileWith = (yaml: string) =>
    openSettingsFile(FILE, "shop", true, () => `config:\n  shop:apps:\n    web:\n${yaml}`);
  const web = { capabilities: ["search"], baseUrl: "https://user:hunter2@proxy.example/v1" };

  it("stays secret where the component takes an output", async () => {
    const file = fileWith(
      "      baseUrl: { secure: v1:abc }\n      serviceAccount: { labels: { team: { secure: v1:d } } }",
    );
    const labels = { team: "hunter2" };

    const { apps } = parseSettings({ apps: { web: { ...web, serviceAccount: { labels } } } }, file, TODAY);

    const { baseUrl, serviceAccount } = apps["web"]! as unknown as {
      baseUrl: unknown;
      serviceAccount: { labels: typeof labels };
    };
    for (const value of [baseUrl, serviceAccount.labels.team])
      expect(await pulumi.isSecret(pulumi.output(value))).toBe(true);
  });

  it.each([
    ["      capabilities: [{ secure: v1:abc }]", "apps.web.capabilities[0]"],
    ["      rotation: { trigger: { secure: v1:abc } }", "apps.web.rotation.trigger"],
    ["      model: { secure: v1:abc }", "apps.web.model"],
  ])("is refused by its place where it could not stay one: %s", (yaml, place) => {
    const values = { ...web, capabilities: ["hunter2"], rotation: { trigger: "hunter2" }, model: "hunter2" };
    const refusal = () => parseSettings({ apps: { web: values } }, fileWith(yaml), TODAY);

    expect(refusal).toThrow(`${place} cannot be secret, because the state and the previews show it`);
    if (place.includes("capabilities")) expect(refusal).not.toThrow("hunter2");
  });

  it("is not quoted where it is wrong", () => {
    const file = fileWith("      serviceAccount: { secure: v1:abc }");

    expect(() => parseSettings({ apps: { web: { ...web, serviceAccount: "hunter2" } } }, file, TODAY)).toThrow(
      `${FILE}: apps.web.serviceAccount cannot be secret`,
    );
  });

  it("is refused where the file does not say which value it is", () => {
    expect(() => parseSettings({ apps: { web } }, fileWith("      baseUrl: hunter2"), TODAY)).toThrow(
      `${FILE}: apps holds a secret that the file of the stack does not name`,
    );
  });
});
