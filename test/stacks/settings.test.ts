import { keysAt } from "../../components/rotation";
import { parseSettings } from "../../stacks/settings";

const FILE = "stacks/Pulumi.dev.yaml";
const TODAY = new Date("2026-05-01T10:00:00Z");
const shop = { capabilities: ["textGeneration"] };

const mistakesOf = (values: unknown): string => {
  try {
    parseSettings(values, FILE, TODAY);
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

    expect(parseSettings({ apps }, FILE, TODAY)).toEqual({ apps });
  });

  it("take a day without quotes, which YAML makes a moment of", () => {
    const rotation = { everyDays: 90, overlapDays: 14, anchor: "2026-01-01 00:00:00 +0000 UTC" };

    expect(parseSettings({ apps: { shop: { ...shop, rotation } } }, FILE, TODAY).apps["shop"]!.rotation).toEqual({
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
      parseSettings({ apps: { shop: { ...shop, apiKey: { expiresAt } } } }, FILE, TODAY).apps["shop"]!.apiKey,
    ).toEqual({
      expiresAt: meant,
    });
  });

  it("tell all mistakes at once, each with its place and what to do", () => {
    const apps = {
      shop: {
        capabilites: ["textGeneration"],
        rotation: { everyDays: 90, overlapDays: 100, anchor: "2026-01-01", every: 1 },
      },
      search: { capabilities: ["serach", "telepathy"], waitUntilReady: "yes", apiKey: { expiresAt: "" } },
      "2nd": { capabilities: [], extraRoles: [" ai.editor"] },
    };

    expect(mistakesOf({ apps }).split("\n")).toEqual([
      "stacks/Pulumi.dev.yaml has 11 mistakes:",
      expect.stringMatching(/^ {2}apps\.shop\.capabilities is missing; name what the application needs, of textGen/),
      "  apps.shop.rotation.every is no setting; what may stand here: everyDays, overlapDays, anchor, trigger",
      "  apps.shop.capabilites is no setting; did you mean capabilities?",
      "  apps.search.apiKey.expiresAt is empty; write a value or leave the key out",
      "  apps.search.waitUntilReady must be true or false",
      "  apps.shop.rotation.overlapDays is 100 days, more than everyDays (90); three keys would work at once",
      '  apps.search.capabilities[0] "serach" is no capability; did you mean search?',
      expect.stringMatching(
        /^ {2}apps\.search\.capabilities\[1\] "telepathy" is no capability; there are textGeneration, /,
      ),
      "  apps.2nd is no name for an application; write a letter, then letters, digits and hyphens",
      expect.stringMatching(/^ {2}apps\.2nd\.capabilities names nothing; name what the application needs, of /),
      '  apps.2nd.extraRoles[0] is " ai.editor"; write the name alone, without spaces',
    ]);
  });

  const rotation = { everyDays: 90, overlapDays: 14, anchor: "2026-01-01" };
  it.each([null, "", "  "])("take the trigger %j for no trigger", (trigger) => {
    const read = parseSettings({ apps: { shop: { ...shop, rotation: { ...rotation, trigger } } } }, FILE, TODAY);

    expect(keysAt({ now: TODAY }, read.apps["shop"]!.rotation, [])).toEqual(keysAt({ now: TODAY }, rotation, []));
  });

  it.each([
    [2, "2"],
    [{ date: 1 }, "a map"],
    [["leak"], "a list"],
    [true, "true"],
  ])("refuse the trigger %j, which no new value may be told apart from", (trigger, written) => {
    expect(mistakesOf({ apps: { shop: { ...shop, rotation: { ...rotation, trigger } } } })).toBe(
      `${FILE}: apps.shop.rotation.trigger must be text such as "a laptop was stolen", in quotes, not ${written}`,
    );
  });

  it.each([
    [{}, "stacks/Pulumi.dev.yaml: apps is missing; name each application below it, with its capabilities"],
    [
      { apps: { shop: { ...shop, rotation: { everyDays: 90, anchor: "2026-01-01" } } } },
      "stacks/Pulumi.dev.yaml: apps.shop.rotation.overlapDays is missing; rotation takes everyDays, overlapDays and anchor",
    ],
    [{ apps: [] }, "stacks/Pulumi.dev.yaml: apps must be a map"],
    [{ apps: { shop }, folderID: "b1g" }, "stacks/Pulumi.dev.yaml: folderID is no setting; what may stand here: apps"],
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
