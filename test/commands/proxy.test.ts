import { realWorld } from "../../commands/stack/world";
import { startProxy } from "../support/proxy";

describe("a command that signs in", () => {
  it("asks through the proxy of the environment, and not beside it", async () => {
    await using proxy = await startProxy({});
    const before = process.env["https_proxy"];
    try {
      const { fetch } = realWorld({ HTTPS_PROXY: proxy.url });

      await expect(fetch("https://auth.cloud.test/oauth/token", { method: "POST" })).rejects.toThrow(/proxy/);

      expect(proxy.asked).toEqual(["auth.cloud.test:443"]);
      expect(process.env["https_proxy"]).toBe(before ?? proxy.url);
    } finally {
      if (before === undefined) delete process.env["https_proxy"];
    }
  });
});
